"""Forms of account administration."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from accounts.roles import ROLE_CHOICES
from core.lists.filters import RegionInput

PLACES = [
    ("region", "区划（辖区内全部站点）"),
    ("station", "一个社工站（含其服务点）"),
    ("stations", "指定的几个站"),
    ("organisation", "一个机构承接的站点"),
    ("nation", "全国"),
]


class OpenAccountForm(forms.Form):
    display_name = forms.CharField(
        label="姓名", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写姓名。"},
    )  # fmt: skip
    username = forms.CharField(
        label="登录名", max_length=64, help_text="小写字母、数字和 . _ -，如 zhangsan.naidong",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": "请填写登录名。"},
    )  # fmt: skip


def _day(label: str, *, required: bool, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "请按 年-月-日 填写，如 2026-11-20。", "required": f"请填写{label}。"},
    )  # fmt: skip


class MembershipForm(forms.Form):
    """A role and one place. Stations are named one a line, because a choice of 40,000 is none."""

    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *ROLE_CHOICES])
    title = forms.CharField(label="职务", max_length=40, required=False)
    place = forms.ChoiceField(label="任职于", choices=PLACES, initial="region")
    region = forms.CharField(
        label="区划", max_length=12, required=False, help_text="“任职于”选区划时必填",
        widget=RegionInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    stations = forms.CharField(
        label="社工站名称", required=False, max_length=2000, help_text="选社工站时必填，写全称；几个站时一行一个",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    organisation = forms.CharField(
        label="机构", max_length=120, required=False, help_text="选机构时必填，写全称或统一社会信用代码"
    )
    valid_from = _day("起始日", required=True)
    valid_to = _day("截止日", required=False, help_text="当天起不再任职；长期任职不填")
    sections = [
        ("角色", ["role", "title"]),
        ("地点", ["place", "region", "stations", "organisation"]),
        ("期限", ["valid_from", "valid_to"]),
    ]

    def __init__(self, *args: object, top: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["region"].region_top = top  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate

    def clean(self) -> dict:
        given = super().clean() or {}
        place = given.get("place")
        for kind, name in (
            ("region", "region"),
            ("station", "stations"),
            ("stations", "stations"),
            ("organisation",) * 2,
        ):
            if place == kind and not given.get(name):
                self.add_error(name, f"请填写{self.fields[name].label}。")
        return given


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, error_messages={"required": "请写明原因。"})
