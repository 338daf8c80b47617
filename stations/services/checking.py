"""What a worker's row must say, in one place for page, API and import. Pure: no database, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from core.identifiers import IdentifierProblem
from core.identifiers.documents import Document, DocumentType, check_document, document_type_named
from core.identifiers.names import normalise_person_name
from core.identifiers.phone import check_phone
from core.identifiers.resident_id import Sex, age_on, disagreements
from core.privacy.identity import Particulars
from stations.enums import Certificate, Employment

# 劳动法 art. 15: nobody below this age may be employed. Law, nationwide, not a threshold a place may set.
WORKING_AGE = 16
REASON_MIN = 4
_LENGTHS = {
    "name": (60, "姓名"),
    "address": (200, "住址"),
    "post": (32, "岗位"),
    "certificate_number": (40, "证书编号"),
}
_SEXES = {sex.value: sex for sex in Sex}


class Problem(NamedTuple):
    """Why a row is refused: the input's field, a stable code, a sentence that says how to mend it."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class WorkerInput:
    """One worker to be put on the roster.

    `id_number` may arrive as a number from a workbook's cell; it is then refused.

    `sex` is a code of GB/T 2261.1 or empty. `mismatch_reason` says why birth date or sex differ from the number.
    """

    name: str = ""
    document_type: str = DocumentType.RESIDENT_ID
    id_number: Any = ""
    birth_date: date | None = None
    sex: str = ""
    mismatch_reason: str = ""
    phone: str = ""
    address: str = ""
    post: str = ""
    certificate: str = Certificate.NONE
    certificate_number: str = ""
    registered_on: date | None = None
    employment: str = Employment.ACTIVE
    started_on: date | None = None
    left_on: date | None = None
    organisation_id: UUID | None = None
    is_example: bool = False

    def __repr__(self) -> str:
        return "WorkerInput(…)"


@dataclass(slots=True, repr=False)
class Checked:
    """A row read: what it says in stored form, and what is wrong with it."""

    row: int
    said: WorkerInput
    particulars: Particulars = field(default_factory=lambda: Particulars(name=""))
    document_type: str = DocumentType.RESIDENT_ID
    birth_date: date | None = None
    sex: str = Sex.UNKNOWN
    problems: list[Problem] = field(default_factory=list)
    id: UUID | None = None
    id_index: UUID | None = None

    def refuse(self, name: str, code: str, message: str) -> None:
        self.problems.append(Problem(name, code, message))


def check_worker(said: WorkerInput, *, row: int, today: date) -> Checked:
    """The row in stored form with every problem that can be seen from the row alone."""
    checked = Checked(row, said)
    for name, (most, label) in _LENGTHS.items():
        if len(getattr(said, name)) > most or "\x00" in getattr(said, name):
            checked.refuse(name, "too_long", f"{label}最多 {most} 个字，且不能含控制字符。")
    document = _check_paper(checked, today)
    _check_birth_and_sex(checked, document)
    phone = _check_phone(checked)
    name = normalise_person_name(said.name)
    if not name:
        checked.refuse("name", "name.missing", "请填写姓名。")
    checked.particulars = Particulars(
        name=name, id_number=document.number if document else "", phone=phone, address=said.address.strip()
    )
    _check_codes(checked)
    _check_dates(checked, today)
    return checked


def _check_paper(checked: Checked, today: date) -> Document | None:
    said = checked.said
    kind = document_type_named(said.document_type)
    if kind is None or kind is DocumentType.NONE:
        checked.refuse("document_type", "document.unknown", "请选择证件类型；社工须凭证件登记。")
        return None
    checked.document_type = kind.value
    if not isinstance(said.id_number, str):
        message = "证件号码被表格存成了数字，末几位可能已丢失；请把该列设为“文本”后重新填写。"
        checked.refuse("id_number", "id.numeric", message)
        return None
    found = check_document(kind, said.id_number, today=today)
    if isinstance(found, IdentifierProblem):
        checked.refuse("id_number", found.code, found.message)
        return None
    return found


def _check_birth_and_sex(checked: Checked, document: Document | None) -> None:
    said = checked.said
    resident = document.resident if document else None
    if said.sex and said.sex not in _SEXES:
        checked.refuse("sex", "sex.unknown", "性别代码应为 0 未知、1 男、2 女、9 未说明。")
    checked.birth_date = said.birth_date or (resident.birth_date if resident else None)
    checked.sex = said.sex if said.sex in _SEXES else Sex.UNKNOWN.value
    if resident and said.sex in ("", Sex.UNKNOWN, Sex.UNSTATED):
        checked.sex = resident.sex.value
    if resident and (said.birth_date or said.sex) and len(said.mismatch_reason.strip()) < REASON_MIN:
        for name, problem in disagreements(resident, birth_date=said.birth_date, sex=said.sex).items():
            checked.refuse(name, problem.code, f"{problem.message}确以原件为准而仍不同的，请写明原因。")


def _check_phone(checked: Checked) -> str:
    if not checked.said.phone:
        return ""
    found = check_phone(checked.said.phone)
    if isinstance(found, IdentifierProblem):
        checked.refuse("phone", found.code, found.message)
        return ""
    return found.number


def _check_codes(checked: Checked) -> None:
    said = checked.said
    if said.certificate not in Certificate.values:
        checked.refuse("certificate", "certificate.unknown", "没有这种证书，请从列表中选择。")
    elif said.certificate == Certificate.NONE and (said.certificate_number.strip() or said.registered_on):
        checked.refuse("certificate", "certificate.missing", "填了证书编号或登记日期，请选择证书种类。")
    if said.employment not in Employment.values:
        checked.refuse("employment", "employment.unknown", "在岗情况应为“在岗”或“已离岗”。")
    elif said.employment == Employment.LEFT and not said.left_on:
        checked.refuse("left_on", "left_on.missing", "已离岗的请填写离岗日期。")
    elif said.employment == Employment.ACTIVE and said.left_on:
        checked.refuse("left_on", "left_on.active", "在岗的不填离岗日期；已离岗的请把在岗情况改为“已离岗”。")


def _check_dates(checked: Checked, today: date) -> None:
    said = checked.said
    for name, label in (("registered_on", "登记日期"), ("started_on", "到岗日期"), ("left_on", "离岗日期")):
        if (day := getattr(said, name)) and day > today:
            checked.refuse(name, f"{name}.future", f"{label}不能晚于今天。")
    if said.left_on and said.started_on and said.left_on < said.started_on:
        checked.refuse("left_on", "left_on.backward", "离岗日期不能早于到岗日期。")
    if checked.birth_date and age_on(checked.birth_date, said.started_on or today) < WORKING_AGE:
        checked.refuse(
            "birth_date", "birth_date.working_age", f"到岗时未满 {WORKING_AGE} 周岁，不能登记为社工（劳动法第十五条）。"
        )
