"""What is shown of a personal value to those who may not see it whole (standards §8.4: convention, no single norm).

Masking happens on the server; a masked value cannot be turned back, and an unknown shape is masked whole.
"""

import re

from core.identifiers.names import MIDDLE_DOT

STAR = "*"
_TOWNSHIP = re.compile(r"^(.*?(?:街道|民族乡|苏木|[镇乡]))(?=.)")
_TOWNSHIP_PREFIX = re.compile(r"^(?:.*?(?:省|自治区|[市州盟]))?(?:.*?(?:[市县区旗]))?")


def mask_name(name: str) -> str:
    """王小明 → 王**, 张三 → 张*, 买买提·艾力 → 买**·**: the first character stays, dots show the name's shape."""
    if not name:
        return ""
    if len(name) == 1:
        return STAR
    return name[0] + "".join(MIDDLE_DOT if character == MIDDLE_DOT else STAR for character in name[1:])


def mask_id(number: str) -> str:
    """First six and last four: 430199********0050, which hides the birth date. Other lengths: as `mask_number`."""
    if len(number) == 18:
        return number[:6] + STAR * 8 + number[-4:]
    return mask_number(number)


def mask_id_strictly(number: str) -> str:
    """First three and last two, for public pages: 430*************50."""
    if len(number) < 8:
        return STAR * len(number)
    return number[:3] + STAR * (len(number) - 5) + number[-2:]


def mask_minor_id(number: str) -> str:
    """Nothing of a minor's number is shown but its length (§8.4, 未保法 103)."""
    return STAR * len(number)


def mask_number(number: str) -> str:
    """Passports and other papers: the first and the last two characters; up to six characters nothing."""
    if len(number) <= 6:
        return STAR * len(number)
    return number[0] + STAR * (len(number) - 3) + number[-2:]


def mask_phone(number: str) -> str:
    """138****5678; a landline keeps its area code and last two digits: 0731-******78."""
    if len(number) == 11 and number.isdigit():
        return number[:3] + STAR * 4 + number[-4:]
    area, dash, rest = number.partition("-")
    if dash and len(rest) > 4:
        return f"{area}-{STAR * (len(rest) - 2)}{rest[-2:]}"
    return STAR * len(number)


def mask_bank_account(number: str) -> str:
    """The last four digits: ************1234."""
    if len(number) <= 8:
        return STAR * len(number)
    return STAR * (len(number) - 4) + number[-4:]


def mask_address(address: str) -> str:
    """Up to the township: 湖南省长沙市雨花区侯家塘街道*** . No township found: up to the county; neither: nothing."""
    if not address:
        return ""
    match = _TOWNSHIP.match(address)
    kept = match[1] if match else _county_of(address)
    return kept + STAR * 3


def _county_of(address: str) -> str:
    match = _TOWNSHIP_PREFIX.match(address)
    return match[0] if match else ""
