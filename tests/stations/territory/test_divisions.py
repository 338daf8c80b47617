import json
from collections import Counter

import pytest

from core.identifiers.credit_code import CreditCode, check_credit_code
from stations.territory.divisions import SEEDS, parent_code, published_communities, published_regions


@pytest.fixture(scope="module")
def regions():
    return {division.code: division for division in published_regions()}


@pytest.fixture(scope="module")
def seeds():
    return json.loads(SEEDS.read_text(encoding="utf-8"))


def test_the_counts_are_the_published_ones(regions):
    levels = Counter(division.level for division in regions.values())
    assert levels == {"province": 31, "prefecture": 342, "county": 2978, "township": 41352}


def test_every_code_is_unique_and_begins_with_its_parents(regions):
    assert len(list(published_regions())) == len(regions)
    for division in regions.values():
        assert division.code.startswith(division.parent)
        assert division.parent == "" or division.parent in regions


def test_parents_come_before_children():
    seen = {""}
    for division in published_regions():
        assert division.parent in seen
        seen.add(division.code)


def test_the_pseudo_counties_are_kept_and_flagged(regions):
    assert all(regions[code].is_pseudo for code in ("441900", "442000", "460400", "620201", "1101", "4290"))
    flagged = {division.name for division in regions.values() if division.is_pseudo}
    assert flagged == {
        *("东莞市", "中山市", "儋州市", "嘉峪关市"),
        *("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"),
    }


@pytest.mark.parametrize(
    ("code", "pinyin", "initials"),
    [
        ("50", "chongqingshi", "cqs"),
        ("4301", "changshashi", "css"),
        ("3502", "xiamenshi", "xms"),
        ("3415", "luanshi", "las"),
        ("3416", "bozhoushi", "bzs"),
        ("3403", "bengbushi", "bbs"),
        ("3310", "taizhoushi", "tzs"),
        ("3311", "lishuishi", "lss"),
        ("330382", "yueqingshi", "yqs"),
        ("110105", "chaoyangqu", "cyq"),
        ("2113", "chaoyangshi", "cys"),
        ("1404", "changzhishi", "czs"),
        ("140428", "zhangzixian", "zzx"),
        ("130225", "laotingxian", "ltx"),
        ("621223", "tanchangxian", "tcx"),
        ("540531", "langkazixian", "lkzx"),
        ("5101", "chengdushi", "cds"),
        ("54", "xizangzizhiqu", "xzzzq"),
        ("540502001", "zedangjiedao", "zdjd"),
    ],
)
def test_polyphones_are_read_as_the_place_is_called(regions, code, pinyin, initials):
    assert (regions[code].pinyin, regions[code].initials) == (pinyin, initials)


def test_every_reading_is_plain_letters_and_digits(regions):
    assert all(division.pinyin.isascii() and division.pinyin.isalnum() for division in regions.values())
    assert max(len(division.pinyin) for division in regions.values()) < 200


def test_communities_are_those_of_the_seeds_only(regions):
    communities = list(published_communities())
    assert Counter(division.code[:4] for division in communities) == {"5405": 56, "3304": 10, "4403": 788}
    assert all(division.parent in regions and division.level == "community" for division in communities)
    assert [division.name for division in communities if division.parent == "540502001"][3] == "泽当社区"


def test_a_length_no_level_has_is_refused():
    with pytest.raises(KeyError):
        parent_code("540502001001001")


def test_every_seed_stands_on_a_published_division(regions, seeds):
    assert all(row["region"] in regions for row in seeds["organisations"] + seeds["stations"])
    assert all(code in regions for total in seeds["area_totals"] for code in total["members"])


def test_invented_seeds_say_so_and_cite_their_source(seeds):
    for row in seeds["organisations"] + seeds["stations"]:
        assert ("（示范）" in row["name"]) == row["invented"]
        assert row["source"]


def test_credit_codes_hold_and_are_unique(seeds):
    codes = [row["credit_code"] for row in seeds["organisations"] if row["credit_code"]]
    assert len(set(codes)) == len(codes)
    assert all(check_credit_code(code) == CreditCode(code) for code in codes)


def test_no_invented_body_is_registered_where_a_real_one_could_be(regions, seeds):
    synthetic = {"52430100MJJ123450P", "53440300MJL987658K", "52540500MJY00001XQ"}
    for row in seeds["organisations"]:
        if row["invented"] and row["credit_code"] not in synthetic:
            assert row["credit_code"][2:8] not in regions


def test_the_places_of_the_seeds_are_there(seeds):
    stations = {row["region"]: row for row in seeds["stations"]}
    naidong = [code for code in stations if code.startswith("540502")]
    assert len(naidong) == 7
    assert stations["540502001"]["founded"] == "2021-06-15"
    profile = stations["540502001"]["profile"]
    assert (profile["residents"], profile["communities"], profile["area_km2"]) == (53524, 11, 150)
    assert profile["communities"] == profile["communities_urban"] + profile["communities_fringe"]
    assert seeds["area_totals"][0]["residents"] == 28084
    assert "330481004" in stations
    assert sum(code.startswith("4403") for code in stations) == 10
    hunan = {row["region"] for row in seeds["organisations"] if row["key"].startswith("org-hunan-43")}
    assert len(hunan) == 14


def test_references_between_seeds_resolve(seeds):
    keys = {row["key"] for row in seeds["organisations"]}
    assert all(row["operator"] in keys for row in seeds["stations"])
    assert all(row["parent"] is None or row["parent"] in keys for row in seeds["organisations"])
