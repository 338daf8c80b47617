"""公民身份号码, GB 11643-1999 (standards §1.1).

A district code missing from today's table is a warning only: the number keeps the district of its time of issue.
"""

import re
from collections.abc import Container
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.identifiers import IdentifierProblem

MAX_AGE = 130
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)

_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘx\u3000", "0123456789XXX ")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


class Sex(StrEnum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"


class ResidentId(NamedTuple):
    """A number that passed every check, with what it says about its holder."""

    number: str
    birth_date: date
    sex: Sex

    def age_on(self, day: date) -> int:
        return age_on(self.birth_date, day)


def age_on(birth_date: date, day: date) -> int:
    """Whole years lived on `day` (周岁: the year completes on the birthday; born 29 February, on 1 March)."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def normalise(text: str) -> str:
    """Full-width digits and X become ASCII, x becomes X. Blanks stay, so that they are seen and refused."""
    return text.translate(_FULL_WIDTH)


def expected_check(digits: str) -> str:
    """The check character (ISO 7064 MOD 11-2) for 17 ASCII digits; raises ValueError for anything else."""
    if len(digits) != 17:
        raise ValueError("17 digits expected")
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11]


class _WeightedSums(dict[str, int]):
    """Digits at a fixed place → their share of the checksum. Holds at most 10 ** width entries."""

    def __init__(self, start: int, width: int) -> None:
        super().__init__()
        self._weights = WEIGHTS[start : start + width]

    def __missing__(self, digits: str) -> int:
        if not (digits.isascii() and digits.isdigit()):
            raise KeyError(digits)
        total = sum(weight * int(digit) for weight, digit in zip(self._weights, digits, strict=True))
        self[digits] = total
        return total


class _Births(dict[str, tuple[date, int]]):
    """YYYYMMDD → date and its share of the checksum. Only real days of 1800–2199 enter, so it stays small."""

    def __missing__(self, digits: str) -> tuple[date, int]:
        birth_date = _date_of(digits)
        if birth_date is None or not 1800 <= birth_date.year < 2200:
            raise KeyError(digits)
        share = sum(weight * int(digit) for weight, digit in zip(WEIGHTS[6:14], digits, strict=True))
        self[digits] = birth_date, share
        return birth_date, share


_PROVINCE_SUMS = {code: int(code[0]) * WEIGHTS[0] + int(code[1]) * WEIGHTS[1] for code in PROVINCES}
_DISTRICT_SUMS = _WeightedSums(2, 4)
_BIRTHS = _Births()
_SEQUENCE_SUMS = _WeightedSums(14, 3)
_SEXES = {str(n): Sex.MALE if n % 2 else Sex.FEMALE for n in range(10)}


def check_resident_id(text: str, *, today: date) -> ResidentId | IdentifierProblem:
    """The number parsed, or the first thing wrong with it. `today` is the Beijing date; source GB 11643, §1.1.

    Codes: id.missing, id.blank, id.numeric, id.length, id.characters, id.province, id.birth_date, id.future, id.age,
    id.check. A correct number takes the table path (about 1 µs); everything else is explained slowly.
    """
    if len(text) == 18:
        try:
            birth_date, share = _BIRTHS[text[6:14]]
            share += _PROVINCE_SUMS[text[:2]] + _DISTRICT_SUMS[text[2:6]] + _SEQUENCE_SUMS[text[14:17]]
        except KeyError:
            pass
        else:
            of_age = birth_date <= today and today.year - birth_date.year <= MAX_AGE
            if of_age and CHECK_CHARACTERS[share % 11] == text[17]:
                return ResidentId(text, birth_date, _SEXES[text[16]])
    return _explained(normalise(text), today)


def _explained(number: str, today: date) -> ResidentId | IdentifierProblem:
    problem = _shape_problem(number)
    if problem:
        return problem
    birth_date = _date_of(number[6:14])
    if birth_date is None:
        return IdentifierProblem("id.birth_date", f"第 7–14 位“{number[6:14]}”不是有效的出生日期，请核对原件。")
    if birth_date > today:
        return IdentifierProblem("id.future", f"出生日期 {birth_date:%Y-%m-%d} 晚于今天，请核对原件。")
    if age_on(birth_date, today) > MAX_AGE:
        return IdentifierProblem("id.age", f"按证件号码年龄超过 {MAX_AGE} 岁，请核对原件。")
    expected = expected_check(number[:17])
    if expected != number[17]:
        return IdentifierProblem("id.check", f"校验位不符：末位应为 {expected}，请核对原件。")
    return ResidentId(number, birth_date, _SEXES[number[16]])


def _shape_problem(number: str) -> IdentifierProblem | None:
    if not number:
        return IdentifierProblem("id.missing", "请填写公民身份号码。")
    if any(character.isspace() for character in number):
        return IdentifierProblem("id.blank", "号码中含有空格，请删除后再试。")
    if _SCIENTIFIC.fullmatch(number):
        return IdentifierProblem("id.numeric", "号码被表格存成了数字，末几位可能已丢失；请把该列设为“文本”后重新填写。")
    if len(number) != 18:
        return IdentifierProblem("id.length", f"公民身份号码应为 18 位，现为 {len(number)} 位。")
    if not _SHAPE.fullmatch(number):
        return IdentifierProblem("id.characters", "前 17 位只能是数字，末位只能是数字或 X。")
    if number[:2] not in PROVINCES:
        return IdentifierProblem("id.province", f"前两位“{number[:2]}”不是有效的省级代码，请核对原件。")
    return None


def _date_of(digits: str) -> date | None:
    if not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def district_warning(resident: ResidentId, known_districts: Container[str]) -> IdentifierProblem | None:
    """A note when the first six digits are in no table of `known_districts`; never a reason to refuse (§1.1)."""
    if resident.number[:6] in known_districts:
        return None
    return IdentifierProblem(
        "id.district", f"地址码 {resident.number[:6]} 不在现行区划表中（可能是旧代码），请核对原件；可以保存。"
    )


def disagreements(
    resident: ResidentId, *, birth_date: date | None = None, sex: str | None = None
) -> dict[str, IdentifierProblem]:
    """Field → problem where an entered birth date or sex (GB/T 2261.1) contradicts the number; unstated agrees."""
    found: dict[str, IdentifierProblem] = {}
    if birth_date is not None and birth_date != resident.birth_date:
        found["birth_date"] = IdentifierProblem(
            "id.birth_date_differs", f"出生日期与证件号码不一致：号码为 {resident.birth_date:%Y-%m-%d}。"
        )
    if sex in (Sex.MALE, Sex.FEMALE) and sex != resident.sex:
        shown = "男" if resident.sex is Sex.MALE else "女"
        found["sex"] = IdentifierProblem("id.sex_differs", f"性别与证件号码不一致：号码为{shown}。")
    return found


def convert_15_digits(text: str, *, today: date) -> ResidentId | IdentifierProblem:
    """A first-generation 15-digit number as its 18-digit form (19 inserted, check appended). For import only (§1.1)."""
    number = normalise(text)
    if not (len(number) == 15 and number.isascii() and number.isdigit()):
        return IdentifierProblem("id.length", "旧身份证号码应为 15 位数字。")
    digits = f"{number[:6]}19{number[6:]}"
    return check_resident_id(digits + expected_check(digits), today=today)
