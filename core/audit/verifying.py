"""Checking the trail against its seals and the seals against the anchor: says which row was touched, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from core.audit.models import AuditSeal
from core.audit.sealing import BEGINNING, DIGEST_BYTES, digest, events_by_id, read_anchors, seal_hash

STILL = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
ADDED = """
SELECT e.id, e.at FROM core_auditevent e
LEFT JOIN (SELECT unnest(event_ids) AS id FROM core_auditseal) sealed ON sealed.id = e.id
LEFT JOIN core_auditpending waiting ON waiting.event_id = e.id
WHERE sealed.id IS NULL AND waiting.event_id IS NULL ORDER BY e.at, e.id
"""
VANISHED = """
SELECT w.event_id, w.at FROM core_auditpending w LEFT JOIN core_auditevent e ON e.id = w.event_id AND e.at = w.at
WHERE e.id IS NULL ORDER BY w.at, w.event_id
"""
TWICE = "SELECT id, min(at) FROM core_auditevent GROUP BY id HAVING count(*) > 1 ORDER BY 2"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed. what: changed, missing, added, seal, cut, anchor."""

    what: str
    row: str
    says: str


def verify() -> Iterator[Finding]:
    """Everything wrong with the trail, in one unmoving view of it; nothing when all is well.

    Rows still waiting for their seal can only be checked for having vanished; keep the sealing interval short.
    """
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute(STILL)
        yield from _seals()
        yield from _rows(ADDED, "added", "不在任何封条之内，也不在待封存之列：绕过系统写入")
        yield from _rows(VANISHED, "missing", "封存之前被删除")
        yield from _rows(TWICE, "added", "同一编号出现两次")
        yield from _anchors()


def count_seals() -> tuple[int, int]:
    """Seals and the rows they cover."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(sum(cardinality(event_ids)), 0) FROM core_auditseal")
        seals, rows = cursor.fetchone()
    return seals, int(rows)


def _seals() -> Iterator[Finding]:
    previous, before = BEGINNING, "起点"
    for seal in AuditSeal.objects.order_by("pk").iterator(chunk_size=20):
        if bytes(seal.previous) != previous:
            yield Finding("seal", f"封条 {seal.pk}", f"与前一封条（{before}）不相接：其间有封条被删除、插入或改动")
        if bytes(seal.hash) != seal_hash(seal):
            yield Finding("seal", f"封条 {seal.pk}", "封条本身被改动")
        yield from _rows_under(seal)
        previous, before = bytes(seal.hash), str(seal.pk)


def _rows_under(seal: AuditSeal) -> Iterator[Finding]:
    found = events_by_id(seal.event_ids, seal.event_times)
    digests = bytes(seal.digests)
    for place, (event_id, at) in enumerate(zip(seal.event_ids, seal.event_times, strict=True)):
        name = f"{event_id}（{at:%Y-%m-%d %H:%M:%S}）"
        row = found.get(event_id)
        if row is None:
            yield Finding("missing", name, f"封条 {seal.pk} 之下的记录不见了（被删除，或时间被改动）")
        elif digest(row) != digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]:
            yield Finding("changed", name, f"与封条 {seal.pk} 中的摘要不符：内容被改动")


def _rows(statement: str, what: str, says: str) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for event_id, at in cursor.fetchall():
            yield Finding(what, f"{event_id}（{at:%Y-%m-%d %H:%M:%S}）", says)


def _anchors() -> Iterator[Finding]:
    anchors = read_anchors()
    hashes = dict(AuditSeal.objects.filter(pk__in=[number for number, _, _ in anchors]).values_list("pk", "hash"))
    for number, seal, is_genuine in anchors:
        if not is_genuine:
            yield Finding("anchor", f"锚 {number}", "锚文件的这一行不是系统写的")
        elif number not in hashes:
            yield Finding("cut", f"封条 {number}", "库外锚点记着它，库中没有：审计链的尾部被截去")
        elif bytes(hashes[number]).hex() != seal:
            yield Finding("cut", f"封条 {number}", "与库外锚点不符：这一封条之前的链被重写")
