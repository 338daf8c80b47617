"""The list of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.roles import Perm
from core.lists import Act, ChoiceFilter, Column, Criteria, ListSpec, RegionFilter, RowAct, TextFilter, cells
from core.lists.spec import Empty
from core.scoping import Actor
from stations.enums import OrganisationKind
from stations.queries.organisations import organisations

KINDS = dict(OrganisationKind.choices)


def source(actor: Actor, criteria: Criteria) -> QuerySet:
    return organisations(actor)


def name_cell(row: Any) -> dict[str, Any]:
    sub = "示范" if row["is_example"] else ""
    return cells.link(row["name"], reverse("stations:organisation", args=[row["id"]]), sub=sub)


def row_acts(actor: Actor, row: Any) -> Sequence[RowAct]:
    """Those who keep organisations correct the ones seated within their reach."""
    if not actor.may(Perm.ORGANISATION_MANAGE) or not actor.reach.covers(row["region_id"], None):
        return ()
    return (RowAct("修改", reverse("stations:organisation_correct", args=[row["id"]])),)


ORGANISATIONS = ListSpec(
    key="stations.organisations",
    title="机构",
    group="站点",
    permission=Perm.ORGANISATION_READ,
    source=source,
    fields=("name", "credit_code", "kind", "region_id", "region__full_name", "parent__name", "founded_on", "contact",
            "is_example"),
    columns=(
        Column("name", "名称", value=name_cell, sort=("name", "id"), export=lambda row: row["name"], fixed=True,
               phone="title"),
        Column("credit_code", "统一社会信用代码"),
        Column("kind", "类别", choices=KINDS),
        Column("region", "所在地", value="region__full_name", sort=("region_id", "id")),
        Column("parent", "上级机构", value="parent__name"),
        Column("founded_on", "成立日期", kind="date", default=False),
        Column("contact", "联系方式", default=False),
    ),
    filters=(
        TextFilter("name", "名称", lookup="name__contains"),
        TextFilter("credit_code", "统一社会信用代码", apply=lambda rows, code: rows.filter(
            credit_code__startswith=code.upper())),
        ChoiceFilter("kind", "类别", lookup="kind", choices=OrganisationKind.choices),
        RegionFilter(lookup="region_id"),
    ),
    row_acts=row_acts,
    row_name=lambda row: row["name"],
    create=Act("新增机构", "stations:organisation_enter", Perm.ORGANISATION_MANAGE),
    empty=Empty("还没有登记机构。", "新增机构", "stations:organisation_enter", Perm.ORGANISATION_MANAGE),
    export_permission=Perm.ORGANISATION_READ,
)  # fmt: skip
