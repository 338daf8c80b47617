"""Each way of touching the trail is found and named: changed, deleted, inserted, a seal gone, the tail cut off."""

from __future__ import annotations

import shutil
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.utils import DatabaseError

from core import audit
from core.audit import sealing, verifying
from core.audit.models import AuditEvent, AuditPending, AuditSeal
from core.scoping import Actor, scope
from tests.database import clone, drop, pointed_at

COLUMNS = (
    "user_id, membership_id, role, act, reason, channel, subject_kind, subject_keys, region_code, station_id, details"
)


@pytest.fixture
def trail(committed_database, django_db_blocker, settings, tmp_path):
    """A database of this test's own with three seals of four rows, as the job login; the anchor knows the last seal."""
    settings.QIANSHOU_ANCHOR = tmp_path / "anchor"
    name = f"{committed_database}_t"
    with django_db_blocker.unblock():
        clone(name)
        with pointed_at(name, "job"):
            for _ in range(3):
                act(4)
                sealing.seal_pending()
            sealing.anchor_tail()
            yield name
        drop(name)


def act(number: int) -> None:
    with scope(Actor.system("rows for the trail")):
        for index in range(number):
            audit.record(Actor.system("rows for the trail"), "test.act", kind="client", region_code="540502", n=index)


def tamper(name: str, *statements: str) -> None:
    """As the owner with triggers switched off: what a thief with the database's keys can do."""
    with pointed_at(name, "owner"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_auditseal DISABLE TRIGGER USER")
        for table in partitions(cursor):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


def partitions(cursor) -> list[str]:
    cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'core_auditevent'::regclass")
    return [row[0] for row in cursor.fetchall()]


def found() -> list[tuple[str, str]]:
    return [(finding.what, finding.row.split("（")[0]) for finding in verifying.verify()]


def event(place: int = 5) -> str:
    return str(AuditEvent.objects.order_by("at", "id").values_list("id", flat=True)[place])


def test_an_untouched_trail_is_whole(trail):
    act(2)
    assert found() == []
    assert verifying.count_seals() == (3, 12)
    assert AuditPending.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    ["act = 'other'", "user_id = 7", "details = '{\"n\": 99}'", "region_code = '33'", "reason = ''", "channel = 'page'",
     "subject_keys = ARRAY[gen_random_uuid()]", "membership_id = gen_random_uuid()"],
)  # fmt: skip
def test_a_changed_value_is_named(trail, change):
    row = event()
    tamper(trail, f"UPDATE core_auditevent SET {change} WHERE id = '{row}'")
    assert found() == [("changed", row)]


def test_a_changed_time_is_named(trail):
    row = event()
    tamper(trail, f"UPDATE core_auditevent SET at = at - interval '1 year' WHERE id = '{row}'")
    assert found() == [("missing", row)]


def test_a_deleted_row_is_named(trail):
    row = event()
    tamper(trail, f"DELETE FROM core_auditevent WHERE id = '{row}'")
    assert found() == [("missing", row)]


def test_an_inserted_row_is_named(trail):
    row = "01a1fc10-c31a-73ea-9cd1-76f6e690c64b"
    tamper(trail, f"""INSERT INTO core_auditevent (id, at, {COLUMNS})
                      SELECT '{row}', at, {COLUMNS} FROM core_auditevent LIMIT 1""")  # fmt: skip
    assert found() == [("added", row)]


def test_a_second_row_under_a_sealed_id_is_named(trail):
    row = event()
    tamper(
        trail,
        f"""INSERT INTO core_auditevent (id, at, {COLUMNS})
                      SELECT id, at + interval '1 second', {COLUMNS} FROM core_auditevent WHERE id = '{row}'""",
    )
    assert ("added", row) in found()


@pytest.mark.parametrize("place", [0, 1])
def test_a_deleted_seal_is_named_by_the_one_after_it(trail, place):
    seals = list(AuditSeal.objects.order_by("pk").values_list("pk", flat=True))
    tamper(trail, f"DELETE FROM core_auditseal WHERE id = {seals[place]}")
    findings = found()
    assert ("seal", f"封条 {seals[place + 1]}") in findings
    assert sum(what == "added" for what, _ in findings) == 4


