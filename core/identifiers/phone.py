"""Telephone numbers of mainland China (standards §1.4: patterns M-high)."""

import re
from enum import StrEnum
from typing import NamedTuple

from core.identifiers import IdentifierProblem

_FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "})
_SEPARATORS = str.maketrans("", "", " -()\u2010\u2011\u2012\u2013\u2014")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})")


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"


class Phone(NamedTuple):
    """`number` in the one form that is stored and indexed: 13812345678, or 0731-82345678."""

    number: str
    kind: PhoneKind


def check_phone(text: str) -> Phone | IdentifierProblem:
    """A mobile or a landline with area code; blanks, hyphens, brackets and +86 / 0086 / 86 fall away.

    Codes: phone.missing, phone.shape.
    """
    digits = text.translate(_FULL_WIDTH).translate(_SEPARATORS)
    if not digits:
        return IdentifierProblem("phone.missing", "请填写电话号码。")
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if _MOBILE.fullmatch(digits):
        return Phone(digits, PhoneKind.MOBILE)
    match = _LANDLINE.fullmatch(digits)
    if match:
        return Phone(f"{match[1]}-{match[2]}", PhoneKind.LANDLINE)
    return IdentifierProblem("phone.shape", "电话应为 11 位手机号（1 开头），或带区号的固定电话（如 0731-82345678）。")
