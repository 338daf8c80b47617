"""The declared list of clients: what the page, the export and the REST list share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.roles import Perm
from cases.enums import Category, ClientState
from cases.queries import people, register
from core.lists import cells
from core.lists.criteria import Criteria
from core.lists.filters import ChoiceFilter, DateRangeFilter, MultiChoiceFilter, RegionFilter, StationFilter, TextFilter
from core.lists.spec import Act, Column, Empty, ListSpec, RowAct
from core.privacy.identity import SEX_CHOICES
from core.scoping import Actor

SEXES = {code.value: label for code, label in SEX_CHOICES}
AGE_WORDS = [
    ("0-13", "未满 14 周岁"), ("14-17", "14–17 岁"), ("18-59", "18–59 岁"), ("60-69", "60–69 岁"),
    ("70-79", "70–79 岁"), ("80-", "80 岁及以上"),
]  # fmt: skip
TONES = {
    ClientState.ACTIVE: "active", ClientState.WITHDRAWN: "none", ClientState.MERGED: "archived",
    ClientState.ERASED: "archived",
}  # fmt: skip


def source(actor: Actor, criteria: Criteria) -> QuerySet:
    return register.clients(actor, criteria.values)


page_of = cells.address_of("cases:client")


def address(row: Any) -> str:
    return page_of(row["id"])


def state_cell(row: Any) -> cells.Cell:
    state = ClientState(row["state"])
    return cells.state(TONES[state], state.label)


clients = ListSpec(
    key="cases.clients",
    title="服务对象",
    group="服务",
    permission=Perm.CLIENT_READ,
    source=source,
    fields=register.FIELDS,
    prepare=register.shown_rows,
    columns=(
        Column("number", "档案编号", lambda row: cells.link(row["number"], address(row)), fixed=True, phone="side",
               export=lambda row: row["number"]),
        Column("name", "姓名", sort=("initials", "id"), sort_permission=Perm.CLIENT_NAMES, personal=True,
               phone="title"),
        Column("sex", "性别", choices=SEXES),
        Column("age", "年龄", kind="number", align="num"),
        Column("categories", "对象类别", lambda row: cells.tags(row["categories"])),
        Column("phone", "电话", lambda row: cells.masked(row["phone"]), default=False),
        Column("community", "村（社区）"),
        Column("station", "社工站"),
        Column("worker", "责任社工"),
        Column("state", "状态", state_cell),
        Column("registered_on", "登记日期", kind="date", phone="hide"),
    ),
    filters=(
        TextFilter("keyword", "关键字", personal=True, help="姓名、拼音首字母、档案编号、证件号码、电话"),
        MultiChoiceFilter("category", "对象类别", choices=Category.choices),
        ChoiceFilter("age", "年龄", choices=AGE_WORDS),
        ChoiceFilter("sex", "性别", lookup="sex", choices=[pair for pair in SEXES.items() if pair[0] != "9"]),
        StationFilter(choices=people.station_choices),
        ChoiceFilter("worker", "责任社工", lookup="worker_id", choices=people.worker_choices),
        ChoiceFilter("state", "状态", lookup="state", choices=ClientState.choices, blank="在册"),
        ChoiceFilter("consent", "同意书",
                     choices=[("missing", "缺服务同意"), ("guardian", "未满 14 周岁缺监护人同意")]),
        DateRangeFilter("registered", "登记日期", lookup="registered_on"),
        TextFilter("community", "村（社区）", lookup="community__startswith"),
        RegionFilter(),
    ),
    row_acts=lambda actor, row: [RowAct("查看", address(row))],
    row_name=lambda row: row["number"],
    create=Act("登记服务对象", "cases:client_new", Perm.CLIENT_WRITE),
    empty=Empty("这里是本站服务的人，一人一档。", "登记第一位服务对象", "cases:client_new", Perm.CLIENT_WRITE),
    export_permission=Perm.CLIENT_EXPORT,
    tabs=(("全部", ""), ("80 岁及以上", "age=80-"), ("未满 14 周岁", "age=0-13"), ("低保对象", "category=dibao")),
)  # fmt: skip
