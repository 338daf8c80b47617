"""The manager that refuses, the transaction that carries the reach, and the database that holds it."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.utils import DatabaseError

from core.scoping import NATION, Actor, Reach, Unscoped, current_actor, scope
from core.scoping.actor import prefix_end
from stations.models import Region, Station, Worker

pytestmark = pytest.mark.django_db

TIBET, NAIDONG, HAINING = Reach.region("54"), Reach.region("540502"), Reach.region("330481")


def actor(reach: Reach) -> Actor:
    return Actor(reach=reach, role="test")


@pytest.fixture
def two_stations() -> tuple[Station, Station]:
    with scope(Actor.system("fixture: two places")):
        return tuple(
            Station.objects.create(name=name, region_code=code, initials="X")
            for name, code in (("泽当站", "540502001"), ("马桥站", "330481004"))
        )


@pytest.mark.parametrize("prefix", ["5", "54", "540502", "540502001", "9", "659"])
def test_a_prefix_and_its_end_enclose_exactly_the_codes_below(prefix):
    inside, outside = prefix + "9", chr(ord(prefix[0]) - 1)
    assert prefix <= inside < prefix_end(prefix)
    assert not prefix <= outside < prefix_end(prefix)


def test_asking_without_saying_whose_eyes_look_is_refused():
    with scope(Actor.system("test")), pytest.raises(Unscoped):
        list(Station.objects.all())


@pytest.mark.parametrize(
    "act",
    [
        lambda: Station.objects.count(),
        lambda: Station.objects.filter(name="x").exists(),
        lambda: Station.objects.filter(name="x").update(name="y"),
        lambda: Station.objects.filter(name="x").delete(),
        lambda: list(Region.objects.filter(Exists(Station.objects.filter(region_code=OuterRef("code"))))),
        lambda: list(Region.objects.annotate(s=Subquery(Station.objects.values("id")[:1]))),
        lambda: list(Station.objects.unscoped("one half of a union").union(Station.objects.all())),
        lambda: Station.objects.aggregate(n=__import__("django").db.models.Count("id")),
        lambda: list(Station.objects.values_list("id")),
    ],
)
def test_every_way_of_becoming_sql_is_guarded(act):
    with scope(Actor.system("test")), pytest.raises(Unscoped):
        act()


def test_visible_to_refuses_an_actor_whose_reach_the_transaction_does_not_carry():
    with scope(actor(NAIDONG)), pytest.raises(Unscoped):
        Station.objects.visible_to(actor(HAINING))
    with pytest.raises(Unscoped):
        Station.objects.visible_to(actor(NAIDONG))


def test_a_reason_nobody_would_accept_is_refused():
    with scope(Actor.system("test")), pytest.raises(Unscoped):
        Station.objects.unscoped("because")


@pytest.mark.parametrize(("reach", "names"), [(NAIDONG, {"泽当站"}), (TIBET, {"泽当站"}), (HAINING, {"马桥站"})])
def test_a_range_shows_exactly_what_lies_below(two_stations, reach, names):
    who = actor(reach)
    with scope(who):
        seen = set(Station.objects.visible_to(who).filter(name__in=["泽当站", "马桥站"]).values_list("name", flat=True))
    assert seen == names


def test_a_list_shows_exactly_its_stations(two_stations):
    who = actor(Reach.of_stations((two_stations[1].pk,)))
    with scope(who):
        assert [s.name for s in Station.objects.visible_to(who)] == ["马桥站"]


def test_an_empty_list_shows_nothing(two_stations):
    who = actor(Reach.of_stations(()))
    with scope(who):
        assert not Station.objects.visible_to(who).exists()


def test_the_database_alone_holds_when_the_manager_is_bypassed(two_stations):
    with scope(actor(NAIDONG)):
        names = {s.name for s in Station.objects.unscoped("the second lock is under test")}
    assert "泽当站" in names and "马桥站" not in names


def test_the_web_role_itself_may_not_touch_a_scoped_table():
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stations_station")


def test_a_role_without_reach_fails_loudly():
    with pytest.raises(ProgrammingError, match="no reach"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE reach_range")
        cursor.execute("SELECT count(*) FROM stations_station WHERE region_code >= app.lo()")


def test_a_row_cannot_be_written_outside_the_reach():
    with pytest.raises(DatabaseError, match="row-level security"), scope(actor(HAINING)):
        Station.objects.create(name="越界站", region_code="540502001", initials="Y")


def test_a_foreign_parent_and_a_missing_parent_fail_alike(two_stations):
    foreign, missing = two_stations[0].pk, "01890000-0000-7000-8000-000000000000"
    codes = set()
    for station in (foreign, missing):
        with pytest.raises(DatabaseError) as caught, scope(actor(HAINING)):
            Worker.objects.create(
                station_id=station, region_code="330481004", document_type="none", sealed=b"", id_county="330481",
                name_index=0, initials="",
            )  # fmt: skip
        codes.add(caught.value.__cause__.pgcode)
    assert codes == {"23503"}


def test_reach_ends_with_its_block_and_comes_back_after_a_switch(two_stations):
    outer = actor(NAIDONG)
    with scope(outer):
        with scope(Actor.system("hand-over")):
            assert Station.objects.visible_to(current_actor()).filter(name="马桥站").exists()
        assert not Station.objects.visible_to(outer).filter(name="马桥站").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.lo', true), current_user")
        lo, user = cursor.fetchone()
    assert (lo or "", user) == ("", "qianshou_web")


def test_reach_comes_back_after_a_switch_that_failed(two_stations):
    outer = actor(NAIDONG)
    with scope(outer):
        with pytest.raises(ZeroDivisionError), scope(Actor.system("fails")):
            raise ZeroDivisionError
        assert not Station.objects.visible_to(outer).filter(name="马桥站").exists()


def test_a_reading_scope_refuses_to_write_and_lets_go_afterwards(two_stations):
    who = actor(NATION)
    with pytest.raises(DatabaseError, match="read-only"), scope(who, read_only=True):
        Station.objects.visible_to(who).update(name="改")
    with scope(who):
        assert Station.objects.visible_to(who).filter(name="泽当站").update(phone="1") == 1


def test_recoding_a_station_carries_its_rows_along(two_stations):
    with scope(Actor.system("recode")):
        worker = Worker.objects.create(
            station=two_stations[0], region_code="540502001", document_type="none", sealed=b"", id_county="540502",
            name_index=0, initials="",
        )  # fmt: skip
        Station.objects.unscoped("re-coding under test").filter(pk=two_stations[0].pk).update(region_code="540502002")
        moved = Worker.objects.unscoped("re-coding under test").get(pk=worker.pk)
    assert moved.region_code == "540502002"
