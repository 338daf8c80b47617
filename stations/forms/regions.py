"""Forms of the territory."""

from __future__ import annotations

from typing import Any

from django import forms

from stations.forms.fields import VersionedForm, choice_field, day_field
from stations.services.regions import WHATS, CountInput, NewRegion

REASON = {"label": "依据", "max_length": 200, "help_text": "批复或公告的名称和文号。"}


class RenameForm(VersionedForm):
    """The division has another name from now on."""

    name = forms.CharField(label="新名称", max_length=64)
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]


class ManyRegions(forms.CharField):
    """One division a line: code, blank, name."""

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), **how)

    def clean(self, value: Any) -> list[NewRegion]:
        found = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            code, _, name = line.strip().partition(" ")
            if not name.strip():
                raise forms.ValidationError(f"“{line.strip()[:30]}”应写作：代码 空格 名称。")
            found.append(NewRegion(code, name))
        return found


class SplitForm(VersionedForm):
    """On a day the division becomes several."""

    into = ManyRegions(label="拆分为", help_text="每行一个：代码 空格 名称；第一个为主要承接者。")
    on = day_field("自哪天起")
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]


class MergeForm(VersionedForm):
    """On a day this division and others become one."""

    others = forms.CharField(label="与哪些区划合并", help_text="代码，用空格分开；须属同一上级。")
    code = forms.CharField(label="合并后代码", max_length=12, help_text="沿用其中一个，或填新代码。")
    name = forms.CharField(label="合并后名称", max_length=64)
    on = day_field("自哪天起")
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]


class CountForm(VersionedForm):
    """An official number: what rates are divided by."""

    what = choice_field("项目", list(WHATS.items()))
    as_of = day_field("截至")
    value = forms.IntegerField(label="数值", min_value=0, max_value=10**12)
    source = forms.CharField(label="来源", max_length=200, help_text="公报、年鉴或批复的名称。")

    def said(self) -> CountInput:
        given = self.cleaned_data
        return CountInput(given["what"], given["as_of"], given["value"], given["source"])
