"""Rules as dated data: the nearest place wins, a new value moves no history."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core.audit.models import AuditEvent
from core.errors import Forbidden, Invalid, NotFound, Refused
from core.rules.known import known_rules
from core.rules.models import Rule
from core.rules.queries import Rulebook, rule_value
from core.rules.services import load_rules, set_rule
from core.scoping import scope

pytestmark = pytest.mark.django_db
IDLE = "session.idle_minutes"
DAY = dt.date


@pytest.fixture(autouse=True)
def empty():
    Rule.objects.all().delete()


@pytest.fixture
def admin(make_member):
    return make_member("admin_security")[1]


def enter(actor, value, since: dt.date, code: str = IDLE, region: str = "") -> Rule:
    return set_rule(
        actor, code=code, region_code=region, value=value, valid_from=since, source="示范文号 1 号", status="rule"
    )


def test_without_any_row_the_declared_value_holds():
    assert rule_value(IDLE, region_code="540502001", on=DAY(2026, 1, 1)) == 30
    assert rule_value("staffing.full_time") == Decimal(6)
    with pytest.raises(KeyError):
        rule_value("nobody.declared")


def test_the_nearest_place_wins_and_its_neighbours_are_untouched(admin):
    for region, value in (("", 30), ("54", 25), ("5405", 20), ("540502", 15), ("540502001", 10)):
        enter(admin, value, DAY(2026, 1, 1), region=region)
    asked = ["", "33", "54", "5401", "5405", "540502", "540502002", "540502001", "540502001003"]
    expected = [30, 30, 25, 25, 20, 15, 15, 10, 10]
    on = DAY(2026, 6, 1)
    book = Rulebook(on=on)
    assert [rule_value(IDLE, region_code=code, on=on) for code in asked] == expected
    assert [book.value(IDLE, code) for code in asked] == expected


def test_a_new_value_holds_from_its_day_and_the_past_keeps_its_own(admin):
    enter(admin, 30, DAY(2026, 1, 1))
    enter(admin, 20, DAY(2026, 7, 1))
    days = [DAY(2026, 1, 1), DAY(2026, 6, 30), DAY(2026, 7, 1), DAY(2027, 1, 1)]
    assert [rule_value(IDLE, on=day) for day in days] == [30, 30, 20, 20]
    assert Rule.objects.get(valid_from=DAY(2026, 1, 1)).valid_to == DAY(2026, 7, 1)


@pytest.mark.parametrize("since", [DAY(2026, 6, 1), DAY(2026, 7, 1)])
def test_history_is_not_moved(admin, since):
    enter(admin, 30, DAY(2026, 1, 1))
    enter(admin, 20, DAY(2026, 7, 1))
    with pytest.raises(Refused, match="rule_history"):
        enter(admin, 10, since)
    assert Rule.objects.count() == 2


def test_two_values_on_one_day_are_refused_by_the_database(admin):
    enter(admin, 30, DAY(2026, 1, 1))
    with pytest.raises(IntegrityError, match="rule_one_value_a_day"), transaction.atomic():
        Rule.objects.create(code=IDLE, value=1, valid_from=DAY(2026, 5, 1), source="x", status="rule")


@pytest.mark.parametrize(
    ("code", "value", "kept"),
    [(IDLE, " 45 ", 45), ("staffing.full_time", "6.50", "6.5"), ("client.consent_text_version", "2027-1", "2027-1")],
)
def test_a_value_is_kept_as_its_kind(admin, code, value, kept):
    assert enter(admin, value, DAY(2026, 1, 1), code).value == kept


@pytest.mark.parametrize(
    ("code", "value"),
    [(IDLE, "三十"), (IDLE, "1.5"), (IDLE, "0"), (IDLE, "NaN"), ("staffing.full_time", "Infinity"),
     ("staffing.full_time", "-1"), ("client.consent_text_version", " ")],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_beside_its_field(admin, code, value):
    with pytest.raises(Invalid) as refused:
        enter(admin, value, DAY(2026, 1, 1), code)
    assert "value" in refused.value.fields


def test_a_rule_nobody_declared_is_not_found(admin):
    with pytest.raises(NotFound):
        enter(admin, 1, DAY(2026, 1, 1), "nobody.declared")


@pytest.mark.parametrize("role", ["official", "admin_system", "station_head"])
def test_other_roles_may_not_enter_values(make_member, role):
    with pytest.raises(Forbidden):
        enter(make_member(role, region="54")[1], 1, DAY(2026, 1, 1), region="54")


@pytest.mark.parametrize("region", ["", "33", "5"])
def test_an_administrator_of_a_province_enters_for_its_places_only(make_member, region):
    admin = make_member("admin_security", region="54")[1]
    assert enter(admin, 9, DAY(2026, 1, 1), region="540502").value == 9
    with pytest.raises((Forbidden, Invalid)):
        enter(admin, 9, DAY(2026, 1, 1), region=region)


def test_entering_a_value_is_in_the_trail(admin):
    enter(admin, 45, DAY(2026, 1, 1), region="54")
    event = AuditEvent.objects.get(act="rule.set")
    assert (event.region_code, event.details["rule"], event.details["value"]) == ("54", IDLE, 45)


def test_loading_enters_each_declared_rule_once_and_leaves_what_was_changed(admin, capsys):
    assert load_rules() == len(known_rules()) >= 8
    with scope(admin):
        enter(admin, 45, DAY(2026, 1, 1))
    call_command("load_rules")
    assert "0 rules" in capsys.readouterr().out
    assert rule_value(IDLE, on=DAY(2026, 2, 1)) == 45
    assert not Rule.objects.filter(source="").exists()


@pytest.fixture
def site(list_site):
    """Pages of the core."""


def test_the_page_shows_every_rule_and_its_form_only_to_who_may_enter(site, make_member):
    load_rules()
    reader, _ = make_member("official", region="54")
    page = reader.get("/rules/").content.decode()
    assert all(rule.label in page for rule in known_rules())
    assert "登记新取值" not in reader.get(f"/rules/{IDLE}/").content.decode()
    assert "登记新取值" in make_member("admin_security")[0].get(f"/rules/{IDLE}/").content.decode()


def test_the_form_enters_a_value_and_says_beside_the_field_what_is_wrong(site, make_member):
    browser, _ = make_member("admin_security")
    data = {"value": "40", "valid_from": "2026-01-01", "source": "示范 2 号", "status": "rule", "region_code": ""}
    assert browser.post(f"/rules/{IDLE}/new/", data).status_code == 302
    assert rule_value(IDLE, on=DAY(2026, 1, 1)) == 40
    again = browser.post(f"/rules/{IDLE}/new/", data | {"value": "x", "valid_from": "2026-02-01"})
    assert again.status_code == 422 and "请填写整数" in again.content.decode()
    back = browser.post(f"/rules/{IDLE}/new/", data)
    assert back.status_code == 422 and "历史不改动" in back.content.decode()
    assert browser.get(f"/rules/{IDLE}/new/").status_code == 405


def test_a_reader_may_not_post_and_an_unknown_rule_is_not_found(site, make_member):
    reader, _ = make_member("official", region="54")
    assert reader.post(f"/rules/{IDLE}/new/", {}).status_code == 403
    assert reader.get("/rules/nobody.declared/").status_code == 404
