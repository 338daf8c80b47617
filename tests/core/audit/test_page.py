"""The audit page: for auditors, within their reach, in plain words."""

from __future__ import annotations

import pytest

from core import audit
from core.audit.words import act_words
from core.scoping import Actor, scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("list_site")]


@pytest.fixture
def happened():
    with scope(Actor.system("acts of the test")):
        for code, reason in (("540502001", "乃东理由"), ("330481004", "海宁理由"), ("", "全国理由")):
            audit.record(
                Actor.system("acts of the test"), "client.reveal", kind="client", region_code=code, reason=reason
            )


@pytest.mark.parametrize(
    ("region", "seen"), [("54", {"乃东理由"}), ("330481", {"海宁理由"}), ("", {"乃东理由", "海宁理由", "全国理由"})]
)
def test_an_auditor_sees_what_happened_in_reach(happened, make_member, region, seen):
    browser, _ = make_member("auditor", region=region)
    text = browser.get("/audit/").content.decode()
    assert {word for word in ("乃东理由", "海宁理由", "全国理由") if word in text} == seen
    assert "查看完整号码" in text


def test_others_may_not_open_it(happened, make_member):
    assert make_member("station_head", region="54")[0].get("/audit/").status_code == 403


def test_filters_narrow_by_act_day_and_place(happened, make_member):
    browser, _ = make_member("admin_audit")
    assert "乃东理由" not in browser.get("/audit/?act=client.read").content.decode()
    page = browser.get("/audit/?act=client.reveal&region=5405").content.decode()
    assert "乃东理由" in page and "海宁理由" not in page
    assert "乃东理由" not in browser.get("/audit/?day_to=2020-01-01").content.decode()


def test_an_act_without_a_place_stands_where_its_actor_stands(make_member):
    _, worker = make_member("worker", region="540502")
    with scope(worker):
        assert audit.record(worker, "job.start").region_code == "540502"


def test_no_word_stands_for_two_acts():
    words = [word for _, word in act_words()]
    assert len(words) == len(set(words))
