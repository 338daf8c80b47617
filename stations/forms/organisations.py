"""The form of an organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from stations.enums import OrganisationKind
from stations.forms.fields import VersionedForm, choice_field, day_field, region_field, searched
from stations.models import Organisation
from stations.services.organisations import OrganisationInput


class OrganisationForm(VersionedForm):
    """An organisation's record, as its certificate says it."""

    sections = (
        ("登记证书", ["name", "credit_code", "kind", "founded_on"]),
        ("所在地与隶属", ["region", "parent", "contact"]),
    )

    name = forms.CharField(label="名称", max_length=120, widget=forms.TextInput(attrs={"data-half": ""}))
    credit_code = forms.CharField(
        label="统一社会信用代码", max_length=24, help_text="18 位，保存时核对校验位（GB 32100-2015）。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    kind = choice_field("类别", OrganisationKind.choices)
    region = region_field("所在地", help_text="登记机关所在的区划。")
    parent = forms.ChoiceField(label="上级机构", required=False)
    founded_on = day_field("成立日期", required=False)
    contact = forms.CharField(label="联系方式", max_length=64, required=False, help_text="机构公开的电话或邮箱。")

    def __init__(self, *args: Any, parents: list[tuple[str, str]], top: str = "", **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["parent"] = searched("上级机构", parents, blank="（没有）")
        self.fields["region"].region_top = top  # type: ignore[attr-defined]

    def said(self) -> OrganisationInput:
        given = self.cleaned_data
        return OrganisationInput(
            name=given["name"], credit_code=given["credit_code"], kind=given["kind"], region_code=given["region"],
            parent_id=UUID(given["parent"]) if given["parent"] else None, founded_on=given["founded_on"],
            contact=given["contact"],
        )  # fmt: skip


def organisation_facts(one: Organisation) -> dict[str, Any]:
    """What stands in the form of an organisation."""
    return {
        "name": one.name,
        "credit_code": one.credit_code,
        "kind": one.kind,
        "region": one.region_id,
        "parent": str(one.parent_id or ""),
        "founded_on": one.founded_on,
        "contact": one.contact,
        "version": one.version,
    }
