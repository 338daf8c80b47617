"""A small site with one list over stations, as an app would declare it."""

from django.urls import include, path

from core import audit
from core.lists import (
    Act,
    BooleanFilter,
    BulkAct,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListSpec,
    MultiChoiceFilter,
    Refusal,
    RegionFilter,
    RowAct,
    TextFilter,
    cells,
)
from core.lists.pages import list_view
from stations.enums import StationKind, StationStatus
from stations.models import Station


def prepare(actor, rows):
    audit.note("station", [row["id"] for row in rows], how="listed")
    return [{**row, "shown": f"{row['name']}（{row['region_code']}）"} for row in rows]


def refuse_odd(actor, ids):
    """A verb that does nothing to every second row."""
    return [Refusal(row_id, "状态不允许") for row_id in ids[1::2]]


STATIONS = ListSpec(
    key="test.stations",
    title="社工站",
    group="服务",
    permission="station.read",
    source=lambda actor, criteria: Station.objects.visible_to(actor),
    fields=("name", "region_code", "kind", "status", "founded_on", "initials", "address", "is_example"),
    prepare=prepare,
    columns=(
        Column("name", "名称", lambda row: cells.link(row["shown"], f"/x/{row['id']}/"), sort=("name", "id"),
               fixed=True, export=lambda row: row["name"]),
        Column("region", "区划", "region_code", sort=("region_code", "id")),
        Column("status", "状态", choices=dict(StationStatus.choices)),
        Column("founded", "设立日期", "founded_on", sort=("founded_on", "id"), kind="date"),
        Column("example", "示范", "is_example", kind="boolean", default=False),
        Column("address", "地址", default=False, personal=True),
        Column("kind", "类型", sort=("initials", "id"), sort_permission="client.names", default=False),
        Column("secret", "内部", "initials", permission="nobody.may"),
    ),
    filters=(
        TextFilter("name", "名称", lookup="name__contains"),
        ChoiceFilter("kind", "类型", lookup="kind", choices=StationKind.choices),
        MultiChoiceFilter("status", "状态", lookup="status", choices=StationStatus.choices),
        DateRangeFilter("founded", "设立日期", lookup="founded_on"),
        RegionFilter(),
        BooleanFilter("example", "示范数据", lookup="is_example"),
    ),
    row_acts=lambda actor, row: [RowAct("查看", f"/x/{row['id']}/")],
    row_name=lambda row: row["name"],
    create=Act("新增社工站", "list", "station.manage"),
    bulk=(BulkAct("touch", "核对", "station.manage", refuse_odd, confirm="核对所选的站？"),),
    export_permission="station.read",
)  # fmt: skip

PEOPLE = ListSpec(
    key="test.people",
    title="检索",
    permission="station.read",
    source=lambda actor, criteria: Station.objects.visible_to(actor),
    fields=("name",),
    columns=(Column("name", "名称", sort=("initials", "id")),),
    filters=(
        TextFilter("keyword", "姓名", lookup="name__contains", personal=True),
        ChoiceFilter("kind", "类型", lookup="kind", choices=StationKind.choices),
    ),
)

urlpatterns = [
    path("stations/", list_view(STATIONS), name="list"),
    path("people/", list_view(PEOPLE), name="people"),
    path("", include("core.urls")),
    path("", include("dashboards.urls")),
]
