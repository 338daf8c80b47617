"""Pages of the field: who sees what, what forms refuse, how many queries a list asks."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scoping import Actor, scope
from stations.enums import Certificate
from stations.models import Organisation, Station, StationOperator, Worker
from stations.services.checking import WorkerInput
from stations.services.workers import register_workers
from tests.personas import ensure_station

pytestmark = pytest.mark.django_db
CODE = "52430100MJJ123450P"
# Session, membership, scope and frame included; what waits is counted once in a while, not on each page.
LIST_QUERIES = {"stations": 15, "workers": 15, "organisations": 14}


def system(reason: str = "a test's data") -> Actor:
    return Actor.system(reason)


def worker_at(station: Station, number: str = "540599195703140016", name: str = "央金") -> Worker:
    actor = system()
    with scope(actor):
        said = WorkerInput(name=name, id_number=number, phone="13800000000", certificate=Certificate.ASSISTANT)
        [outcome] = register_workers(actor, station_id=station.pk, rows=[said])
        assert outcome.done, outcome.problems
        return Worker.objects.visible_to(actor).get(pk=outcome.id)


def texts(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("name", ["regions", "organisations", "stations", "workers"])
def test_the_lists_open_for_a_worker(client_of, name):
    assert client_of("worker.zedang").get(reverse(f"stations:{name}")).status_code == 200


def test_a_volunteer_reads_none_of_it(client_of):
    browser = client_of("volunteer.zedang")
    for name in ("regions", "organisations", "stations", "workers"):
        assert browser.get(reverse(f"stations:{name}")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client):
    for name in ("regions", "organisations", "stations", "workers"):
        assert client.get(reverse(f"stations:{name}")).status_code == 302


def test_a_neighbours_station_and_worker_are_not_found(client_of):
    neighbour = ensure_station("330481004")
    worker = worker_at(neighbour)
    browser = client_of("official.xizang")
    for route in ("station", "station_change", "station_status", "station_profile", "station_operator"):
        assert browser.get(reverse(f"stations:{route}", args=[neighbour.pk])).status_code == 404, route
    for route in ("worker", "worker_update", "worker_transfer"):
        assert browser.get(reverse(f"stations:{route}", args=[worker.pk])).status_code == 404, route
    assert (
        browser.post(reverse("stations:worker_reveal", args=[worker.pk, "phone"]), {"note": "核对电话"}).status_code
        == 404
    )
    assert neighbour.name not in texts(browser.get(reverse("stations:stations")))


def test_a_worker_reads_the_station_but_may_not_change_it(client_of):
    browser, station = client_of("worker.zedang"), ensure_station("540502001")
    assert browser.get(reverse("stations:station", args=[station.pk])).status_code == 200
    assert browser.get(reverse("stations:station_change", args=[station.pk])).status_code == 403
    assert browser.get(reverse("stations:worker_register")).status_code == 403


def test_an_official_opens_a_station_in_their_township(client_of):
    browser = client_of("official.naidong")
    form = {"name": "昌珠镇社会工作服务站", "kind": "station", "region": "540502101", "submit_token": "t" * 12}
    response = browser.post(reverse("stations:station_open"), form)
    assert response.status_code == 302, texts(response)
    again = browser.post(reverse("stations:station_open"), form)
    assert again.url == response.url
    with scope(actor := system()):
        [station] = Station.objects.visible_to(actor).filter(region_code="540502101")
        assert (station.status, station.initials) == ("preparing", "czzshgzfwz")


def test_a_place_beyond_reach_is_refused_beside_the_field(client_of):
    browser = client_of("official.naidong")
    form = {"name": "马桥站", "kind": "station", "region": "330481004"}
    response = browser.post(reverse("stations:station_open"), form)
    assert response.status_code == 422
    assert "这个地方不在您的辖区内。" in texts(response)


def test_a_stale_form_says_so_and_loses_nothing(client_of):
    browser, station = client_of("official.naidong"), ensure_station("540502001")
    where = reverse("stations:station_change", args=[station.pk])
    form = {"name": station.name, "kind": "station", "region": "540502001", "version": station.version}
    assert browser.post(where, {**form, "address": "乃东路 1 号"}).status_code == 302
    stale = browser.post(where, {**form, "address": "乃东路 2 号"})
    said = texts(stale)
    assert stale.status_code == 409
    assert "刚被别人改过" in said and "乃东路 2 号" in said and "别人刚改为：乃东路 1 号" in said
    again = browser.post(where, {**form, "address": "乃东路 2 号", "version": station.version + 1})
    assert again.status_code == 302


def test_an_organisation_is_refused_by_its_check_digit_and_warned_by_its_form(client_of):
    browser = client_of("official.hunan")
    form = {"name": "长沙某社（示范）", "credit_code": CODE[:-1] + "Q", "kind": "foundation", "region": "4301"}
    wrong = browser.post(reverse("stations:organisation_enter"), form)
    assert wrong.status_code == 422 and "校验位不符" in texts(wrong)
    saved = browser.post(reverse("stations:organisation_enter"), {**form, "credit_code": CODE})
    assert saved.status_code == 302
    page = texts(browser.get(saved.url))
    assert "代码开头通常是 53" in page
    twice = browser.post(reverse("stations:organisation_enter"), {**form, "credit_code": CODE})
    assert twice.status_code == 409 and "已经登记" in texts(twice)
    assert Organisation.objects.filter(credit_code=CODE).count() == 1


def test_a_worker_is_registered_with_the_number_masked_everywhere(client_of):
    browser, station = client_of("head.zedang"), ensure_station("540502001")
    form = {
        "name": "次仁·德吉", "document_type": "resident_id", "id_number": "540599195703140016", "sex": "0",
        "station": str(station.pk), "employment": "active", "certificate": "none", "phone": "13812345678",
    }  # fmt: skip
    saved = browser.post(reverse("stations:worker_register"), form)
    assert saved.status_code == 302, texts(saved)
    page = texts(browser.get(saved.url))
    assert "次仁·德吉" in page and "138****5678" in page
    assert "540599195703140016" not in page and "13812345678" not in page
    listed = texts(browser.get(reverse("stations:workers")))
    assert "次仁·德吉" in listed and "13812345678" not in listed


def test_a_wrong_number_stands_beside_its_field(client_of):
    browser, station = client_of("head.zedang"), ensure_station("540502001")
    form = {
        "name": "某人", "document_type": "resident_id", "id_number": "540599195703140017", "station": str(station.pk),
        "employment": "active", "certificate": "none", "sex": "0",
    }  # fmt: skip
    response = browser.post(reverse("stations:worker_register"), form)
    assert response.status_code == 422 and "校验" in texts(response)


def test_changing_a_worker_leaves_masked_values_as_they_are(client_of):
    browser, station = client_of("head.zedang"), ensure_station("540502001")
    worker = worker_at(station)
    where = reverse("stations:worker_update", args=[worker.pk])
    assert "13800000000" not in texts(browser.get(where))
    form = {
        "name": "央金", "document_type": "resident_id", "birth_date": "1957-03-14", "sex": "1", "employment": "active",
        "certificate": "assistant", "post": "副站长", "version": worker.version,
    }  # fmt: skip
    saved = browser.post(where, form)
    assert saved.status_code == 302, texts(saved)
    with scope(actor := system()):
        worker = Worker.objects.visible_to(actor).get(pk=worker.pk)
        assert (worker.post, worker.particulars().phone) == ("副站长", "13800000000")


def test_looking_behind_the_mask_needs_a_reason_and_the_right(client_of):
    station = ensure_station("540502001")
    worker = worker_at(station)
    where = reverse("stations:worker_reveal", args=[worker.pk, "phone"])
    assert client_of("worker.zedang").post(where, {"reason": "verify"}).status_code == 403
    head = client_of("head.zedang")
    assert head.post(where, {"reason": "other", "note": ""}).status_code == 422
    seen = head.post(where, {"reason": "verify"})
    assert seen.status_code == 200 and "13800000000" in texts(seen)


def test_lists_ask_the_same_number_of_queries_for_one_row_and_for_many(client_of):
    browser, station = client_of("official.naidong"), ensure_station("540502001")

    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(f"stations:{name}")).status_code == 200
        return len(queries)

    for name in ("stations", "workers", "organisations"):
        asked(name)
    few = {name: asked(name) for name in ("stations", "workers", "organisations")}
    assert few == LIST_QUERIES
    for code in ("540502101", "540502200", "540502201"):
        ensure_station(code)
    worker_at(station)
    assert {name: asked(name) for name in few} == few


def test_the_search_finds_places_and_people_within_reach_only(client_of):
    station = ensure_station("540502001")
    person = reverse("stations:worker", args=[worker_at(station).pk])
    place = reverse("stations:station", args=[station.pk])
    browser, neighbour = client_of("head.zedang"), client_of("head.maqiao")
    for text, where in (("泽当", place), ("zdjd", place), ("央金", person), ("yj", person), ("13800000000", person)):
        assert where in texts(browser.post(reverse("core:search"), {"q": text})), text
        assert where not in texts(neighbour.post(reverse("core:search"), {"q": text})), text


def test_the_cascade_answers_in_json(client_of):
    browser = client_of("worker.zedang")
    provinces = browser.get(reverse("stations:region_children"), {"parent": ""}).json()
    assert len(provinces) == 31
    townships = browser.get(reverse("stations:region_children"), {"parent": "540502"}).json()
    assert len(townships) == 9 and {"code": "540502001", "name": "泽当街道", "leaf": False, "path": ""} in townships
    path = browser.get(reverse("stations:region_path"), {"code": "540502001"}).json()
    assert [place["name"] for place in path] == ["西藏自治区", "山南市", "乃东区", "泽当街道"]
    found = browser.get(reverse("stations:region_search"), {"q": "maqiao", "top": "33"}).json()
    assert found[0]["code"] == "330481004"
    assert browser.get(reverse("stations:region_children"), {"parent": "5x"}).status_code == 400


def test_only_the_system_administrator_keeps_the_territory(client_of):
    where = reverse("stations:region_rename", args=["540502001"])
    assert client_of("official.xizang").get(where).status_code == 403
    admin = client_of("admin.system")
    assert admin.post(where, {"name": "泽当新街道", "reason": "示范批复"}).status_code == 302
    assert "泽当新街道" in texts(admin.get(reverse("stations:region", args=["540502001"])))


def test_the_station_page_shows_operator_profile_and_history(client_of):
    station = ensure_station("540502001")
    browser = client_of("official.naidong")
    org = Organisation.objects.create(
        name="山南某中心（示范）", credit_code="52540500MJY00001XQ", kind="service", region_id="540502"
    )
    form = {"role": "operator", "organisation": str(org.pk), "since": "2022-06-01", "version": station.version}
    response = browser.post(reverse("stations:station_operator", args=[station.pk]), form)
    assert response.status_code == 302, texts(response)
    profile = {"as_of": "2021-06-15", "source": "种子 002-07", "residents": "53524", "area_km2": "150"}
    assert browser.post(reverse("stations:station_profile", args=[station.pk]), profile).status_code == 302
    page = texts(browser.get(reverse("stations:station", args=[station.pk])))
    assert "山南某中心（示范）" in page and "53,524" in page and "承接运营" in page
    with scope(actor := system()):
        assert StationOperator.objects.visible_to(actor).get(station=station).valid_from == date(2022, 6, 1)
