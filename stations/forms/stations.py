"""Forms of stations, points and rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from stations.enums import OperatorRole, StationKind, StationStatus
from stations.forms.fields import VersionedForm, choice_field, day_field, region_field, searched
from stations.models import Station
from stations.services.stations import ProfileInput, StationInput

Choices = list[tuple[str, str]]


class StationForm(VersionedForm):
    """A station's record."""

    sections = (
        ("站点", ["name", "kind", "parent", "founded_on"]),
        ("所在地", ["region", "address", "phone"]),
    )

    name = forms.CharField(label="名称", max_length=80, help_text="如“泽当街道社会工作服务站”。")
    kind = choice_field("类型", StationKind.choices)
    parent = forms.ChoiceField(label="上级站", required=False, help_text="服务点和社工室必填，须在同一乡镇街道。")
    region = region_field(help_text="社工站选到乡镇街道；服务点、社工室可选到村（社区）。")
    founded_on = day_field("设立日期", required=False)
    address = forms.CharField(
        label="地址", max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": ""})
    )
    phone = forms.CharField(label="电话", max_length=20, required=False, help_text="手机号，或带区号的固定电话。")

    def __init__(self, *args: Any, parents: Choices, top: str = "", **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["parent"] = searched(
            "上级站", parents, blank="（社工站不填）", help_text=self.fields["parent"].help_text
        )
        self.fields["region"].region_top = top  # type: ignore[attr-defined]

    def said(self) -> StationInput:
        given = self.cleaned_data
        parent = UUID(given["parent"]) if given["parent"] else None
        return StationInput(
            name=given["name"], region_code=given["region"], kind=given["kind"], parent_id=parent,
            founded_on=given["founded_on"], address=given["address"], phone=given["phone"],
        )  # fmt: skip


def station_facts(station: Station) -> dict[str, Any]:
    """What stands in the form of a station."""
    return {
        "name": station.name,
        "kind": station.kind,
        "parent": str(station.parent_id or ""),
        "region": station.region_code,
        "founded_on": station.founded_on,
        "address": station.address,
        "phone": station.phone,
        "version": station.version,
    }


class StatusForm(VersionedForm):
    """One step in the station's life."""

    status = forms.ChoiceField(label="变更为")
    since = day_field("自哪天起")
    reason = forms.CharField(label="原因", max_length=200, required=False, help_text="暂停和撤销须写明原因。",
                             widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def __init__(self, *args: Any, moves: list[StationStatus], **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["status"] = choice_field("变更为", [(move.value, move.label) for move in moves])


class ProfileForm(VersionedForm):
    """The site in figures as of a day (002-07)."""

    sections = (
        ("时点", ["as_of", "source"], "同一天只登记一次；有变化时登记新的一天，不改旧数。"),
        (
            "数字",
            [
                "area_km2",
                "residents",
                "communities_urban",
                "communities_fringe",
                "resident_groups",
                "ethnic_groups",
                "mixed_families",
            ],
        ),
    )

    as_of = day_field("截至")
    source = forms.CharField(label="来源", max_length=200, widget=forms.TextInput(attrs={"data-wide": ""}))
    area_km2 = forms.DecimalField(
        label="面积（平方公里）", max_digits=12, decimal_places=2, min_value=0, required=False
    )
    residents = forms.IntegerField(label="常住人口", min_value=0, max_value=100_000_000, required=False)
    communities_urban = forms.IntegerField(label="城市社区", min_value=0, max_value=10_000, required=False)
    communities_fringe = forms.IntegerField(label="城乡结合部社区", min_value=0, max_value=10_000, required=False)
    resident_groups = forms.IntegerField(label="居民小组", min_value=0, max_value=100_000, required=False)
    ethnic_groups = forms.IntegerField(label="民族数", min_value=0, max_value=100, required=False)
    mixed_families = forms.IntegerField(label="民族通婚家庭", min_value=0, max_value=1_000_000, required=False)

    def said(self) -> ProfileInput:
        own = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "submit_token")}
        return ProfileInput(**own)


class OperatorForm(VersionedForm):
    """Which organisation plays which part from when (001-04)."""

    role = choice_field(
        "角色", OperatorRole.choices, help_text="承接运营与督导支持须是两家机构（两份合同、两种职责）。"
    )
    organisation = forms.ChoiceField(label="机构")
    since = day_field("自哪天起", help_text="现任机构的任期到这一天为止。")

    def __init__(self, *args: Any, organisations: Choices, **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["organisation"] = searched("机构", organisations, blank="请选择", required=True)


class OperatorEndForm(VersionedForm):
    """Nobody plays this part from a day on."""

    role = choice_field("角色", OperatorRole.choices)
    until = day_field("到哪天为止（不含）")
