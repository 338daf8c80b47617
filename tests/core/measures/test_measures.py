"""Counting: worked numbers, one statement a run, values that stay, sums that agree at every level."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotFound
from core.measures import known, queries, services
from core.measures.compiling import compute_statement, source_select
from core.measures.known import Measure
from core.measures.models import MeasureRow, MeasureRun, RegionDelta, RegionSum
from core.measures.operations import TrackSums
from core.registries import Registry
from core.scoping import NATION, Actor, Reach, scope
from stations.models import Station, Worker
from tests.database import pointed_at

NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 12, 1))
READS = frozenset({"measure.read"})
NATIONAL = Actor(reach=NATION, role="test", permissions=READS)
STAFF = Measure("staff.all", "社工", "人", "stations_worker", additive=True,
                drill=lambda actor, region, start, end: f"/workers/?region={region}")  # fmt: skip
NEW = Measure("staff.new", "新到岗社工", "人", "stations_worker",
              filter="id_county = '540502' AND %(start)s <= %(end)s")  # fmt: skip
PROFILES = Measure("profile.residents", "常住人口", "人", "stations_stationprofile", expression="max(residents)",
                   filter="as_of >= %(start)s AND as_of < %(end)s")  # fmt: skip


@pytest.fixture
def declared(monkeypatch):
    monkeypatch.setattr(known, "measures", Registry("measure"))
    monkeypatch.setattr(known, "subjects", Registry("subject"))
    for module in (queries, services):
        for name in ("measures", "subjects"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(known, name))
    known.register_subject("station", "stations_station")
    for measure in (STAFF, NEW, PROFILES):
        known.register_measure(measure)


def station(name: str, code: str) -> Station:
    return Station.objects.create(name=name, region_code=code, initials="x")


def worker(place: Station) -> Worker:
    return Worker.objects.create(
        station=place, region_code=place.region_code, document_type="none", sealed=b"", id_county=place.region_code[:6],
        name_index=0, initials="",
    )  # fmt: skip


@pytest.fixture
def field(db, declared):
    """泽当: two workers and 8,000 residents in November; 马桥: one worker; 空站: nothing."""
    with scope(Actor.system("places of the test")):
        zedang, maqiao, empty = (
            station("泽当站", "540502001"),
            station("马桥站", "330481004"),
            station("空站", "540502002"),
        )
        for place in (zedang, zedang, maqiao):
            worker(place)
        from stations.models import StationProfile

        for as_of, residents in ((dt.date(2026, 11, 5), 8000), (dt.date(2026, 10, 5), 9000)):
            StationProfile.objects.create(
                station=zedang, region_code=zedang.region_code, as_of=as_of, residents=residents, source="示范"
            )
    return zedang, maqiao, empty


def numbers(actor: Actor, code: str, field) -> dict[str, Decimal]:
    names = {place.pk: place.name for place in field}
    return {names[v.subject_id]: v.value for v in queries.values(actor, code, NOVEMBER) if v.subject_id in names}


@pytest.mark.django_db
def test_each_station_gets_its_numbers_and_nothing_counts_as_zero(field):
    services.compute_run("station", *NOVEMBER)
    assert numbers(NATIONAL, "staff.all", field) == {"泽当站": 2, "马桥站": 1, "空站": 0}
    assert numbers(NATIONAL, "staff.new", field) == {"泽当站": 2, "马桥站": 0, "空站": 0}
    assert numbers(NATIONAL, "profile.residents", field) == {"泽当站": 8000, "马桥站": 0, "空站": 0}


@pytest.mark.django_db
def test_measures_of_one_table_share_one_select_and_a_run_is_one_statement(field):
    text = compute_statement(known.subjects["station"], known.measures_of("station"))
    assert text.count("FROM stations_worker") == 1 and text.count("FILTER") == 3
    with CaptureQueriesContext(
        connection,
    ) as seen:
        services.compute_run("station", *NOVEMBER)
    assert sum("stations_worker" in query["sql"] for query in seen) == 1


def test_measures_of_two_tables_do_not_share_a_select():
    with pytest.raises(ValueError, match="share"):
        source_select([STAFF, PROFILES])


@pytest.mark.parametrize("filter", ["x LIKE '5%'", "x = %s", "x = %(other)s"])
def test_a_measure_with_unknown_parameters_is_refused_when_declared(declared, filter):
    with pytest.raises(ValueError, match="only"):
        known.register_measure(Measure("bad", "", "", "t", filter=filter))


@pytest.mark.django_db
def test_values_are_those_within_reach(field):
    services.compute_run("station", *NOVEMBER)
    tibet = Actor(reach=Reach.region("54"), role="test", permissions=READS)
    one = Actor(reach=Reach.of_stations((field[1].pk,)), role="test", permissions=READS)
    assert set(numbers(tibet, "staff.all", field)) == {"泽当站", "空站"}
    assert numbers(one, "staff.all", field) == {"马桥站": 1}


@pytest.mark.django_db
def test_a_later_run_leaves_the_earlier_one_as_it_was_known_then(field):
    first = services.compute_run("station", *NOVEMBER)
    with scope(Actor.system("one more")):
        worker(field[0])
    services.compute_run("station", *NOVEMBER)
    assert numbers(NATIONAL, "staff.all", field)["泽当站"] == 3
    then = queries.values(NATIONAL, "staff.all", NOVEMBER, run=first)
    assert {v.subject_id: v.value for v in then}[field[0].pk] == 2


@pytest.mark.django_db
def test_the_view_unfolds_the_row(field):
    run = services.compute_run("station", *NOVEMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, value FROM core_measure_value WHERE run_id = %s AND subject_id = %s ORDER BY code",
                       [run.pk, field[0].pk])  # fmt: skip
        assert cursor.fetchall() == [("profile.residents", 8000), ("staff.all", 2), ("staff.new", 2)]


@pytest.mark.django_db
def test_a_stored_value_is_neither_changed_nor_dropped_while_recent(field):
    services.compute_run("station", *NOVEMBER)
    for statement in ("UPDATE core_measurerow SET region_code = '1'", "DELETE FROM core_measurerow"):
        refused = pytest.raises(DatabaseError, match=r"append-only|permission denied|recent")
        with refused, scope(Actor.system("harm the values")), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
def test_runs_replaced_long_ago_are_dropped_unless_cited_or_the_last(field):
    old, cited, replaced_lately, newest = (services.compute_run("station", *NOVEMBER) for _ in range(4))
    long_ago = dt.timedelta(days=36)
    with scope(Actor.system("age the runs")):
        for run in (old, cited):
            MeasureRun.objects.filter(pk=run.pk).update(started_at=run.started_at - long_ago)
        services.cite_run(cited.pk)
    assert services.drop_old_runs() == 1
    assert set(MeasureRun.objects.values_list("pk", flat=True)) == {cited.pk, replaced_lately.pk, newest.pk}
    assert not MeasureRow.objects.filter(run_id=old.pk).exists()
    assert MeasureRow.objects.filter(run_id=cited.pk).exists()


@pytest.mark.django_db
def test_a_number_opens_the_list_behind_it(declared):
    assert queries.drill(NATIONAL, "staff.all", "54", NOVEMBER) == "/workers/?region=54"
    assert queries.drill(NATIONAL, "staff.new", "54", NOVEMBER) == ""


MONTH = dt.date(2026, 11, 1)
LEVELS = (0, 2, 4, 6, 9, 12)


def delta(code: str, amount: int, month: dt.date = MONTH) -> None:
    RegionDelta.objects.create(region_code=code, month=month, measure="staff.all", amount=amount)


def total(code: str, actor: Actor = NATIONAL) -> Decimal:
    return queries.region_sums(actor, "staff.all", code, NOVEMBER).get(MONTH, Decimal(0))


@pytest.mark.django_db
def test_a_sum_is_read_alike_before_between_and_after_folding(declared):
    delta("540502001", 3), delta("540502002", 4), delta("330481004", 5)
    asked = ("", "54", "5405", "540502", "540502001", "33", "11")
    expected = [12, 7, 7, 7, 3, 5, 0]
    assert [total(code) for code in asked] == expected
    assert services.fold_deltas(limit=2) == 2
    assert [total(code) for code in asked] == expected
    assert services.fold_deltas() == 1
    assert [total(code) for code in asked] == expected
    assert not RegionDelta.objects.exists()
    delta("540502001", -3)
    assert (total("540502"), total("")) == (4, 9)


@pytest.mark.django_db
def test_a_sum_outside_the_range_is_not_found(declared):
    tibet = Actor(reach=Reach.region("54"), role="test", permissions=READS)
    assert total("5405", tibet) == 0
    for code in ("33", ""):
        with pytest.raises(NotFound):
            total(code, tibet)


codes = st.sampled_from(
    ["11", "1101", "110101", "110101001", "110101002", "110101002005", "54", "540502001", "540502003"]
)
changes = st.lists(st.tuples(codes, st.integers(-50, 50)), max_size=20)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(folded=changes, waiting=changes)
def test_the_leaves_add_up_to_every_level_whatever_was_folded(declared, folded, waiting):
    with transaction.atomic():
        for code, amount in folded:
            delta(code, amount)
        services.fold_deltas()
        for code, amount in waiting:
            delta(code, amount)
        everything = folded + waiting
        for prefix in {code[:level] for code, _ in everything for level in LEVELS if level <= len(code)} | {""}:
            assert total(prefix) == sum(amount for code, amount in everything if code.startswith(prefix)), prefix
        transaction.set_rollback(True)
    with transaction.atomic():
        assert not RegionSum.objects.exists()


@pytest.fixture
def tracked(committed_database, django_db_blocker, declared):
    """Workers counted per month of arrival by the migration step, in a database of its own."""
    step = TrackSums("stations_worker", "staff.all", when="created_at AT TIME ZONE 'Asia/Shanghai'",
                     condition="sex <> 'x'")  # fmt: skip
    with django_db_blocker.unblock():
        with pointed_at(committed_database, "owner"), connection.schema_editor() as editor:
            step.database_forwards("stations", editor, None, None)
        yield
        with pointed_at(committed_database, "owner"), connection.schema_editor() as editor:
            step.database_backwards("stations", editor, None, None)


def this_month(code: str) -> Decimal:
    from django.utils import timezone

    start = timezone.localdate().replace(day=1)
    return queries.region_sums(NATIONAL, "staff.all", code, (start, services.next_month(start))).get(start, Decimal(0))


def test_every_write_to_the_source_moves_the_sums(tracked):
    with scope(Actor.system("tracked writes")):
        zedang, maqiao = station("泽当站", "540502001"), station("马桥站", "330481004")
        workers = [worker(zedang) for _ in range(3)] + [worker(maqiao)]
    assert (this_month("54"), this_month("33"), this_month("")) == (3, 1, 4)

    services.fold_deltas()
    with scope(Actor.system("tracked writes")):
        Worker.objects.unscoped("a row is dropped").filter(pk=workers[0].pk).delete()
    assert (this_month("54"), this_month("")) == (2, 3)

    with scope(Actor.system("tracked writes")):
        Worker.objects.unscoped("a change that counts for nothing").filter(station=zedang).update(initials="y")
    assert this_month("54") == 2

    with scope(Actor.system("re-coding carries the rows along")):
        Station.objects.unscoped("re-coding").filter(pk=zedang.pk).update(region_code="540502002")
    assert (this_month("540502001"), this_month("540502002"), this_month("540502")) == (0, 2, 2)
    services.fold_deltas()
    assert (this_month("540502001"), this_month("540502002"), this_month("")) == (0, 2, 3)


def test_a_set_of_rows_leaves_one_delta_a_place(tracked):
    with scope(Actor.system("tracked writes")):
        place = station("成批站", "110101001")
        RegionDelta.objects.all().delete()
        Worker.objects.bulk_create(
            Worker(station=place, region_code=place.region_code, document_type="none", sealed=b"", id_county="110101",
                   name_index=0, initials="")
            for _ in range(50)
        )  # fmt: skip
    assert list(RegionDelta.objects.values_list("region_code", "amount")) == [("110101001", 50)]
