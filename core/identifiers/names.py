"""Names of people: one written form for storing and comparing, and pinyin keys for finding and sorting.

Names of Tibetan, Uyghur and other peoples are long, carry · and have no surname (domain, "Day one"): a name with · is
read without the surname table, and a name in a script without pinyin is its own key.
"""

import re
import unicodedata
from functools import lru_cache

MIDDLE_DOT = "\u00b7"
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e\u2024\u0387\u25cf\u00b7", MIDDLE_DOT),
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0E},
        **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\t\r\n", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"),
    }
)
_HAN = "\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PLAIN = re.compile("[\u4e00-\u9fff]{1,20}")
_HAN_GAP = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}])")
_HAN_STOP = re.compile(f"(?<=[{_HAN}])\\.(?=[{_HAN}])")
_AROUND_DOT = re.compile(f" *{MIDDLE_DOT}+ *")

# Characters whose usual reading in a given name is not the one pypinyin gives first.
_GIVEN = {"长": "chang", "晟": "sheng", "什": "shi", "都": "du"}
# Characters read differently as a surname.
_SURNAMES = {
    **{"单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "朴": "piao", "缪": "miao"},
    **{"洗": "xian", "覃": "qin", "翟": "zhai", "员": "yun", "贠": "yun", "召": "shao", "种": "chong", "秘": "bi"},
    **{"繁": "po", "盖": "ge", "乐": "yue", "折": "she", "佴": "nai", "句": "gou", "阚": "kan", "隗": "wei"},
    **{"卜": "bu", "祭": "zhai", "黑": "he", "薄": "bo"},
}
_COMPOUND_SURNAMES = {
    **{"尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"), "单于": ("chan", "yu")},
}
# Tibetan given names that begin with a character above and would be read as a surname.
_NOT_SURNAMES = frozenset({"单增", "单增卓玛", "单增旺姆", "单增多吉"})


def normalise_person_name(text: str) -> str:
    """NFC; full-width to ASCII; every middle dot to ·; no invisible characters; no blanks between Han characters.

    Idempotent. Blank text gives an empty string; whether a name may be empty is the caller's rule.
    """
    if _PLAIN.fullmatch(text):
        return text
    name = unicodedata.normalize("NFC", text.translate(_FOLDED))
    name = " ".join(name.split())
    name = _HAN_STOP.sub(MIDDLE_DOT, _HAN_GAP.sub("", name))
    name = _AROUND_DOT.sub(MIDDLE_DOT, name).strip(MIDDLE_DOT + " ")
    return unicodedata.normalize("NFC", name)


class _Readings(dict[str, str]):
    """Character → syllable without tone (ü as v); Latin letters and digits stand for themselves, the rest is empty."""

    def __missing__(self, character: str) -> str:
        reading = _reading_of(character)
        self[character] = reading
        return reading


def _reading_of(character: str) -> str:
    if character in _GIVEN:
        return _GIVEN[character]
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    from pypinyin import Style, lazy_pinyin  # a quarter of a second, and only readers of names need it

    syllable = lazy_pinyin(character, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return syllable[0] if syllable else ""


_READINGS = _Readings()


def syllables(name: str) -> list[str]:
    """The name's readings in order, surname as a surname. Expects a normalised name."""
    if not name:
        return []
    readings = [_READINGS[character] for character in name]
    if name[0] in _SURNAMES and MIDDLE_DOT not in name and name not in _NOT_SURNAMES:
        readings[0] = _SURNAMES[name[0]]
    pair = _COMPOUND_SURNAMES.get(name[:2])
    if pair and len(name) > 2:
        readings[:2] = pair
    return readings


def pinyin_key(name: str) -> str:
    """Full pinyin, for sorting and prefix search: 王小明 → wangxiaoming. Another script: the name itself."""
    return "".join(syllables(name)) or name.casefold()


def initials_key(name: str) -> str:
    """First letters: 王小明 → wxm, 买买提·艾力 → mmtal. Latin letters all stay; another script: the name itself."""
    return "".join([reading[:1] for reading in syllables(name)]) or name.casefold()


@lru_cache(maxsize=65536)
def name_keys(name: str) -> tuple[str, str]:
    """(pinyin_key, initials_key) of a normalised name, remembered: the batch form for imports."""
    readings = syllables(name)
    if not any(readings):
        return name.casefold(), name.casefold()
    return "".join(readings), "".join([reading[:1] for reading in readings])
