"""The list of stations, points and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.roles import Perm
from core.lists import (
    Act,
    ChoiceFilter,
    Column,
    Criteria,
    DateRangeFilter,
    ListSpec,
    MultiChoiceFilter,
    RegionFilter,
    RowAct,
    TextFilter,
    cells,
)
from core.lists.spec import Empty
from core.scoping import Actor
from stations.enums import StationKind, StationStatus
from stations.queries.stations import operators_seen, stations

TONES = {
    StationStatus.PREPARING: "waiting",
    StationStatus.RUNNING: "active",
    StationStatus.PAUSED: "none",
    StationStatus.CLOSED: "archived",
}
KINDS = dict(StationKind.choices)
STATUSES = dict(StationStatus.choices)


def source(actor: Actor, criteria: Criteria) -> QuerySet:
    return stations(actor)


def by_name(rows: QuerySet, text: str) -> QuerySet:
    """A part of the name, or the beginning of its initials."""
    return rows.filter(initials__startswith=text.lower()) if text.isascii() else rows.filter(name__contains=text)


def name_cell(row: Any) -> dict[str, Any]:
    sub = "示范" if row["is_example"] else ""
    return cells.link(row["name"], reverse("stations:station", args=[row["id"]]), sub=sub)


def row_acts(actor: Actor, row: Any) -> Sequence[RowAct]:
    if not actor.may(Perm.STATION_MANAGE):
        return ()
    return (RowAct("修改", reverse("stations:station_change", args=[row["id"]])),)


STATIONS = ListSpec(
    key="stations.stations",
    title="社工站",
    group="站点",
    permission=Perm.STATION_READ,
    source=source,
    fields=("name", "kind", "status", "region__full_name", "region_code", "operator__name", "founded_on", "address",
            "phone", "is_example", "initials"),
    columns=(
        Column("name", "名称", value=name_cell, sort=("initials", "id"), export=lambda row: row["name"], fixed=True,
               phone="title"),
        Column("kind", "类型", choices=KINDS),
        Column("status", "状态", value=lambda row: cells.state(TONES[row["status"]], STATUSES[row["status"]]),
               phone="side"),
        Column("region", "所在区划", value="region__full_name", sort=("region_code", "id")),
        Column("region_code", "区划代码", default=False),
        Column("operator", "承接机构", value="operator__name"),
        Column("founded_on", "设立日期", kind="date", sort=("founded_on", "id")),
        Column("address", "地址", default=False),
        Column("phone", "电话", default=False),
    ),
    filters=(
        TextFilter("name", "名称", apply=by_name, help="名称或拼音首字母"),
        RegionFilter(),
        ChoiceFilter("kind", "类型", lookup="kind", choices=StationKind.choices),
        MultiChoiceFilter("status", "状态", lookup="status", choices=StationStatus.choices),
        ChoiceFilter("operator", "承接机构", lookup="operator_id", choices=operators_seen),
        DateRangeFilter("founded", "设立", lookup="founded_on"),
    ),
    row_acts=row_acts,
    row_name=lambda row: row["name"],
    create=Act("新增站点", "stations:station_open", Perm.STATION_MANAGE),
    empty=Empty("您的范围内还没有站点。", "新增站点", "stations:station_open", Perm.STATION_MANAGE),
    export_permission=Perm.STATION_READ,
    tabs=(("运行中的社工站", "kind=station&status=running"), ("服务点", "kind=point"), ("社工室", "kind=room")),
)  # fmt: skip
