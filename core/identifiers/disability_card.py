"""残疾人证号: the holder's 18-character ID number, category 1–7, level 1–4, perhaps a re-issue mark; §1.4."""

import re
from datetime import date
from typing import NamedTuple

from core.identifiers import IdentifierProblem
from core.identifiers.resident_id import check_resident_id, normalise

CATEGORIES = {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}
LEVELS = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
_SHAPE = re.compile(r"([0-9]{17}[0-9X])([1-7])([1-4])(B[1-9])?")


class DisabilityCard(NamedTuple):
    """A card number that passed; `label` reads 肢体二级."""

    number: str
    category: str
    level: str

    @property
    def label(self) -> str:
        return CATEGORIES[self.category] + LEVELS[self.level]


def check_disability_card(
    text: str, *, today: date, holder_id: str | None = None
) -> DisabilityCard | IdentifierProblem:
    """The card parsed, or why not. With `holder_id`, its first 18 characters must be that number.

    Codes: disability.shape, disability.holder, and those of `check_resident_id`.
    """
    number = normalise(text)
    match = _SHAPE.fullmatch(number.replace("b", "B"))
    if match is None:
        message = "残疾人证号应为 18 位身份证号 + 类别（1–7）+ 等级（1–4），补发另加 B 和次数。"
        return IdentifierProblem("disability.shape", message)
    resident = check_resident_id(match[1], today=today)
    if isinstance(resident, IdentifierProblem):
        return resident
    if holder_id is not None and normalise(holder_id) != resident.number:
        return IdentifierProblem("disability.holder", "残疾人证号前 18 位与身份证号不一致。")
    return DisabilityCard(match[0], match[2], match[3])
