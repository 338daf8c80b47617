"""templates/components/table.jinja: what it escapes, marks and leaves out."""

import pathlib

import jinja2
import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture(scope="module")
def table():
    return jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER), autoescape=True).get_template(
        "components/table.jinja"
    )


def draw(table, cell, **more):
    column = {"key": "a", "label": "姓名<b>", **more.pop("column", {})}
    row = {"id": "7", "cells": [cell], "actions": more.pop("actions", [])}
    return table.render(columns=[column], rows=[row], **more)


def test_text_labels_and_addresses_are_escaped(table):
    shown = draw(table, {"kind": "link", "text": "<script>", "href": '"><img>'})

    assert "<script>" not in shown and "<img>" not in shown and "姓名<b>" not in shown
    assert "&lt;script&gt;" in shown


def test_the_sorted_column_says_so(table):
    column = {"sortable": True, "sorted": "desc", "sort_url": "?o=a"}

    assert 'aria-sort="descending"' in draw(table, {"kind": "text", "text": "x"}, column=column)


def test_a_state_is_icon_and_word(table):
    shown = draw(table, {"kind": "state", "tone": "late", "text": "逾期"}, sprite="/s/icons.svg")

    assert "/s/icons.svg#alert-triangle" in shown and "逾期</span>" in shown


@pytest.mark.parametrize(("tone", "lit"), [("high", 3), ("mid", 2), ("low", 1)])
def test_a_tier_lights_its_bars(table, tone, lit):
    assert draw(table, {"kind": "tier", "tone": tone, "text": "高"}).count('class="on"') == lit


def test_a_masked_value_without_permission_has_no_button(table):
    assert "查看" in draw(table, {"kind": "masked", "text": "138****5678", "href": "/r/"})
    assert "查看" not in draw(table, {"kind": "masked", "text": "138****5678"})


def test_tags_stand_apart(table):
    assert draw(table, {"kind": "tags", "tags": ["低保", "独居"]}).count('class="chip"') == 2


def test_only_a_selectable_table_has_boxes_and_each_has_a_name(table):
    assert "checkbox" not in draw(table, {"kind": "text", "text": "王**"})
    assert 'aria-label="选择 王**"' in draw(table, {"kind": "text", "text": "王**"}, selectable=True)


def test_actions_stand_last(table):
    shown = draw(table, {"kind": "text", "text": "x"}, actions=[{"label": "催办", "href": "/u/"}])

    assert '<a href="/u/">催办</a></td></tr>' in shown
