"""The list page: what it answers, what it refuses, what it costs."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_htmx.middleware import HtmxDetails

from core.audit.models import AuditEvent
from core.lists.models import ListPreference, SavedQuery, SearchTerm
from core.lists.pages import list_page
from core.scoping import Actor, scope
from stations.models import Station
from tests.core.lists.site import STATIONS

pytestmark = pytest.mark.usefixtures("list_site")


@pytest.fixture
def official(make_member):
    return make_member("official", region="540502")[0]


def names(response) -> list[str]:
    return re.findall(r">([^<>]+?)（\d+）</a>", response.content.decode())


def next_url(response) -> str | None:
    return turn(response, "next")


def turn(response, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"|href="([^"]+)"[^>]*rel="{rel}"', response.content.decode())
    return (found.group(1) or found.group(2)).replace("&amp;", "&") if found else None


def test_it_shows_the_rows_within_reach_and_no_other(official, make_stations):
    make_stations(3, prefix="泽当")
    make_stations(2, code="330481004", prefix="马桥")

    page = official.get("/stations/")

    assert page.status_code == 200
    assert sorted(names(page)) == ["泽当0000", "泽当0001", "泽当0002"]
    assert "共 <b>3</b> 项" in page.content.decode()


def test_a_stranger_is_asked_to_sign_in_and_a_role_without_the_permission_is_refused(client, make_member):
    volunteer, _ = make_member("volunteer", region="540502")

    assert client.get("/stations/").status_code == 302
    assert volunteer.get("/stations/").status_code == 403


@pytest.mark.parametrize("query", ["colour=red", "name=x&offset=3", "id__in=1", "cursor=x&limit=5"])
def test_an_unknown_parameter_is_refused_with_its_name(official, query):
    page = official.get(f"/stations/?{query}", headers={"accept": "application/json"})

    assert page.status_code == 400
    assert page.json()["code"] == "unknown_parameter"


def test_the_refusal_is_a_page_in_chinese_that_says_what_to_do(official):
    page = official.get("/stations/?colour=red")

    assert page.status_code == 400
    assert "不认识的条件“colour”" in page.content.decode() and "回工作台" in page.content.decode()


def test_a_parameter_given_twice_is_refused(official):
    page = official.get("/stations/?name=a&name=b", headers={"accept": "application/json"})

    assert page.json()["code"] == "repeated_parameter"


@pytest.mark.parametrize("size", ["100000000", "0", "-1", "201", "1e3", "٥٠", "50 ", "99999"])
def test_a_page_size_out_of_bounds_is_refused(official, size):
    page = official.get("/stations/", {"page_size": size}, headers={"accept": "application/json"})

    assert (page.status_code, page.json()["code"]) == (400, "page_size_out_of_range")


@pytest.mark.parametrize("sort", ["address", "secret", "kind", "-", "id", "--name"])
def test_a_column_that_is_not_declared_sortable_is_refused(official, sort):
    page = official.get("/stations/", {"sort": sort}, headers={"accept": "application/json"})

    assert page.json()["code"] == "bad_sort"


def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_listed(official, make_stations):
    make_stations(2)

    page = official.get("/stations/?founded_from=2026-13-01&region=54x")

    assert page.status_code == 400
    assert "区划代码是" in page.content.decode()
    assert names(page) == []


def test_each_kind_of_filter_narrows(official, make_stations):
    make_stations(4, prefix="甲")
    make_stations(2, code="540502002", prefix="乙", is_example=True)

    def found(query: str) -> int:
        return len(names(official.get(f"/stations/?{query}")))

    assert found("name=甲") == 4
    assert found("region=540502002") == 2
    assert found("example=yes") == 2 and found("example=no") == 4
    assert found("status=preparing&status=running") == 6 and found("status=closed") == 0
    assert found("founded_from=2020-01-02&founded_to=2020-01-02") == 2
    assert found("kind=station") == 6


@pytest.mark.parametrize("sort", ["", "name", "-name", "region", "-region", "founded", "-founded"])
def test_paging_forward_and_back_shows_every_row_once(official, make_stations, sort):
    made = {station.name for station in make_stations(11)}

    page = official.get(f"/stations/?page_size=4&sort={sort}")
    pages = [names(page)]
    while url := next_url(page):
        page = official.get(url)
        pages.append(names(page))
    back = [names(page)]
    while url := turn(page, "prev"):
        page = official.get(url)
        back.append(names(page))

    assert [len(part) for part in pages] == [4, 4, 3]
    assert {name for part in pages for name in part} == made
    assert back == pages[::-1]
    assert "第 1–4 项" in page.content.decode()


def test_rows_that_come_between_two_pages_move_nothing(official, make_stations):
    make_stations(6, prefix="早")
    first = official.get("/stations/?page_size=3")

    make_stations(4, prefix="晚")
    second = official.get(next_url(first))

    assert set(names(first)) | set(names(second)) == {f"早{index:04d}" for index in range(6)}


def test_a_row_that_vanishes_between_two_pages_takes_no_other_with_it(official, make_stations):
    make_stations(6)
    first = official.get("/stations/?page_size=3&sort=name")
    with scope(Actor.system("test: a row goes")):
        Station.objects.unscoped("test removes the last row shown").filter(name="站0002").delete()

    assert names(official.get(next_url(first))) == ["站0003", "站0004", "站0005"]


def test_a_cursor_that_was_changed_or_belongs_elsewhere_is_refused(official, make_stations):
    make_stations(5)
    url = next_url(official.get("/stations/?page_size=2&sort=name"))
    cursor = re.search(r"cursor=([^&]+)", url).group(1)
    flipped = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]

    for query in (f"sort=name&cursor={flipped}", f"sort=-name&cursor={cursor}", f"cursor={cursor}", "cursor=%00",
                  f"sort=name&cursor={'A' * 2000}"):  # fmt: skip
        answer = official.get(f"/stations/?{query}", headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor"), query


def test_a_cursor_tells_nobody_what_stands_in_it(official, make_stations):
    from base64 import urlsafe_b64decode

    make_stations(3, prefix="某某某")
    cursor = re.search(r"cursor=([^&]+)", next_url(official.get("/stations/?page_size=1&sort=name"))).group(1)

    assert "某".encode() not in urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def count_queries(browser, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_depend_on_the_rows(official, make_stations):
    make_stations(2)
    official.get("/stations/")
    few = count_queries(official, "/stations/?page_size=1")
    make_stations(60, prefix="多")
    many = count_queries(official, "/stations/?page_size=50")

    assert few == many


def test_a_list_asks_for_what_is_kept_the_rows_and_their_number(make_member, make_stations, rf):
    _, actor = make_member("official", region="540502")
    make_stations(60)
    request = rf.get("/stations/?page_size=50", headers={"HX-Request": "true"})
    request.actor, request.htmx = actor, HtmxDetails(request)

    with scope(actor), CaptureQueriesContext(connection) as queries:
        assert list_page(request, STATIONS).status_code == 200

    # The preference, the saved queries, 51 rows, the bounded count.
    assert len(queries) == 4


def test_htmx_is_answered_with_the_rows_alone(official, make_stations):
    make_stations(1)

    part = official.get("/stations/", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith("<section") and "<html" not in part


def test_looking_at_a_list_is_written_down(official, make_stations):
    make_stations(3)
    official.get("/stations/")

    event = AuditEvent.objects.filter(act="station.listed").latest("at")
    assert len(event.subject_keys) == 3 and event.channel == "page"


def test_more_than_a_thousand_rows_are_counted_about_and_exactly_when_asked(official, make_stations):
    with scope(Actor.system("fixture: many")):
        Station.objects.bulk_create(
            Station(name=f"多{index}", region_code="540502001", initials="d") for index in range(1200)
        )
    page = official.get("/stations/").content.decode()

    assert "约" in page and "精确计数" in page
    assert official.get("/stations/?count=exact").content.decode() == "共 <b>1,200</b> 项"


def test_columns_density_and_page_size_are_kept_for_the_person(official, make_stations):
    make_stations(1)

    official.post("/stations/?do=columns", {"columns": ["status", "example"]})
    official.post("/stations/?do=density", {"density": "compact"})
    official.post("/stations/?do=per_page", {"per_page": "20"})
    page = official.get("/stations/").content.decode()

    table = page[page.index("<table") :]
    assert "示范" in table and "设立日期" not in table and "名称" in table
    assert 'data-density="compact"' in page and '<option value="20" selected' in page
    official.post("/stations/?do=columns", {"reset": "1"})
    assert ListPreference.objects.get().columns == []


@pytest.mark.parametrize("data", [{"columns": ["secret"]}, {"columns": ["nothing"]}])
def test_a_column_one_may_not_have_cannot_be_chosen(official, data):
    assert official.post("/stations/?do=columns", data).status_code == 400


def test_a_column_under_a_permission_is_not_there_for_others(official, make_stations):
    make_stations(1)

    assert "内部" not in official.get("/stations/").content.decode()


def test_a_saved_query_is_a_tab_for_its_owner_and_shared_below_its_place(official, make_member, make_stations):
    make_stations(1)
    below, _ = make_member("township_official", region="540502001")
    beside, _ = make_member("official", region="330481")

    official.post("/stations/?do=save", {"name": "我的在筹", "query": "status=preparing"})
    official.post("/stations/?do=save", {"name": "大家的运行", "query": "status=running", "shared": "1"})

    mine, theirs = (browser.get("/stations/").content.decode() for browser in (official, below))
    assert "我的在筹" in mine and "大家的运行" in mine
    assert "我的在筹" not in theirs and "大家的运行" in theirs
    assert "大家的运行" not in beside.get("/stations/").content.decode()


def test_a_saved_query_is_checked_named_once_and_dropped_by_its_owner_alone(official, make_member):
    other, _ = make_member("official", region="540502", name="other")
    official.post("/stations/?do=save", {"name": "甲", "query": "name=x"})
    saved = SavedQuery.objects.get()

    assert official.post("/stations/?do=save", {"name": "甲", "query": "name=y"}).status_code == 409
    assert official.post("/stations/?do=save", {"name": "乙", "query": "colour=red"}).status_code == 400
    assert official.post("/stations/?do=save", {"name": "", "query": ""}).status_code == 400
    assert other.post("/stations/?do=forget", {"saved": str(saved.pk)}).status_code == 404
    assert official.post("/stations/?do=forget", {"saved": str(saved.pk)}).status_code == 302
    assert not SavedQuery.objects.exists()


def test_a_personal_term_is_posted_sealed_and_stands_in_the_url_as_a_token_of_its_owner(
    official, make_member, make_stations
):
    make_stations(2, prefix="扎西")
    make_stations(1, prefix="卓玛")
    other, _ = make_member("official", region="540502", name="other")

    answer = official.post("/people/", {"keyword": "扎西", "kind": "station"})
    term = SearchTerm.objects.get()

    assert answer["Location"] == f"/people/?kind=station&q={term.pk}"
    assert "扎西".encode() not in bytes(term.sealed)
    page = official.get(answer["Location"]).content.decode()
    assert "扎西0001" in page and "卓玛" not in page
    assert other.get(answer["Location"]).status_code == 404
    assert official.get("/people/?keyword=扎西").status_code == 400
    assert official.get(f"/stations/?q={term.pk}").status_code == 404


def test_a_query_with_a_personal_term_is_not_shared(official):
    url = official.post("/people/", {"keyword": "扎西"})["Location"]

    answer = official.post("/people/?do=save", {"name": "甲", "query": url.partition("?")[2], "shared": "1"})

    assert answer.status_code == 422 and not SavedQuery.objects.exists()


def test_a_bulk_act_reports_each_refusal_and_asks_its_permission(official, make_member, make_stations):
    ids = [str(station.pk) for station in make_stations(3)]
    auditor, _ = make_member("auditor", region="540502")

    page = official.post("/stations/?do=bulk&act=touch", {"ids": ids}).content.decode()

    assert "办成 <b>2</b> 行" in page and "状态不允许" in page
    assert auditor.post("/stations/?do=bulk&act=touch", {"ids": ids}).status_code == 403
    assert official.post("/stations/?do=bulk&act=touch", {"ids": []}).status_code == 400
    assert official.post("/stations/?do=bulk&act=nothing", {"ids": ids}).status_code == 400


def test_all_rows_of_a_query_may_be_picked(official, make_stations):
    make_stations(4, prefix="甲")
    make_stations(3, prefix="乙")

    page = official.post("/stations/?do=bulk&act=touch", {"all": "1", "query": "name=甲"}).content.decode()

    assert "选了 4 行" in page


def test_over_200_rows_become_a_job(official, make_stations):
    from core.jobs.models import Job
    from core.jobs.services import run_job

    make_stations(201)
    page = official.post("/stations/?do=bulk&act=touch", {"all": "1", "query": ""}).content.decode()
    job = Job.objects.get(kind="lists.bulk")

    assert "已转到后台处理" in page
    done = run_job(job.pk)
    assert done.state == "done", (done.error_code, done.message)
    assert done.outcome["done"] + done.outcome["refused"] == 201


def test_colleagues_of_one_station_share_a_query(make_member, make_stations):
    here, _ = make_stations(2)
    worker, _ = make_member("worker", station=here)
    head, _ = make_member("station_head", station=here)

    worker.post("/stations/?do=save", {"name": "本站的", "query": "status=running", "shared": "1"})

    assert "本站的" in head.get("/stations/").content.decode()
    assert SavedQuery.objects.get().shared_region == here.region_code


@pytest.mark.parametrize("role", ["worker", "volunteer", "admin_audit"])
def test_text_in_a_cell_is_text_and_no_markup(make_member, make_stations, role):
    (station,) = make_stations(1, prefix="<script>alert(1)</script>")
    browser, actor = make_member(role, station=station)

    page = browser.get("/stations/")

    assert b"<script>alert" not in page.content
    assert (page.status_code == 200) == actor.may("station.read")
