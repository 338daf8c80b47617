"""Which paper a person shows, and what its number must look like (standards §1.1, domain "Settled").

Passports and 外国人永久居留证 (its 2023 form M-med, its older form from memory): only shapes are checked.
"""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.identifiers import IdentifierProblem
from core.identifiers.resident_id import ResidentId, Sex, check_resident_id

_FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,15}")
_PERMANENT_RESIDENCE = re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}")


class DocumentType(StrEnum):
    """Values are stored; order is the order of the choice on forms."""

    RESIDENT_ID = "resident_id"
    HOUSEHOLD_BOOK = "household_book"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"
    PERMANENT_RESIDENCE = "permanent_residence"
    NONE = "none"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    DocumentType.RESIDENT_ID: "居民身份证",
    DocumentType.HOUSEHOLD_BOOK: "户口簿",
    DocumentType.HK_MACAO_PERMIT: "港澳居民居住证",
    DocumentType.TAIWAN_PERMIT: "台湾居民居住证",
    DocumentType.PASSPORT: "护照",
    DocumentType.PERMANENT_RESIDENCE: "外国人永久居留证",
    DocumentType.NONE: "无证件",
}
_PERMIT_PREFIXES = {
    DocumentType.HK_MACAO_PERMIT: ("81", "82"),
    DocumentType.TAIWAN_PERMIT: ("83",),
}
_ALL_PERMIT_PREFIXES = ("81", "82", "83")
_GB_11643 = frozenset(
    {DocumentType.RESIDENT_ID, DocumentType.HOUSEHOLD_BOOK, DocumentType.HK_MACAO_PERMIT, DocumentType.TAIWAN_PERMIT}
)


class Document(NamedTuple):
    """A document that passed. `resident` is there when the number follows GB 11643 and so tells birth date and sex."""

    kind: DocumentType
    number: str
    resident: ResidentId | None = None

    @property
    def birth_date(self) -> date | None:
        return self.resident.birth_date if self.resident else None

    @property
    def sex(self) -> Sex | None:
        return self.resident.sex if self.resident else None


def document_type_named(text: str) -> DocumentType | None:
    """The type whose Chinese label (or stored value) this is, as imports write it; None if there is none."""
    return _BY_NAME.get(text.strip())


_BY_NAME = {name: kind for kind in DocumentType for name in (kind.value, LABELS[kind])}
_BY_NAME |= {"身份证": DocumentType.RESIDENT_ID, "公民身份证": DocumentType.RESIDENT_ID}
_BY_NAME |= {"户口本": DocumentType.HOUSEHOLD_BOOK, "外国人永久居留身份证": DocumentType.PERMANENT_RESIDENCE}


def check_document(kind: DocumentType, text: str, *, today: date, reason: str = "") -> Document | IdentifierProblem:
    """The document parsed, or the first thing wrong. 无证件 takes no number and needs a `reason`.

    Codes: document.reason, document.number_given, document.prefix, document.shape, and those of `check_resident_id`.
    """
    if kind in _GB_11643:
        return _resident_document(kind, text, today)
    if kind is DocumentType.NONE:
        return _no_document(text, reason)
    pattern, message = _OTHER_SHAPES[kind]
    number = text.translate(_FULL_WIDTH).upper()
    if not pattern.fullmatch(number):
        return IdentifierProblem("document.shape", message)
    return Document(kind, number)


_OTHER_SHAPES = {
    DocumentType.PASSPORT: (_PASSPORT, "护照号码应为 6–15 位大写字母和数字，至少含一个数字，不含空格。"),
    DocumentType.PERMANENT_RESIDENCE: (
        _PERMANENT_RESIDENCE,
        "外国人永久居留证号码应为 18 位并以 9 开头，或为旧版 3 个字母加 12 位数字。",
    ),
}


def _resident_document(kind: DocumentType, text: str, today: date) -> Document | IdentifierProblem:
    resident = check_resident_id(text, today=today)
    if isinstance(resident, IdentifierProblem):
        return resident
    prefix = resident.number[:2]
    wanted = _PERMIT_PREFIXES.get(kind)
    if wanted is None and prefix in _ALL_PERMIT_PREFIXES:
        return IdentifierProblem("document.prefix", f"以 {prefix} 开头的是港澳台居民居住证号码，请改选证件类型。")
    if wanted is not None and prefix not in wanted:
        return IdentifierProblem("document.prefix", f"{LABELS[kind]}号码应以 {'或 '.join(wanted)} 开头。")
    return Document(kind, resident.number, resident)


def _no_document(text: str, reason: str) -> Document | IdentifierProblem:
    if text:
        return IdentifierProblem("document.number_given", "证件类型为“无证件”时不能填写号码。")
    if not reason.strip():
        return IdentifierProblem("document.reason", "没有证件时必须说明原因（如无户籍、流浪乞讨）。")
    return Document(DocumentType.NONE, "")
