"""What a row about a client must say, in one place for page, API and import (standards §1.1, §3.1, §8.1).

Pure: no database, no clock of its own. Whether the number is taken and the station takes clients is `clients`' to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from cases.enums import Category, Relation
from core.identifiers import IdentifierProblem
from core.identifiers.documents import Document, DocumentType, check_document, document_type_named
from core.identifiers.names import normalise_person_name
from core.identifiers.phone import check_phone
from core.identifiers.resident_id import MAX_AGE, Sex, age_on, disagreements
from core.privacy.identity import Particulars

# PIPL art. 31: below this age a guardian consents. Law, nationwide, not a threshold a place may set.
GUARDIAN_BELOW = 14
CONSENT_VERSION = "1"
REASON_MIN = 4
_LENGTHS = {
    "name": (60, "姓名"),
    "guardian_name": (60, "监护人姓名"),
    "address": (200, "住址"),
    "community": (64, "村（社区）"),
    "no_document_reason": (100, "无证件原因"),
    "vouched_by": (40, "补录担保人"),
    "consent_version": (16, "同意书版本"),
    "witness": (40, "见证人"),
    "mismatch_reason": (200, "不一致的原因"),
    "duplicate_reason": (200, "不是同一人的理由"),
}
_CATEGORIES = frozenset(Category.values)
_RELATIONS = frozenset(Relation.values)
_SEXES = {sex.value: sex for sex in Sex}


class Problem(NamedTuple):
    """Why a row is refused: the input's field, a stable code, a sentence that says how to mend it."""

    field: str
    code: str
    message: str


class CategoryInput(NamedTuple):
    code: str
    valid_from: date
    valid_to: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ClientInput:
    """One person to be put on the register, as a form, a request or a row of a workbook says it.

    `id_number` may arrive as a number from a workbook's cell; it is then refused, since its last digits may be lost.
    `sex` is a code of GB/T 2261.1 or empty. `consent_on` is the day of consent: the guardian's for a child under 14,
    else the person's own. `duplicate_reason` says why a similar file is somebody else.
    """

    name: str = ""
    document_type: str = DocumentType.RESIDENT_ID
    id_number: Any = ""
    no_document_reason: str = ""
    birth_date: date | None = None
    sex: str = ""
    mismatch_reason: str = ""
    phone: str = ""
    address: str = ""
    community: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    consent_on: date | None = None
    consent_version: str = CONSENT_VERSION
    witness: str = ""
    categories: Sequence[CategoryInput] = ()
    worker_id: UUID | None = None
    household_number: str = ""
    relation: str = ""
    registered_on: date | None = None
    duplicate_reason: str = ""
    vouched_by: str = ""
    is_example: bool = False

    def __repr__(self) -> str:
        return "ClientInput(…)"


class Double(NamedTuple):
    """An existing file that may be the same person."""

    client_id: UUID
    number: str
    how: str


@dataclass(slots=True, repr=False)
class Checked:
    """A row read: what it says in stored form, and what is wrong with it."""

    row: int
    said: ClientInput
    particulars: Particulars = field(default_factory=lambda: Particulars(name=""))
    document_type: str = DocumentType.NONE
    birth_date: date | None = None
    sex: str = Sex.UNKNOWN
    registered_on: date | None = None
    is_child: bool = False
    problems: list[Problem] = field(default_factory=list)
    doubles: list[Double] = field(default_factory=list)
    id: UUID | None = None
    number: str = ""
    id_index: UUID | None = None
    name_index: int = 0
    phone_index: int | None = None

    def refuse(self, name: str, code: str, message: str) -> None:
        self.problems.append(Problem(name, code, message))


def check_input(said: ClientInput, *, row: int, today: date) -> Checked:
    """The row in stored form with every problem that can be seen from the row alone."""
    checked = Checked(row, said)
    checked.registered_on = said.registered_on or today
    _check_lengths(checked)
    document = _check_paper(checked, today)
    _check_birth_and_sex(checked, document, today)
    phone = _check_phone(checked, "phone", said.phone)
    guardian_phone = _check_phone(checked, "guardian_phone", said.guardian_phone)
    name = normalise_person_name(said.name)
    if not name:
        checked.refuse("name", "name.missing", "请填写姓名；不知道真实姓名的，填临时称呼。")
    checked.particulars = Particulars(
        name=name,
        id_number=document.number if document else "",
        phone=phone,
        address=said.address.strip(),
        no_document_reason=said.no_document_reason.strip() if checked.document_type == DocumentType.NONE else "",
        guardian_name=normalise_person_name(said.guardian_name),
        guardian_phone=guardian_phone,
    )
    _check_dates(checked, today)
    _check_guardian(checked)
    _check_codes(checked)
    return checked


