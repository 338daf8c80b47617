"""统一社会信用代码, GB 32100-2015, with the GB 11714 check of its body as a warning (standards §1.2)."""

from enum import StrEnum
from typing import NamedTuple

from stdnum.cn import uscc

from core.identifiers import IdentifierProblem

ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BODY_CHECKS = "0123456789X"


class RegisteredForm(StrEnum):
    """First two characters: who registered the body, and as what."""

    SOCIAL_GROUP = "51"
    SERVICE_INSTITUTION = "52"
    FOUNDATION = "53"
    RESIDENTS_COMMITTEE = "54"
    VILLAGERS_COMMITTEE = "55"
    OTHER_CIVIL_AFFAIRS = "59"


FORM_NAMES = {
    RegisteredForm.SOCIAL_GROUP: "社会团体",
    RegisteredForm.SERVICE_INSTITUTION: "社会服务机构（民办非企业单位）",
    RegisteredForm.FOUNDATION: "基金会",
    RegisteredForm.RESIDENTS_COMMITTEE: "居民委员会",
    RegisteredForm.VILLAGERS_COMMITTEE: "村民委员会",
    RegisteredForm.OTHER_CIVIL_AFFAIRS: "民政部门登记的其他机构",
}
_FORM_OF_PREFIX = {form.value: form for form in RegisteredForm}


class CreditCode(NamedTuple):
    """A code whose check character holds. `warnings` may be saved past."""

    number: str
    warnings: tuple[IdentifierProblem, ...] = ()

    @property
    def form(self) -> RegisteredForm | None:
        """What a civil-affairs code says its body is; None for other registrars."""
        return _FORM_OF_PREFIX.get(self.number[:2])

    @property
    def division(self) -> str:
        """Six digits of the registering authority's division."""
        return self.number[2:8]


def normalise(text: str) -> str:
    """Full-width becomes ASCII, letters upper case. Blanks stay and are refused."""
    return text.translate(_FULL_WIDTH).upper()


def check_credit_code(text: str, *, form: RegisteredForm | None = None) -> CreditCode | IdentifierProblem:
    """The code with its warnings, or the first thing wrong. `form` is what the entrant says the body is.

    Codes: uscc.missing, uscc.blank, uscc.length, uscc.characters, uscc.check; warnings uscc.body, uscc.form.
    """
    number = normalise(text)
    problem = _shape_problem(number)
    if problem:
        return problem
    expected = uscc.calc_check_digit(number[:17])
    if expected != number[17]:
        return IdentifierProblem("uscc.check", f"校验位不符：末位应为 {expected}，请核对登记证书。")
    return CreditCode(number, _warnings(number, form))


def _shape_problem(number: str) -> IdentifierProblem | None:
    if not number:
        return IdentifierProblem("uscc.missing", "请填写统一社会信用代码。")
    if any(character.isspace() for character in number):
        return IdentifierProblem("uscc.blank", "代码中含有空格，请删除后再试。")
    if len(number) != 18:
        return IdentifierProblem("uscc.length", f"统一社会信用代码应为 18 位，现为 {len(number)} 位。")
    strange = sorted(set(number) - ALPHABET)
    if strange:
        return IdentifierProblem("uscc.characters", f"代码不使用字符 {'、'.join(strange)}（没有 I、O、S、V、Z）。")
    if not number[2:8].isdigit():
        return IdentifierProblem("uscc.characters", "第 3–8 位登记机关区划码只能是数字。")
    return None


def _warnings(number: str, form: RegisteredForm | None) -> tuple[IdentifierProblem, ...]:
    found = []
    if body_check(number[8:16]) != number[16]:
        found.append(IdentifierProblem("uscc.body", "主体标识码（第 9–17 位）的校验位不符，请核对；可以保存。"))
    if form is not None and number[:2] != form:
        message = f"机构类别为{FORM_NAMES[form]}，代码开头通常是 {form}，现为 {number[:2]}；请核对。"
        found.append(IdentifierProblem("uscc.form", message))
    return tuple(found)


def body_check(body: str) -> str:
    """GB 11714 check character of the eight characters of an organisation code (A=10 … Z=35)."""
    total = sum(weight * int(character, 36) for weight, character in zip(_BODY_WEIGHTS, body, strict=True))
    return _BODY_CHECKS[-total % 11]
