"""Rows follow a division that ended: the station is moved, the rest goes along by its key."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.audit.models import AuditEvent
from core.scoping import Actor, scope
from stations.models import Region, Station, Worker
from stations.services.recoding import follow_successors
from stations.services.regions import NewRegion, merge_regions
from tests.personas import ensure_station

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests of re-coding")


@pytest.fixture
def station_with_worker() -> Station:
    station = ensure_station("540502201")
    with scope(SYSTEM):
        Worker.objects.create(
            station=station, region_code="540502201", document_type="none", sealed=b"", id_county="540502",
            name_index=0, initials="",
        )  # fmt: skip
    return station


def codes_of(station: Station) -> tuple[str, str]:
    with scope(SYSTEM):
        return (
            Station.objects.visible_to(SYSTEM).get(pk=station.pk).region_code,
            Worker.objects.visible_to(SYSTEM).get(station=station).region_code,
        )


def merge(on: date) -> None:
    merge_regions(SYSTEM, codes=["540502200", "540502201"], into=NewRegion("540502200", "亚堆乡"), on=on, reason="批复")


def test_station_and_worker_stand_at_the_successor_and_it_is_written_down(station_with_worker):
    merge(date(2024, 7, 1))
    assert follow_successors() == 1
    assert codes_of(station_with_worker) == ("540502200", "540502200")
    event = AuditEvent.objects.get(act="station.recode")
    assert (event.details["before"], event.details["after"]) == ("540502201", "540502200")


def test_a_second_run_moves_nothing(station_with_worker):
    merge(date(2024, 7, 1))
    assert [follow_successors(), follow_successors()] == [1, 0]


def test_a_change_announced_for_later_moves_nothing_yet(station_with_worker):
    merge(timezone.localdate() + timedelta(days=30))
    assert follow_successors() == 0
    assert codes_of(station_with_worker)[0] == "540502201"


def test_a_chain_of_successors_is_followed_to_its_end(station_with_worker):
    merge(date(2024, 7, 1))
    Region.objects.filter(pk="540502200").update(valid_to=date(2025, 1, 1), successor_id="540502202")
    assert follow_successors() == 2
    assert codes_of(station_with_worker) == ("540502202", "540502202")
