"""The territory: finding one's way in it, and keeping it true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.scoping import Actor, scope
from stations.models import Region, RegionCount
from stations.queries.regions import child_options, find_regions, path_to, rows_below, stations_running_below
from stations.services.regions import (
    CountInput,
    NewRegion,
    enter_count,
    merge_regions,
    rename_region,
    split_region,
)
from tests.personas import ensure_station

pytestmark = pytest.mark.django_db
ANY = Actor.system("a test reads the territory")


@pytest.fixture
def admin(actor_of):
    return actor_of("admin.system")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("泽当街道", "540502001"), ("zedangjiedao", "540502001"), ("540502001", "540502001"), ("海宁", "330481"),
        ("海宁 马桥", "330481004"), ("深圳市", "4403"), ("shenzhenshi", "4403"), ("西藏", "54"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_name_pinyin_or_code(text, first):
    assert find_regions(ANY, text)[0].code == first


def test_initials_find_a_place_among_others():
    assert "540502001" in {region.code for region in find_regions(ANY, "zdjd", top="54")}


def test_a_search_stays_below_its_top_and_finds_no_stand_in():
    found = find_regions(ANY, "朝阳", top="11", limit=100)
    assert found and all(region.code.startswith("11") for region in found)
    assert find_regions(ANY, "市辖区") == []
    assert find_regions(ANY, "  ") == []


def test_stand_ins_for_a_missing_level_are_left_out_of_the_cascade():
    assert "东城区" in {one.name for one in child_options(ANY, "11")}
    dongguan = child_options(ANY, "4419")
    assert len(dongguan) > 30 and all(len(one.code) == 9 for one in dongguan)
    hubei = {one.name for one in child_options(ANY, "42")}
    assert {"武汉市", "仙桃市"} <= hubei
    assert [one.name for one in path_to(ANY, "110101001")] == ["北京市", "东城区", "东华门街道"]


def test_numbers_of_stations_are_the_actors_own(actor_of):
    ensure_station("540502001")
    ensure_station("540502101")
    official, township = actor_of("official.shannan"), actor_of("official.zedang")
    with scope(official):
        rows = {row.region.code: row for row in rows_below(official, "5405")}
        assert rows["540502"].stations == 2 and rows["540502"].children == 9
        assert stations_running_below(official, "54") == 2
    with scope(township):
        assert stations_running_below(township, "54") == 1


def test_a_municipality_counts_its_districts_past_the_stand_in():
    with scope(ANY):
        provinces = {row.region.name: row.children for row in rows_below(ANY, "")}
    assert (provinces["北京市"], provinces["浙江省"], len(provinces)) == (16, 11, 31)


def test_a_new_name_reaches_the_full_names_below_and_the_pinyin(admin):
    rename_region(admin, code="540502", name="乃东新区", reason="示范批复")
    region = Region.objects.get(pk="540502001")
    assert region.full_name == "西藏自治区山南市乃东新区泽当街道"
    assert Region.objects.get(pk="540502").pinyin == "naidongxinqu"


def test_a_split_ends_the_division_and_names_its_successor(admin):
    on = date(2024, 7, 1)
    made = split_region(
        admin,
        code="540502001",
        into=[NewRegion("540502011", "泽东街道"), NewRegion("540502012", "泽西街道")],
        on=on,
        reason="批复",
    )
    old = Region.objects.get(pk="540502001")
    assert (old.valid_to, old.successor_id) == (on, "540502011")
    assert [region.full_name for region in made] == ["西藏自治区山南市乃东区泽东街道", "西藏自治区山南市乃东区泽西街道"]
    assert "540502001" not in {one.code for one in child_options(ANY, "540502")}
    assert find_regions(ANY, "泽当街道") == [] and find_regions(ANY, "泽当街道", ended=True)


def test_a_merge_keeps_one_of_them_or_makes_a_new_one(admin):
    on = date(2024, 7, 1)
    kept = merge_regions(
        admin, codes=["540502200", "540502201"], into=NewRegion("540502200", "亚堆乡"), on=on, reason="批复"
    )
    assert kept.code == "540502200" and Region.objects.get(pk="540502201").successor_id == "540502200"
    fresh = merge_regions(
        admin, codes=["540502202", "540502203"], into=NewRegion("540502210", "颇结乡"), on=on, reason="批复"
    )
    assert {r.pk for r in Region.objects.filter(successor=fresh)} == {"540502202", "540502203"}


def test_a_change_announced_for_later_holds_from_that_day(admin):
    on = timezone.localdate() + timedelta(days=30)
    merge_regions(admin, codes=["540502200", "540502201"], into=NewRegion("540502200", "亚堆乡"), on=on, reason="批复")
    assert "540502201" in {one.code for one in child_options(ANY, "540502")}


def test_what_the_services_refuse(admin, actor_of):
    two = [NewRegion("540502011", "泽东街道"), NewRegion("540502012", "泽西街道")]
    on = date(2024, 7, 1)
    split = {"code": "540502001", "into": two, "on": on, "reason": "批复"}
    for wrong in (
        {"into": two[:1]},
        {"into": [NewRegion("540502001", "泽东街道"), two[1]]},
        {"into": [NewRegion("54050201", "泽东街道"), two[1]]},
        {"into": [NewRegion("330481099", "泽东街道"), two[1]]},
        {"on": date(2020, 1, 1)},
        {"on": timezone.localdate() + timedelta(days=400)},
    ):
        with pytest.raises(Invalid):
            split_region(admin, **{**split, **wrong})
    with pytest.raises(Conflict):
        split_region(admin, **{**split, "into": [NewRegion("540502002", "泽东街道"), two[1]]})
    with pytest.raises(Refused):
        merge_regions(admin, codes=["540502001", "330481004"], into=two[0], on=on, reason="批复")
    with pytest.raises(Invalid):
        merge_regions(admin, codes=["540502001"], into=two[0], on=on, reason="批复")
    with pytest.raises(Invalid):
        rename_region(admin, code="540502001", name=" ", reason="批复")
    with pytest.raises(NotFound):
        rename_region(admin, code="999999", name="某区", reason="批复")
    with pytest.raises(Forbidden):
        rename_region(actor_of("official.xizang"), code="540502", name="某区", reason="批复")
    split_region(admin, **split)
    with pytest.raises(Refused):
        rename_region(admin, code="540502001", name="泽当新街道", reason="批复")


def test_a_denominator_has_a_day_and_a_source_and_stands_once(admin):
    said = CountInput("townships", date(2022, 9, 30), 1825, "山东省民政厅公布数")
    enter_count(admin, code="37", said=said)
    with pytest.raises(Conflict):
        enter_count(admin, code="37", said=said)
    for wrong in ({"what": "shops"}, {"value": -1}, {"source": " "}, {"as_of": date(2999, 1, 1)}):
        with pytest.raises(Invalid):
            given = {"what": said.what, "as_of": date(2023, 9, 30), "value": 1, "source": said.source, **wrong}
            enter_count(admin, code="37", said=CountInput(**given))


def test_the_database_itself_refuses_crooked_divisions():
    for wrong, name in (
        ({"valid_from": date(2024, 1, 1), "valid_to": date(2024, 1, 1)}, "region_valid_forward"),
        ({"parent_id": "33"}, "region_parent_is_prefix"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Region.objects.create(
                code="540599", name="某区", full_name="某区", level="county", pinyin="x", initials="x", **wrong
            )
    with pytest.raises(IntegrityError, match="region_count_not_negative"), transaction.atomic():
        RegionCount.objects.create(region_id="54", what="residents", as_of=date(2024, 1, 1), value=-1, source="示范")
