"""Real commits: the same person registered from eight sides at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from cases.models import Client
from cases.services import ClientChange, register_client, update_client
from core.errors import Conflict
from core.scoping import Actor, scope
from tests.cases.conftest import make_place, person

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def at_once(eight, work):
    barrier = Barrier(len(eight))

    def one(what):
        barrier.wait()
        try:
            return work(what)
        except Conflict as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(eight)) as pool:
        return list(pool.map(one, eight))


def test_one_number_registered_eight_ways_at_once_is_registered_once():
    places = [make_place("540502001", f"泽当{n}站") for n in range(4)]
    results = at_once(
        [places[n % 4] for n in range(8)],
        lambda place: register_client(place.actor("worker"), station_id=place.station.pk, said=person()),
    )
    assert sum(isinstance(result, Client) for result in results) == 1
    assert {r for r in results if isinstance(r, str)} <= {"id_number_registered", "id_number_not_accepted"}
    with scope(system := Actor.system("count after the race")):
        assert Client.objects.visible_to(system).filter(region_code="540502001").count() == 1


def test_one_version_changed_eight_ways_at_once_is_changed_once():
    place = make_place("330481004", "马桥赛跑站")
    client = register_client(place.actor("worker"), station_id=place.station.pk, said=person())
    results = at_once(
        range(8),
        lambda n: update_client(
            place.actor("worker"), change=ClientChange(client.pk, 1, {"community": f"第{n}社区"}, "更正")
        ),
    )
    assert sum(isinstance(result, Client) for result in results) == 1
    assert results.count("changed_meanwhile") == 7


def test_numbers_of_files_taken_at_once_are_all_different():
    place = make_place("330481004", "编号站")
    facts = {"id_number": "", "document_type": "none", "no_document_reason": "赛跑用例"}
    results = at_once(
        range(8),
        lambda n: register_client(
            place.actor("worker"),
            station_id=place.station.pk,
            said=person(**facts, name=f"路人{n}", birth_date=date(1950 + n, 1, 1)),
        ),
    )
    assert len({client.number for client in results}) == 8