def test_a_changed_seal_is_named(trail):
    seal = AuditSeal.objects.order_by("pk")[1].pk
    tamper(trail, f"UPDATE core_auditseal SET at = at - interval '1 day' WHERE id = {seal}")
    assert found() == [("seal", f"封条 {seal}")]


def test_a_tail_cut_off_clean_is_found_by_the_anchor_alone(trail, settings):
    last = AuditSeal.objects.order_by("-pk").first()
    ids = ", ".join(f"'{one}'" for one in last.event_ids)
    tamper(
        trail, f"DELETE FROM core_auditevent WHERE id IN ({ids})", f"DELETE FROM core_auditseal WHERE id = {last.pk}"
    )
    assert found() == [("cut", f"封条 {last.pk}")]
    shutil.rmtree(settings.QIANSHOU_ANCHOR)
    assert found() == []


def test_a_forged_line_in_the_anchor_is_named(trail, settings):
    with next(settings.QIANSHOU_ANCHOR.glob("*.log")).open("a") as out:
        out.write(f"99 {'00' * 32} {'0' * 32} 2026-01-01T00:00:00Z\n")
    assert found() == [("anchor", "锚 99")]


def test_a_row_removed_while_it_waits_is_named_before_and_after_sealing(trail):
    act(1)
    row = str(AuditPending.objects.get().event_id)
    tamper(trail, f"DELETE FROM core_auditevent WHERE id = '{row}'")
    assert found() == [("missing", row)]
    sealing.seal_pending()
    assert found() == [("missing", row)]


def test_a_seal_made_with_another_key_does_not_pass(trail, settings):
    act(1)
    before = settings.QIANSHOU_KEYRING
    settings.QIANSHOU_KEYRING = {**before, "audit": bytes(32)}
    sealing.seal_pending()
    settings.QIANSHOU_KEYRING = before
    assert {what for what, _ in found()} == {"seal", "changed"}


def test_the_command_names_the_row_and_says_so_by_its_exit(trail, capsys):
    call_command("audit_verify")
    assert "发现 0 处问题" in capsys.readouterr().out
    row = event()
    tamper(trail, f"UPDATE core_auditevent SET act = 'other' WHERE id = '{row}'")
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify")
    assert (ended.value.code, row in capsys.readouterr().out) == (1, True)


def test_sealing_again_seals_nothing_and_batches_follow_on(trail):
    assert sealing.seal_pending() == 0
    act(5)
    assert [sealing.seal_pending(2) for _ in range(4)] == [2, 2, 1, 0]
    assert found() == []


def test_the_anchor_is_written_only_when_the_tail_moved(trail):
    assert sealing.anchor_tail() is False
    act(1)
    sealing.seal_pending()
    assert (sealing.anchor_tail(), len(sealing.read_anchors())) == (True, 2)


FORBIDDEN = [
    "DELETE FROM core_auditpending",
    "INSERT INTO core_auditpending VALUES (gen_random_uuid(), now())",
    "INSERT INTO core_auditseal (at, event_ids, event_times, digests, previous, hash)"
    " VALUES (now(), '{}', '{}', '', '', 'x')",
    "DELETE FROM core_auditseal",
    "UPDATE core_auditevent SET act = 'x'",
    "DELETE FROM core_auditevent",
]


def test_a_web_request_can_neither_seal_nor_unseal(trail):
    with pointed_at(trail, "web"), connection.cursor() as cursor:
        for role in ("none", "reach_range", "reach_list"):
            cursor.execute(f"SET ROLE {role}")
            for statement in FORBIDDEN:
                with pytest.raises(DatabaseError, match="permission denied"):
                    cursor.execute(statement)


def test_two_sealers_at_once_cover_each_row_once(trail):
    act(40)
    gate = threading.Barrier(3)

    def seal():
        gate.wait()
        sealing.seal_all(7)
        connection.close()

    sealers = [threading.Thread(target=seal) for _ in range(3)]
    for one in sealers:
        one.start()
    for one in sealers:
        one.join()
    assert verifying.count_seals()[1] == 52
    assert found() == []
