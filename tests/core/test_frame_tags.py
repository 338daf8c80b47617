"""What the frame's tags print: the same figure, date, state and tier on every page."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.template import Context, Template

from core.templatetags import frame

BEIJING = dt.timezone(dt.timedelta(hours=8))


def draw(source: str, **context) -> str:
    return Template("{% load frame %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234567.89"), "1,234,567.89"),
        (1234567, "1,234,567.00"),
        ("860", "860.00"),
        (Decimal("-1200"), "-1,200.00"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-0.004"), "0.00"),
        (0.1 + 0.2, "0.30"),
        (None, "–"),
        ("", "–"),
        ("三百", "–"),
        (Decimal("NaN"), "–"),
    ],
)
def test_money_is_grouped_rounded_half_up_and_a_dash_for_none(value, text):
    assert draw("{% money value %}", value=value) == text


def test_numbers_percents_and_wan():
    assert draw("{{ 1248|number }}") == "1,248"
    assert draw("{{ value|percent:2 }}", value=Decimal("91.265")) == "91.27%"
    assert draw("{{ value|percent }}", value=None) == "–"
    assert draw("{{ value|wan }}", value=8642300) == "864.23"
    assert draw("{{ value|wan }}", value=None) == "–"


@time_machine.travel(dt.datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING), tick=False)
def test_a_date_inside_the_year_drops_the_year():
    assert frame.short_day(dt.date(2026, 11, 17)) == "11-17"
    assert frame.short_day(dt.date(2025, 11, 17)) == "2025-11-17"
    assert frame.day(dt.date(2026, 11, 17)) == "2026-11-17"
    assert frame.day(None) == frame.short_day(None) == "–"


@time_machine.travel(dt.datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING), tick=False)
def test_moments_are_beijing_time():
    late_evening_utc = dt.datetime(2026, 11, 19, 16, 30, tzinfo=dt.UTC)

    assert frame.moment(late_evening_utc) == "2026-11-20 00:30"
    assert frame.short_moment(late_evening_utc) == "11-20 00:30"
    assert frame.day(late_evening_utc) == "2026-11-20"


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (dt.timedelta(seconds=30), "刚刚"),
        (dt.timedelta(minutes=5), "5 分钟"),
        (dt.timedelta(hours=2, minutes=14), "2 小时 14 分"),
        (dt.timedelta(hours=3), "3 小时"),
        (dt.timedelta(days=1, hours=3), "1 天 3 小时"),
        (dt.timedelta(days=2), "2 天"),
        (dt.timedelta(minutes=-5), "刚刚"),
    ],
)
def test_an_age_is_said_in_words(waited, words):
    now = dt.datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)

    assert frame.age(now - waited, now) == words


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in draw('{% icon "home" %}')
    assert 'icons.svg#home"' in draw('{% icon "home" %}')
    named = draw('{% icon "users" "共享的查询" %}')
    assert 'role="img"' in named and 'aria-label="共享的查询"' in named


def test_an_icon_name_cannot_break_out_of_its_attribute():
    assert "<script>" not in draw("{% icon name %}", name='"><script>')


def test_a_state_is_an_icon_and_a_word():
    shown = draw('{% state "waiting" "待批" %}')

    assert 'class="state waiting"' in shown and "#clock" in shown and "待批" in shown
    assert 'class="state late badge"' in draw('{% state "late" "逾期" True %}')
    assert 'class="state none"' in draw('{% state "neon" "未知" %}')


@pytest.mark.parametrize("value", ["high", "高"])
def test_a_tier_is_three_bars_and_a_character(value):
    shown = draw("{% tier value %}", value=value)

    assert shown.count("<rect") == shown.count('class="on"') == 3
    assert "高" in shown


def test_a_lower_tier_lights_fewer_bars_and_none_says_so():
    assert draw('{% tier "中" %}').count('class="on"') == 2
    assert draw('{% tier "low" %}').count('class="on"') == 1
    assert "未评" in draw("{% tier value %}", value=None)


def test_a_sparkline_fills_its_box():
    assert frame.spark_points([1, 3]) == "0.0,24.0 82.0,2.0"
    assert frame.spark_points([5, 5, 5], "10x10") == "0.0,8.0 5.0,8.0 10.0,8.0"
    assert frame.spark_points([1]) == ""


class Sectioned(forms.Form):
    sections = [("身份", ["name", "gone"], "与证件一致"), ("空", ["gone"])]
    name = forms.CharField(label="姓名")
    note = forms.CharField(label="备注", required=False)


def test_fields_no_section_names_come_last_so_none_is_lost():
    sections = frame.form_sections(Sectioned())

    assert [(part["title"], [field.name for field in part["fields"]]) for part in sections] == [
        ("身份", ["name"]),
        ("", ["note"]),
    ]
    assert sections[0]["help"] == "与证件一致"


def test_a_form_counts_its_errors():
    assert frame.error_count(Sectioned({})) == 1
    assert frame.error_count(Sectioned({"name": "王"})) == 0


def test_an_avatar_shows_the_first_character():
    assert frame.initial_of("白玛央金") == "白"
    assert frame.initial_of("") == frame.initial_of(None) == "?"
