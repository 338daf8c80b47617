"""Forms of the register. They read; what is right is `services.checking`'s to say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from cases.enums import Category, ConsentGiver, ConsentPurpose, Relation
from cases.services import CategoryInput, ClientInput
from cases.services.consents import ConsentInput
from core.identifiers.documents import LABELS, DocumentType
from core.privacy.identity import SEX_CHOICES

PIPL_31 = "个人信息保护法第三十一条"
DOCUMENTS = [(kind.value, LABELS[kind]) for kind in DocumentType]
SEXES = [("", "请选择"), *[(code.value, label) for code, label in SEX_CHOICES]]
RELATIONS = [("", "–"), *Relation.choices]


def day_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    messages = {"invalid": "请按 年-月-日 填写，如 2026-11-20。", "required": f"请填写{label}。"}
    return forms.DateField(
        label=label, required=required, widget=widget, input_formats=["%Y-%m-%d"], help_text=help_text,
        error_messages=messages,
    )  # fmt: skip


def words_field(label: str, most: int, *, required: bool = False, help_text: str = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    messages = {"required": f"请填写{label}。", "max_length": f"{label}最多 {most} 个字。"}
    return forms.CharField(
        label=label, required=required, max_length=most, widget=widget, help_text=help_text, error_messages=messages
    )


class PersonForm(forms.Form):
    """What a file says about the person; on registering and on changing."""

    name = words_field("姓名", 60, required=True, help_text="少数民族姓名中间的点写作 ·")
    document_type = forms.ChoiceField(label="证件类型", choices=DOCUMENTS, initial=DocumentType.RESIDENT_ID)
    # Blanks are kept, so that they are seen and refused with a reason (GB 11643).
    id_number = forms.CharField(
        label="证件号码", required=False, max_length=40, strip=False, help_text="填写后自动带出出生日期和性别",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-id-number": ""}),
    )  # fmt: skip
    no_document_reason = words_field("无证件原因", 100, help_text="证件类型为“无证件”时必填")
    birth_date = day_field("出生日期")
    sex = forms.ChoiceField(label="性别", choices=SEXES, required=False)
    mismatch_reason = words_field("与证件不一致的原因", 200, help_text="出生日期或性别确与证件不同的，写明原因")
    phone = words_field("电话", 30, inputmode="tel")
    address = words_field("住址", 200, **{"data-half": ""})
    community = words_field("村（社区）", 64)
    worker_id = forms.ChoiceField(label="责任社工", required=False)
    guardian_name = words_field("监护人姓名", 60)
    guardian_phone = words_field("监护人电话", 30, inputmode="tel")
    duplicate_reason = words_field("不是同一人的理由", 200, help_text="系统发现相似档案时才需填写", **{"data-wide": ""})

    sections = (
        ("身份", ["name", "document_type", "id_number", "no_document_reason", "birth_date", "sex", "mismatch_reason"]),
        ("联系", ["phone", "community", "worker_id", "address"]),
        ("监护人", ["guardian_name", "guardian_phone", "consent_on", "witness"], "未满 14 周岁必填"),
        ("重复核对", ["duplicate_reason"]),
    )

    def __init__(self, *args: Any, workers: list[tuple[str, str]] = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["worker_id"].choices = [("", "暂不指定"), *workers]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Field of ClientInput → value, for the fields this form shows."""
        said = {name: self.cleaned_data[name] for name in PersonForm.base_fields}
        said["worker_id"] = UUID(said["worker_id"]) if said["worker_id"] else None
        return said


class RegisterForm(PersonForm):
    """A new person on the register of one station."""

    station = forms.ChoiceField(label="社工站", error_messages={"required": "请选择社工站。"})
    categories = forms.MultipleChoiceField(
        label="对象类别", choices=Category.choices, required=False,
        widget=forms.SelectMultiple(attrs={"data-search": "", "data-wide": "", "data-placeholder": "请选择，可多选"}),
    )  # fmt: skip
    category_from = day_field("类别自", help_text="不填为今天")
    household_number = words_field("户编号", 32, help_text="同住的家人填同一编号；没有的，填后新立一户")
    relation = forms.ChoiceField(label="与户主关系", choices=RELATIONS, required=False)
    consent_on = day_field("同意日期", help_text="本人（未满 14 周岁由监护人）签署服务协议和敏感个人信息同意书的日期")
    witness = words_field("见证人", 40)
    submit_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    sections = (
        ("身份", PersonForm.sections[0][1]),
        ("归属", ["station", "worker_id", "community", "household_number", "relation"]),
        ("联系", ["phone", "address"]),
        ("对象类别", ["categories", "category_from"]),
        ("同意与监护", ["consent_on", "witness", "guardian_name", "guardian_phone"],
         f"未满 14 周岁须由监护人同意，三项都要填（{PIPL_31}）"),
        ("重复核对", ["duplicate_reason"]),
    )  # fmt: skip

    def __init__(self, *args: Any, stations: list[tuple[str, str]] = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        blank = [] if len(stations) == 1 else [("", "请选择")]
        self.fields["station"].choices = [*blank, *stations]  # type: ignore[attr-defined]

    def said(self) -> ClientInput:
        given = self.cleaned_data
        since = given["category_from"] or timezone.localdate()
        return ClientInput(
            **self.facts(),
            categories=[CategoryInput(code, since) for code in given["categories"]],
            household_number=given["household_number"],
            relation=given["relation"],
            consent_on=given["consent_on"],
            witness=given["witness"],
        )


class EditForm(PersonForm):
    """Changing a file, against the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = words_field("修改原因", 200, help_text="如：搬家、更正登记错误")

    sections = (
        ("身份", PersonForm.sections[0][1]),
        ("联系", ["phone", "community", "worker_id", "address"]),
        ("监护人", ["guardian_name", "guardian_phone"], "未满 14 周岁必填"),
        ("说明", ["reason", "duplicate_reason"]),
    )


class CategoryForm(forms.Form):
    category = forms.ChoiceField(label="类别", choices=Category.choices)
    valid_from = day_field("起", required=True)
    valid_to = day_field("止（不含）")
    evidence = words_field("依据", 200, help_text="如证件名称、认定文号；加密保存", **{"data-wide": ""})

    def said(self) -> CategoryInput:
        given = self.cleaned_data
        return CategoryInput(given["category"], given["valid_from"], given["valid_to"], given["evidence"])


class CloseCategoryForm(forms.Form):
    category_id = forms.UUIDField(widget=forms.HiddenInput)
    valid_to = day_field("自哪天起不再属于", required=True)
    reason = words_field("原因", 200)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label="用途", choices=ConsentPurpose.choices)
    text_version = words_field("文本版本", 16, required=True)
    given_by = forms.ChoiceField(
        label="谁同意", choices=ConsentGiver.choices, help_text=f"未满 14 周岁须监护人（{PIPL_31}）"
    )
    given_on = day_field("签署日期", required=True)
    guardian_name = words_field("监护人姓名", 60)
    guardian_phone = words_field("监护人电话", 30, inputmode="tel")
    witness = words_field("见证人", 40)

    def said(self) -> ConsentInput:
        return ConsentInput(**self.cleaned_data)


class HouseholdForm(forms.Form):
    household_number = words_field("户编号", 32, help_text="不填则新立一户")
    relation = forms.ChoiceField(label="与户主关系", choices=Relation.choices)
