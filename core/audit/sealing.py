"""Sealing the trail: batches of rows, a keyed digest for each row, each seal chained to the one before (ADR 0005).

Runs as the job login itself, outside every reach: the roles a request can take may neither seal nor touch what waits.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.audit.models import AuditEvent, AuditSeal

DIGEST_BYTES = 32
BEGINNING = bytes(DIGEST_BYTES)
BATCH = 5000
ONE_SEALER = "SELECT pg_advisory_xact_lock(hashtextextended('core.audit.seal', 0))"
TAKE = """
DELETE FROM core_auditpending WHERE event_id IN (SELECT event_id FROM core_auditpending ORDER BY at, event_id LIMIT %s)
RETURNING event_id, at
"""
# What a digest covers, in this order. A column added later joins a new version; old rows keep the version they had.
VERSION = "1"
COVERED = (
    "id", "at", "user_id", "membership_id", "role", "act", "reason", "channel", "subject_kind", "subject_keys",
    "region_code", "station_id", "details",
)  # fmt: skip


def seal_all(limit: int = BATCH) -> int:
    """Seal everything that waits, batch by batch; returns how many rows were sealed."""
    total = 0
    while sealed := seal_pending(limit):
        total += sealed
        if sealed < limit:
            break
    return total


def seal_pending(limit: int = BATCH) -> int:
    """Seal up to `limit` waiting rows under one new seal; returns how many. Two sealers take turns."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_SEALER)
            cursor.execute(TAKE, [limit])
            waiting = cursor.fetchall()
        if not waiting:
            return 0
        waiting.sort(key=lambda row: (row[1], row[0]))
        ids, times = [row[0] for row in waiting], [row[1] for row in waiting]
        found = events_by_id(ids, times)
        # A row that vanished while it waited is sealed as missing: verification names it for ever.
        digests = b"".join(digest(found[event_id]) if event_id in found else BEGINNING for event_id in ids)
        last = AuditSeal.objects.order_by("-pk").first()
        seal = AuditSeal(
            at=timezone.now(),
            event_ids=ids,
            event_times=times,
            digests=digests,
            previous=bytes(last.hash) if last else BEGINNING,
        )
        seal.hash = seal_hash(seal)
        seal.save(force_insert=True)
        return len(ids)


def events_by_id(ids: Sequence[UUID], times: Sequence[datetime]) -> dict[UUID, dict[str, Any]]:
    """The rows of the trail with these ids, by id; the times let PostgreSQL look into the right months only."""
    rows = AuditEvent.objects.filter(at__gte=min(times), at__lte=max(times), id__in=list(ids)).values(*COVERED)
    return {row["id"]: row for row in rows}


def digest(row: dict[str, Any]) -> bytes:
    """The keyed digest of one row: whoever changes the row cannot make it without the key."""
    text = json.dumps([VERSION, *(_plain(row[name]) for name in COVERED)], ensure_ascii=False, sort_keys=True,
                      separators=(",", ":"))  # fmt: skip
    return hmac.digest(_key("row"), text.encode(), "sha256")


def seal_hash(seal: AuditSeal) -> bytes:
    """What ties a seal to its rows, its time and the seal before."""
    parts: Iterable[str | bytes] = (
        bytes(seal.previous),
        _plain(seal.at),
        ",".join(map(str, seal.event_ids)),
        ",".join(map(_plain, seal.event_times)),
        bytes(seal.digests),
    )
    keyed = hmac.new(_key("seal"), digestmod="sha256")
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        keyed.update(len(data).to_bytes(8, "big") + data)
    return keyed.digest()


def anchor_folder() -> Path:
    """Where the chain's tail is written, outside the database: in production, where the database host can't write."""
    given = getattr(settings, "QIANSHOU_ANCHOR", None)
    return Path(given) if given else Path(settings.DATA).parent / "audit-anchor"


def anchor_tail() -> bool:
    """Write the newest seal's number and hash to the anchor, if it is not there yet; returns whether it wrote."""
    last = AuditSeal.objects.order_by("-pk").values_list("pk", "hash").first()
    if last is None:
        return False
    number, seal = last[0], bytes(last[1]).hex()
    known = read_anchors()
    if known and known[-1][0] >= number:
        return False
    folder = anchor_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{timezone.localdate():%Y%m}.log").open("a") as out:
        out.write(f"{number} {seal} {_anchor_mark(number, seal)} {timezone.now():%Y-%m-%dT%H:%M:%SZ}\n")
        out.flush()
    return True


def read_anchors() -> list[tuple[int, str, bool]]:
    """(number, hash, is genuine) of each line of the anchor, oldest first."""
    lines = [line.split() for path in sorted(anchor_folder().glob("*.log")) for line in path.read_text().splitlines()]
    anchors = []
    for parts in lines:
        if len(parts) >= 3 and parts[0].isdigit():
            number, seal, mark = int(parts[0]), parts[1], parts[2]
            anchors.append((number, seal, hmac.compare_digest(mark, _anchor_mark(number, seal))))
    return anchors


def _anchor_mark(number: int, seal: str) -> str:
    return hmac.digest(_key("anchor"), f"{number} {seal}".encode(), "sha256").hex()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _key(purpose: str) -> bytes:
    return _derived(settings.QIANSHOU_KEYRING["audit"], purpose)


@lru_cache(maxsize=16)
def _derived(key: bytes, purpose: str) -> bytes:
    """The audit key cut for one purpose, so that no digest of one kind passes for another."""
    return hmac.digest(key, b"qianshou/audit/" + purpose.encode(), "sha256")
