"""The roster: workers with their names, numbers masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.roles import Perm
from core.lists import (
    Act,
    BooleanFilter,
    ChoiceFilter,
    Column,
    Criteria,
    DateRangeFilter,
    ListSpec,
    RegionFilter,
    RowAct,
    StationFilter,
    TextFilter,
    cells,
)
from core.lists.spec import Empty
from core.privacy.identity import SEX_CHOICES
from core.scoping import Actor
from stations.enums import Certificate, Employment
from stations.queries.stations import station_choices
from stations.queries.workers import named, open_rows, workers

TONES = {Employment.ACTIVE: "active", Employment.LEFT: "archived"}
CERTIFICATES = dict(Certificate.choices)


def source(actor: Actor, criteria: Criteria) -> QuerySet:
    return workers(actor)


def prepare(actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Open the seals of one page: the name is shown, the rest stays masked."""
    for row, shown in zip(rows, open_rows(rows), strict=True):
        row.pop("sealed")
        row.pop("person_key")
        row["name"], row["phone"], row["id_number"] = shown.name, shown.phone, shown.id_number
    return rows


def name_cell(row: Any) -> dict[str, Any]:
    sub = "示范" if row["is_example"] else ""
    return cells.link(row["name"], reverse("stations:worker", args=[row["id"]]), sub=sub)


def certified(rows: QuerySet, value: bool) -> QuerySet:
    none = Q(certificate=Certificate.NONE)
    return rows.filter(~none if value else none)


def row_acts(actor: Actor, row: Any) -> Sequence[RowAct]:
    if not actor.may(Perm.WORKER_MANAGE):
        return ()
    return (RowAct("修改", reverse("stations:worker_update", args=[row["id"]])),)


WORKERS = ListSpec(
    key="stations.workers",
    title="社工",
    group="站点",
    permission=Perm.WORKER_READ,
    source=source,
    prepare=prepare,
    fields=("person_key", "sealed", "initials", "sex", "station__name", "station_id", "organisation__name", "post",
            "certificate", "certificate_number", "registered_on", "employment", "started_on", "left_on", "is_example"),
    columns=(
        Column("name", "姓名", value=name_cell, sort=("initials", "id"), export=lambda row: row["name"], fixed=True,
               phone="title"),
        Column("sex", "性别", choices=dict(SEX_CHOICES), default=False),
        Column("station", "社工站", value="station__name"),
        Column("post", "岗位"),
        Column("certificate", "证书", choices=CERTIFICATES),
        Column("certificate_number", "证书编号", default=False),
        Column("registered_on", "登记日期", kind="date", default=False),
        Column("organisation", "所属机构", value="organisation__name", default=False),
        Column("phone", "电话", value=lambda row: cells.masked(row["phone"])),
        Column("id_number", "证件号码", value=lambda row: cells.masked(row["id_number"]), default=False),
        Column("employment", "在岗", value=lambda row: cells.state(
            TONES[row["employment"]], Employment(row["employment"]).label), phone="side"),
        Column("started_on", "到岗日期", kind="date"),
        Column("left_on", "离岗日期", kind="date", default=False),
    ),
    filters=(
        TextFilter("name", "姓名", apply=lambda rows, text: rows.filter(named(text)), personal=True,
                   help="全名、拼音首字母或电话"),
        RegionFilter(),
        StationFilter(choices=station_choices),
        ChoiceFilter("certificate", "证书", lookup="certificate", choices=Certificate.choices),
        BooleanFilter("certified", "持证", apply=certified, words=("持证", "未持证")),
        ChoiceFilter("employment", "在岗", lookup="employment", choices=Employment.choices),
        DateRangeFilter("started", "到岗", lookup="started_on"),
    ),
    row_acts=row_acts,
    row_name=lambda row: row["name"],
    create=Act("登记社工", "stations:worker_register", Perm.WORKER_MANAGE),
    import_act=Act("导入", "intake:upload", Perm.WORKER_MANAGE, icon="file-import"),
    empty=Empty("您的范围内还没有登记社工。", "登记社工", "stations:worker_register", Perm.WORKER_MANAGE),
    export_permission=Perm.WORKER_READ,
    tabs=(("在岗", "employment=active"), ("在岗持证", "certified=yes&employment=active")),
)  # fmt: skip
