"""Forms of the roster."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from core.identifiers.documents import LABELS, DocumentType
from core.privacy.identity import SEX_CHOICES
from stations.enums import Certificate, Employment
from stations.forms.fields import VersionedForm, choice_field, day_field, searched
from stations.services.checking import WorkerInput

Choices = list[tuple[str, str]]
PAPERS = [(kind.value, label) for kind, label in LABELS.items() if kind is not DocumentType.NONE]
# Never filled in by us: a masked value left empty stays as it is.
MASKED = ("id_number", "phone", "address")


class WorkerForm(VersionedForm):
    """A worker's record. On a change the masked fields arrive empty, and empty means unchanged."""

    sections = (
        (
            "身份",
            ["name", "document_type", "id_number", "birth_date", "sex", "mismatch_reason"],
            "加密保存；名单上只显示姓名。",
        ),
        ("联系", ["phone", "address"]),
        ("岗位", ["station", "post", "organisation", "started_on", "employment", "left_on"]),
        ("证书", ["certificate", "certificate_number", "registered_on"]),
    )

    name = forms.CharField(label="姓名", max_length=60)
    document_type = choice_field("证件类型", PAPERS)
    id_number = forms.CharField(
        label="证件号码", max_length=24, widget=forms.TextInput(attrs={"data-id-number": "", "autocomplete": "off"})
    )
    birth_date = day_field("出生日期", required=False, help_text="填了身份证号码会自动填写。")
    sex = choice_field("性别", SEX_CHOICES, required=False)
    mismatch_reason = forms.CharField(
        label="不一致的原因", max_length=200, required=False, help_text="出生日期或性别确与证件号码不同时填写。"
    )
    phone = forms.CharField(label="电话", max_length=24, required=False)
    address = forms.CharField(
        label="住址", max_length=200, required=False, widget=forms.TextInput(attrs={"data-half": ""})
    )
    station = forms.ChoiceField(label="社工站")
    post = forms.CharField(label="岗位", max_length=32, required=False, help_text="如站长、专职社工、驻站社工。")
    organisation = forms.ChoiceField(label="所属机构", required=False)
    started_on = day_field("到岗日期", required=False)
    employment = choice_field("在岗", Employment.choices)
    left_on = day_field("离岗日期", required=False)
    certificate = choice_field("证书", Certificate.choices)
    certificate_number = forms.CharField(label="证书编号", max_length=40, required=False)
    registered_on = day_field("登记日期", required=False, help_text="登记有效期三年，到期前须再登记。")

    def __init__(self, *args: Any, stations: Choices, organisations: Choices, **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["station"] = searched(
            "社工站", stations, blank="请选择" if len(stations) != 1 else "", required=True
        )
        self.fields["organisation"] = searched("所属机构", organisations, blank="（没有）")

    def said(self) -> WorkerInput:
        return WorkerInput(**self.facts())

    def facts(self) -> dict[str, Any]:
        left_out = ("version", "submit_token", "station", "organisation")
        own = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        organisation = self.cleaned_data["organisation"]
        return {**own, "organisation_id": UUID(organisation) if organisation else None}

    def leave_masked(self, shown: dict[str, str]) -> WorkerForm:
        """A change: what is masked is said beside the field, not in it."""
        for name in MASKED:
            self.fields[name].required = False
            self.fields[name].widget.attrs["placeholder"] = f"{shown[name]}（不改请留空）" if shown[name] else ""
        del self.fields["station"]
        return self

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.facts().items() if value != "" or name not in MASKED}


class TransferForm(VersionedForm):
    """The worker goes to another station within the same reach."""

    station = forms.ChoiceField(label="调到")

    def __init__(self, *args: Any, stations: Choices, **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields["station"] = searched("调到", stations, blank="请选择", required=True)
