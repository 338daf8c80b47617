"""What may happen to stations: each verb, each refusal, each constraint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.audit.models import AuditEvent
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.scoping import Actor, scope
from stations.enums import StationStatus
from stations.models import Organisation, Station, StationOperator, StationStatusChange
from stations.services.stations import (
    ProfileInput,
    StationInput,
    appoint_operator,
    change_station,
    end_operator,
    move_status,
    open_station,
    record_profile,
)
from tests.personas import ensure_station

pytestmark = pytest.mark.django_db
SAID = StationInput(name="昌珠镇社会工作服务站", region_code="540502101", founded_on=date(2022, 6, 1))
CODES = ("52540500MJY00001XQ", "52430100MJJ123450P")


def organisation(number: int = 0) -> Organisation:
    return Organisation.objects.create(
        name=f"某中心{number}（示范）", credit_code=CODES[number], kind="service", region_id="540502"
    )


def unscoped(model):
    return model.objects.unscoped("a test looks everywhere")


def everywhere() -> Actor:
    return Actor.system("a test looks everywhere")


def test_opening_a_station_writes_its_first_step_and_an_audit_row(actor_of):
    station = open_station(actor_of("official.naidong"), said=SAID)
    with scope(everywhere()):
        [step] = unscoped(StationStatusChange).filter(station=station)
        assert (step.status, step.since) == ("preparing", date(2022, 6, 1))
        assert AuditEvent.objects.filter(act="station.open", station_id=station.pk).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "站"}, "name"),
        ({"region_code": "5405"}, "region"),
        ({"region_code": "999999999"}, "region"),
        ({"region_code": "540502001001"}, "region"),
        ({"region_code": "330481004"}, "region"),
        ({"kind": "hall"}, "kind"),
        ({"kind": "room"}, "parent"),
        ({"phone": "123"}, "phone"),
        ({"founded_on": date(2999, 1, 1)}, "founded_on"),
    ],
)
def test_a_wrong_record_is_refused_beside_its_field(actor_of, change, field):
    with pytest.raises(Invalid) as refused:
        open_station(actor_of("official.naidong"), said=replace(SAID, **change))
    assert field in refused.value.fields


def test_a_name_stands_once_in_a_township(actor_of):
    actor = actor_of("official.naidong")
    open_station(actor, said=SAID)
    with pytest.raises(Conflict) as refused:
        open_station(actor, said=SAID)
    assert refused.value.code == "station.name_taken"


def test_a_worker_may_not_open_a_station(actor_of):
    with pytest.raises(Forbidden):
        open_station(actor_of("worker.zedang"), said=SAID)


def test_a_head_opens_a_room_below_the_own_station_but_no_station(actor_of):
    head, station = actor_of("head.zedang"), ensure_station("540502001")
    with pytest.raises(Forbidden):
        open_station(head, said=replace(SAID, region_code="540502001"))
    room = StationInput(name="罗布林卡社区社工室", region_code="540502001001", kind="room", parent_id=station.pk)
    made = open_station(head, said=room)
    assert made.parent_id == station.pk
    after = actor_of("head.zedang")
    with scope(after):
        assert Station.objects.visible_to(after).filter(pk=made.pk).exists()
    foreign = ensure_station("330481004")
    with pytest.raises(Invalid) as refused:
        open_station(head, said=replace(room, name="别处社工室", parent_id=foreign.pk))
    assert "parent" in refused.value.fields


def test_a_point_stands_in_the_township_of_its_station(actor_of):
    actor, station = actor_of("official.naidong"), ensure_station("540502001")
    said = StationInput(name="别处服务点", region_code="540502101", kind="point", parent_id=station.pk)
    with pytest.raises(Invalid) as refused:
        open_station(actor, said=said)
    assert "region" in refused.value.fields


def test_the_database_itself_refuses_a_point_in_another_township():
    station = ensure_station("540502001")
    with pytest.raises(IntegrityError, match="township of its station"), transaction.atomic(), scope(everywhere()):
        Station.objects.create(name="别处服务点", region_code="540502101", kind="point", parent=station, initials="x")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_neighbour_finds_no_station_to_change(actor_of):
    station = ensure_station("330481004")
    for verb in (
        lambda actor: change_station(actor, station_id=station.pk, version=1, said=SAID),
        lambda actor: move_status(actor, station_id=station.pk, version=1, status="closed", since=date(2024, 1, 1)),
        lambda actor: record_profile(
            actor, station_id=station.pk, said=ProfileInput(date(2024, 1, 1), "种子", residents=1)
        ),
    ):
        with pytest.raises(NotFound):
            verb(actor_of("official.naidong"))


def test_a_stale_version_changes_nothing(actor_of):
    actor, station = actor_of("official.naidong"), ensure_station("540502001")
    said = StationInput(name=station.name, region_code="540502001", address="乃东路 1 号")
    change_station(actor, station_id=station.pk, version=station.version, said=said)
    with pytest.raises(Conflict) as refused:
        change_station(actor, station_id=station.pk, version=station.version, said=replace(said, address="别处"))
    assert refused.value.code == "changed_meanwhile"
    with scope(everywhere()):
        assert unscoped(Station).get(pk=station.pk).address == "乃东路 1 号"


def test_moving_a_station_takes_its_dated_rows_along(actor_of):
    actor = actor_of("official.naidong")
    station = open_station(actor, said=SAID)
    moved = change_station(actor, station_id=station.pk, version=1, said=replace(SAID, region_code="540502200"))
    assert moved.region_code == "540502200"
    with scope(everywhere()):
        assert unscoped(StationStatusChange).get(station=station).region_code == "540502200"


def test_states_move_only_as_the_table_allows(actor_of):
    actor = actor_of("official.naidong")
    station = open_station(actor, said=SAID)
    with pytest.raises(Refused) as refused:
        move_status(actor, station_id=station.pk, version=1, status="paused", since=date(2023, 1, 1), reason="停业整顿")
    assert "只能是：运行、撤销" in refused.value.message
    station = move_status(actor, station_id=station.pk, version=1, status="running", since=date(2022, 7, 1))
    with pytest.raises(Invalid):
        move_status(actor, station_id=station.pk, version=2, status="paused", since=date(2022, 6, 1), reason="停业整顿")
    with pytest.raises(Invalid):
        move_status(actor, station_id=station.pk, version=2, status="paused", since=date(2023, 1, 1))
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid):
        move_status(actor, station_id=station.pk, version=2, status="closed", since=tomorrow, reason="区划合并")
    station = move_status(
        actor, station_id=station.pk, version=2, status="closed", since=date(2024, 1, 1), reason="区划合并"
    )
    assert station.status == StationStatus.CLOSED
    with pytest.raises(Refused):
        move_status(actor, station_id=station.pk, version=3, status="running", since=date(2024, 2, 1))


def test_a_profile_stands_once_a_day_with_its_source(actor_of):
    actor, station = actor_of("official.naidong"), ensure_station("540502001")
    said = ProfileInput(date(2021, 6, 15), "种子 002-07", residents=53524, ethnic_groups=25)
    record_profile(actor, station_id=station.pk, said=said)
    for wrong, kind in (
        (said, Conflict),
        (replace(said, as_of=date(2022, 6, 15), source=" "), Invalid),
        (ProfileInput(date(2022, 6, 15), "种子"), Invalid),
        (replace(said, as_of=date(2999, 1, 1)), Invalid),
    ):
        with pytest.raises(kind):
            record_profile(actor, station_id=station.pk, said=wrong)


def test_a_new_operator_ends_the_term_of_the_old_one(actor_of):
    actor, station = actor_of("official.naidong"), ensure_station("540502001")
    first, second = organisation(0), organisation(1)
    appoint = {"actor": actor, "station_id": station.pk, "role": "operator"}
    one = appoint_operator(**appoint, version=1, organisation_id=first.pk, since=date(2021, 6, 15))
    two = appoint_operator(**appoint, version=one.version, organisation_id=second.pk, since=date(2022, 6, 1))
    assert two.operator_id == second.pk
    with scope(everywhere()):
        terms = list(
            unscoped(StationOperator).filter(station=station).order_by("valid_from").values_list("valid_to", flat=True)
        )
    assert terms == [date(2022, 6, 1), None]
    with pytest.raises(Conflict):
        appoint_operator(**appoint, version=two.version, organisation_id=first.pk, since=date(2022, 6, 1))
    with pytest.raises(Conflict):
        appoint_operator(**appoint, version=two.version, organisation_id=first.pk, since=date(2021, 12, 1))


def test_operator_and_supervising_operator_are_two_organisations(actor_of):
    actor, station, one = actor_of("official.naidong"), ensure_station("540502001"), organisation()
    appoint_operator(
        actor, station_id=station.pk, version=1, organisation_id=one.pk, role="operator", since=date(2022, 1, 1)
    )
    with pytest.raises(Refused):
        appoint_operator(
            actor, station_id=station.pk, version=2, organisation_id=one.pk, role="supervising", since=date(2022, 1, 1)
        )


def test_a_head_does_not_choose_the_own_operator(actor_of):
    station, one = ensure_station("540502001"), organisation()
    with pytest.raises(Forbidden):
        appoint_operator(
            actor_of("head.zedang"), station_id=station.pk, version=1, organisation_id=one.pk, role="operator",
            since=date(2022, 1, 1),
        )  # fmt: skip


def test_ending_an_operator_leaves_the_station_without_one(actor_of):
    actor, station, one = actor_of("official.naidong"), ensure_station("540502001"), organisation()
    end = {"actor": actor, "station_id": station.pk, "role": "operator"}
    with pytest.raises(NotFound):
        end_operator(**end, version=1, until=date(2023, 1, 1))
    appoint_operator(
        actor, station_id=station.pk, version=1, organisation_id=one.pk, role="operator", since=date(2022, 1, 1)
    )
    with pytest.raises(Invalid):
        end_operator(**end, version=2, until=date(2021, 1, 1))
    assert end_operator(**end, version=2, until=date(2023, 1, 1)).operator_id is None


def test_the_database_itself_refuses_two_operators_on_one_day():
    station, one, two = ensure_station("540502001"), organisation(0), organisation(1)
    part = {"station_id": station.pk, "region_code": "540502001", "role": "operator"}
    with scope(everywhere()):
        StationOperator.objects.create(**part, organisation=one, valid_from=date(2022, 1, 1), valid_to=date(2023, 1, 1))
        StationOperator.objects.create(**part, organisation=two, valid_from=date(2023, 1, 1))
        with pytest.raises(IntegrityError, match="one_a_role"), transaction.atomic():
            StationOperator.objects.create(**part, organisation=one, valid_from=date(2024, 1, 1))
        with pytest.raises(IntegrityError, match="forward"), transaction.atomic():
            StationOperator.objects.create(
                **{**part, "role": "supervising"},
                organisation=one,
                valid_from=date(2024, 1, 1),
                valid_to=date(2024, 1, 1),
            )


def test_the_database_itself_refuses_a_station_outside_a_township_and_a_point_without_a_parent():
    with scope(everywhere()):
        for wrong, name in (
            ({"region_code": "540502"}, "station_stands_in_a_township"),
            ({"region_code": "540502101", "kind": "point"}, "station_point_has_parent"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Station.objects.create(name="某站", initials="mz", **wrong)