def _check_lengths(checked: Checked) -> None:
    said = checked.said
    for name, (most, label) in _LENGTHS.items():
        text = getattr(said, name)
        if text and len(text) > most:
            checked.refuse(name, "too_long", f"{label}最多 {most} 个字。")
        if text and "\x00" in text:
            checked.refuse(name, "characters", f"{label}中有不能保存的字符，请重新输入。")


def _check_paper(checked: Checked, today: date) -> Document | None:
    said = checked.said
    kind = document_type_named(said.document_type)
    if kind is None:
        checked.refuse("document_type", "document.unknown", "没有这种证件类型，请从列表中选择。")
        return None
    checked.document_type = kind.value
    if not isinstance(said.id_number, str):
        message = "证件号码被表格存成了数字，末几位可能已丢失；请把该列设为“文本”后重新填写。"
        checked.refuse("id_number", "id.numeric", message)
        return None
    found = check_document(kind, said.id_number, today=today, reason=said.no_document_reason)
    if isinstance(found, IdentifierProblem):
        name = "no_document_reason" if found.code == "document.reason" else "id_number"
        checked.refuse(name, found.code, _mended(found))
        return None
    return found


def _mended(problem: IdentifierProblem) -> str:
    """A missing number has a way out, and the person should hear of it."""
    if problem.code == "id.missing":
        return "请填写证件号码；确实没有证件的，证件类型选“无证件”并说明原因。"
    return problem.message


def _check_birth_and_sex(checked: Checked, document: Document | None, today: date) -> None:
    said = checked.said
    if said.sex and said.sex not in _SEXES:
        checked.refuse("sex", "sex.unknown", "性别代码应为 0 未知、1 男、2 女、9 未说明。")
    resident = document.resident if document else None
    checked.birth_date = said.birth_date or (resident.birth_date if resident else None)
    checked.sex = _SEXES.get(said.sex, resident.sex if resident else Sex.UNKNOWN).value
    if resident and said.sex in ("", Sex.UNKNOWN, Sex.UNSTATED):
        checked.sex = resident.sex.value
    if resident and (said.birth_date or said.sex) and len(said.mismatch_reason.strip()) < REASON_MIN:
        for name, problem in disagreements(resident, birth_date=said.birth_date, sex=said.sex).items():
            message = f"{problem.message}确以原件为准而仍不同的，请写明原因。"
            checked.refuse(name, problem.code, message)
    if checked.birth_date is None and not checked.problems:
        message = "请填写出生日期；不知道确切日期的，填估计年份的 1 月 1 日。"
        checked.refuse("birth_date", "birth_date.missing", message)


def _check_phone(checked: Checked, name: str, text: str) -> str:
    if not text:
        return ""
    found = check_phone(text)
    if isinstance(found, IdentifierProblem):
        checked.refuse(name, found.code, found.message)
        return ""
    return found.number


def _check_dates(checked: Checked, today: date) -> None:
    said, birth = checked.said, checked.birth_date
    registered = checked.registered_on or today
    if registered > today:
        checked.refuse("registered_on", "registered_on.future", "登记日期不能晚于今天。")
    if birth and birth > registered:
        checked.refuse("birth_date", "birth_date.future", "出生日期不能晚于登记日期。")
    elif birth and age_on(birth, today) > MAX_AGE:
        checked.refuse("birth_date", "birth_date.age", f"按出生日期年龄超过 {MAX_AGE} 岁，请核对。")
    if said.consent_on and said.consent_on > today:
        checked.refuse("consent_on", "consent_on.future", "同意日期不能晚于今天。")


def _check_guardian(checked: Checked) -> None:
    """Under 14 on the day of registration: guardian's name, phone and consent, or no registration."""
    birth, registered = checked.birth_date, checked.registered_on
    if birth is None or registered is None or birth > registered:
        return
    checked.is_child = age_on(birth, registered) < GUARDIAN_BELOW
    if not checked.is_child:
        return
    said = checked.said
    for name, value, label in (
        ("guardian_name", said.guardian_name.strip(), "监护人姓名"),
        ("guardian_phone", said.guardian_phone.strip(), "监护人电话"),
        ("consent_on", said.consent_on, "监护人同意的日期"),
    ):
        if not value:
            message = f"未满 14 周岁须由监护人同意（个人信息保护法第三十一条），请填写{label}。"
            checked.refuse(name, "child_without_guardian", message)


def _check_codes(checked: Checked) -> None:
    said = checked.said
    if said.relation and said.relation not in _RELATIONS:
        checked.refuse("relation", "relation.unknown", "没有这种与户主关系，请从列表中选择。")
    seen: set[str] = set()
    for category in said.categories:
        if category.code not in _CATEGORIES:
            checked.refuse("categories", "category.unknown", "没有这种对象类别，请从列表中选择。")
        elif category.code in seen:
            checked.refuse("categories", "category.twice", f"对象类别“{Category(category.code).label}”写了两次。")
        elif category.valid_to and category.valid_to <= category.valid_from:
            checked.refuse("categories", "category.backward", "对象类别的止期应晚于起期。")
        seen.add(category.code)
