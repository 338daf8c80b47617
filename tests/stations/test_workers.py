"""The roster: each verb, each refusal, sets of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from core.audit.models import AuditEvent
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.identifiers.resident_id import expected_check
from core.scoping import Actor, scope
from stations.models import Station, Worker
from stations.services.checking import WorkerInput, check_worker
from stations.services.workers import (
    WorkerChange,
    check_workers,
    open_before,
    register_worker,
    register_workers,
    reveal_worker,
    transfer_worker,
    update_workers,
    withdraw_workers,
)
from tests.personas import ensure_station

pytestmark = pytest.mark.django_db
TODAY = date(2024, 6, 1)
SAID = WorkerInput(name="央金", id_number="540599195703140016", phone="13800000000", address="乃东路 1 号")


def number(serial: int) -> str:
    digits = f"5405991990{serial // 900 % 12 + 1:02}01{serial % 900 + 100:03}"
    return digits + expected_check(digits)


def everywhere() -> Actor:
    return Actor.system("a test looks everywhere")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"document_type": "none"}, "document_type"),
        ({"id_number": 540599195703140016}, "id_number"),
        ({"id_number": "540599195703140017"}, "id_number"),
        ({"sex": "2"}, "sex"),
        ({"birth_date": date(1957, 3, 15)}, "birth_date"),
        ({"id_number": "540599201409220128"}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"certificate": "doctor"}, "certificate"),
        ({"certificate_number": "A1"}, "certificate"),
        ({"employment": "left"}, "left_on"),
        ({"left_on": date(2024, 1, 1)}, "left_on"),
        ({"employment": "left", "started_on": date(2024, 2, 1), "left_on": date(2024, 1, 1)}, "left_on"),
        ({"started_on": date(2999, 1, 1)}, "started_on"),
    ],
)
def test_a_wrong_row_says_which_field(change, field):
    checked = check_worker(replace(SAID, **change), row=0, today=TODAY)
    assert field in {problem.field for problem in checked.problems}


def test_a_disagreement_with_the_number_needs_a_reason():
    said = replace(SAID, birth_date=date(1957, 3, 15), mismatch_reason="户口簿登记有误")
    assert check_worker(said, row=0, today=TODAY).problems == []


def test_a_set_is_written_but_for_its_bad_rows(actor_of):
    station = ensure_station("540502001")
    rows = [replace(SAID, id_number=number(n), name=f"社工{n}") for n in range(50)]
    rows[7] = replace(rows[7], name="")
    rows[9] = replace(rows[9], id_number=number(3))
    rows[11] = replace(rows[11], organisation_id=uuid4())
    outcomes = register_workers(actor_of("head.zedang"), station_id=station.pk, rows=rows)
    refused = {outcome.row: outcome.problems[0].code for outcome in outcomes if not outcome.done}
    assert refused == {7: "name.missing", 9: "id_number_twice", 11: "organisation.unknown"}
    with scope(everywhere()):
        assert Worker.objects.unscoped("a test counts").filter(station=station).count() == 47
        assert AuditEvent.objects.get(act="worker.register").details["count"] == 47


def test_nothing_personal_stands_in_the_clear(actor_of):
    station = ensure_station("540502001")
    register_worker(actor_of("head.zedang"), station_id=station.pk, said=SAID)
    with scope(everywhere()), connection.cursor() as cursor:
        cursor.execute("SELECT stations_worker::text FROM stations_worker")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(core_auditevent::text, ' ') FROM core_auditevent")
        trail = cursor.fetchone()[0]
    for value in ("央金", "540599195703140016", "13800000000", "乃东路"):
        assert value not in row and value not in trail


def test_a_number_within_reach_is_named_and_one_beyond_reach_is_not(actor_of):
    here, next_door = ensure_station("540502001"), ensure_station("540502101")
    official = actor_of("official.naidong")
    register_worker(official, station_id=next_door.pk, said=SAID)
    with pytest.raises(Conflict) as known:
        register_worker(official, station_id=here.pk, said=SAID)
    assert next_door.name in known.value.message
    with pytest.raises(Conflict) as neutral:
        register_worker(actor_of("head.zedang"), station_id=here.pk, said=SAID)
    assert neutral.value.code == "id_number_not_accepted" and next_door.name not in neutral.value.message


def test_a_check_writes_nothing(actor_of):
    head, station = actor_of("head.zedang"), ensure_station("540502001")
    with scope(head):
        [outcome] = check_workers(head, station_id=station.pk, rows=[SAID])
        assert not outcome.problems and not Worker.objects.visible_to(head).exists()


def test_registering_asks_for_permission_reach_and_an_open_station(actor_of):
    station, foreign = ensure_station("540502001"), ensure_station("330481004")
    with pytest.raises(Forbidden):
        register_worker(actor_of("worker.zedang"), station_id=station.pk, said=SAID)
    with pytest.raises(NotFound):
        register_worker(actor_of("head.zedang"), station_id=foreign.pk, said=SAID)
    with scope(everywhere()):
        Station.objects.unscoped("a test closes it").filter(pk=station.pk).update(status="closed")
    with pytest.raises(Refused):
        register_worker(actor_of("head.zedang"), station_id=station.pk, said=SAID)


def test_an_update_keeps_what_stood_there_sealed_and_goes_back_with_it(actor_of):
    head, station = actor_of("head.zedang"), ensure_station("540502001")
    worker = register_worker(head, station_id=station.pk, said=SAID)
    change = WorkerChange(worker.pk, 1, {"phone": "13911111111", "started_on": date(2023, 1, 3)})
    [outcome] = update_workers(head, changes=[change])
    assert (outcome.version, outcome.changed) == (2, ("phone", "started_on"))
    assert b"13800000000" not in (outcome.before or b"")
    with scope(head):
        worker = Worker.objects.visible_to(head).get(pk=worker.pk)
        assert worker.particulars().phone == "13911111111"
        before = open_before(worker, outcome.before or b"")
    [back] = update_workers(head, changes=[WorkerChange(worker.pk, 2, before)])
    with scope(head):
        worker = Worker.objects.visible_to(head).get(pk=worker.pk)
        assert back.version == 3 and worker.particulars().phone == "13800000000" and worker.started_on is None


def test_an_update_that_changes_nothing_writes_nothing(actor_of):
    head, station = actor_of("head.zedang"), ensure_station("540502001")
    worker = register_worker(head, station_id=station.pk, said=SAID)
    [outcome] = update_workers(head, changes=[WorkerChange(worker.pk, 1, {"phone": "138-0000-0000"})])
    assert (outcome.changed, outcome.version) == ((), 1)


def test_each_row_of_an_update_says_why_it_was_not_written(actor_of):
    head, station, foreign = actor_of("head.zedang"), ensure_station("540502001"), ensure_station("330481004")
    worker = register_worker(head, station_id=station.pk, said=SAID)
    other = register_worker(head, station_id=station.pk, said=replace(SAID, id_number=number(1), name="次仁"))
    hidden = register_worker(actor_of("head.maqiao"), station_id=foreign.pk, said=replace(SAID, name="沈小燕"))
    outcomes = update_workers(
        head,
        changes=[
            WorkerChange(hidden.pk, 1, {"post": "站长"}),
            WorkerChange(worker.pk, 5, {"post": "站长"}),
            WorkerChange(other.pk, 1, {"id_number": SAID.id_number}),
            WorkerChange(other.pk, 1, {"user_id": 1}),
            WorkerChange(other.pk, 1, {"phone": "1"}),
        ],
    )
    codes = [outcome.problems[0].code for outcome in outcomes]
    assert codes == ["not_found", "changed_meanwhile", "id_number_not_accepted", "field.unknown", "phone.shape"]


def test_a_withdrawn_number_is_free_again_and_a_touched_row_is_left_alone(actor_of):
    head, station = actor_of("head.zedang"), ensure_station("540502001")
    worker = register_worker(head, station_id=station.pk, said=SAID)
    with pytest.raises(Refused):
        withdraw_workers(head, seen=[(worker.pk, 1)], reason="")
    assert withdraw_workers(head, seen=[(worker.pk, 9)], reason="撤销导入") == set()
    assert withdraw_workers(head, seen=[(worker.pk, 1)], reason="撤销导入") == {worker.pk}
    assert register_worker(head, station_id=station.pk, said=SAID).pk != worker.pk


def test_a_transfer_stays_within_reach(actor_of):
    here, next_door, foreign = (ensure_station(code) for code in ("540502001", "540502101", "330481004"))
    official = actor_of("official.naidong")
    worker = register_worker(official, station_id=here.pk, said=SAID)
    moved = transfer_worker(official, worker_id=worker.pk, version=1, station_id=next_door.pk)
    assert (moved.station_id, moved.region_code) == (next_door.pk, "540502101")
    with pytest.raises(NotFound):
        transfer_worker(official, worker_id=worker.pk, version=2, station_id=foreign.pk)
    with pytest.raises(Conflict):
        transfer_worker(official, worker_id=worker.pk, version=1, station_id=here.pk)


def test_revealing_writes_the_reason_or_nothing(actor_of):
    head, station = actor_of("head.zedang"), ensure_station("540502001")
    worker = register_worker(head, station_id=station.pk, said=SAID)
    assert reveal_worker(head, worker_id=worker.pk, field="id_number", reason="核对劳动合同") == SAID.id_number
    with scope(everywhere()):
        assert AuditEvent.objects.get(act="worker.reveal").reason == "核对劳动合同"
    with pytest.raises(Refused):
        reveal_worker(head, worker_id=worker.pk, field="id_number", reason=" ")
    with pytest.raises(Invalid):
        reveal_worker(head, worker_id=worker.pk, field="sealed", reason="核对劳动合同")
    with pytest.raises(Forbidden):
        reveal_worker(actor_of("worker.zedang"), worker_id=worker.pk, field="id_number", reason="核对劳动合同")
