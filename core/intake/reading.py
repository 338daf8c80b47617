"""From a stored file to rows: the header matched to the declared columns, each cell read by its column's widget."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import Invalid
from core.files.intake import Row, read_table
from core.files.limits import DEFAULT_LIMITS, MEGABYTE
from core.files.tables import ERROR_COLUMN
from core.intake.columns import CellRefused, Column, columns_of
from core.intake.kinds import RowProblem, SheetRow
from core.jobs.files import read_file
from core.jobs.models import StoredFile

CHUNK = 5000
MOST_BYTES = 20 * MEGABYTE
_NOISE = re.compile(r"[\s*＊]+|[（(](?:必填|选填)[)）]")
_WIDE = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
MEMORY = Path("/dev/shm")


@contextmanager
def in_the_clear(file: StoredFile) -> Iterator[Path]:
    """The file's clear bytes under a path, in memory where the system allows, already unlinked: kill -9 leaves
    nothing."""
    with tempfile.TemporaryFile(dir=MEMORY if MEMORY.is_dir() else None) as clear:
        for piece in read_file(file):
            clear.write(piece)
        clear.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{clear.fileno()}")


class Step(NamedTuple):
    """One column of the sheet at hand: where it stands, which field it fills, how a cell of it is read."""

    at: int
    name: str
    read: Callable[[str, str], Any]


class Sheet:
    """An opened sheet: its header as written, its declared columns, its rows once."""

    def __init__(self, resource: type, path: Path) -> None:
        """Reads the header. Raises UnreadableFile, Invalid (`import.no_rows`, `import.header_…`)."""
        self._rows = iter(read_table(path, limits=DEFAULT_LIMITS))
        first = next(self._rows, None)
        if first is None:
            raise Invalid("import.no_rows", "表里没有内容。", {"file": ["表里没有内容，请按模板填写后再上传。"]})
        self.header = first.cells
        self.columns = columns_of(resource)
        self.places = match_header(self.columns, first.cells)
        self._steps = [Step(at, column.attribute, column.widget.read) for at, column in self.places.items()]
        named = {at for at, text in enumerate(first.cells) if heading(text)}
        self._unnamed = [at for at in range(len(first.cells)) if at not in named]

    def rows(self) -> Iterator[SheetRow]:
        steps, unnamed, width = self._steps, self._unnamed, len(self.header)
        for row in self._rows:
            read = read_row(row, steps)
            if unnamed or len(row.cells) > width:
                self._refuse_unnamed(row, read)
            yield read

    def chunks(self, size: int = CHUNK) -> Iterator[list[SheetRow]]:
        rows = self.rows()
        while chunk := list(islice(rows, size)):
            yield chunk

    def _refuse_unnamed(self, row: Row, read: SheetRow) -> None:
        """A value nobody asked for is not dropped silently."""
        beyond = [*self._unnamed, *range(len(self.header), len(row.cells))]
        for at in beyond:
            if at < len(row.cells) and row.cells[at].strip():
                message = f"第 {at + 1} 列没有表头，不知道这个值是什么；请补上表头或清空该列。"
                read.problems.append(RowProblem("", "import.no_header", message))
                return

    def masked(self, row: SheetRow) -> dict[str, str]:
        """Field → what may be shown of its cell."""
        found = {}
        for at, column in self.places.items():
            text = row.cells[at].strip() if at < len(row.cells) else ""
            if text:
                found[column.attribute] = (column.mask(text) if column.mask else text)[:60]
        return found


def read_row(row: Row, steps: Iterable[Step]) -> SheetRow:
    number, cells, kinds = row
    width = len(cells)
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for at, name, read in steps:
        text = cells[at] if at < width else ""
        if not text or text.isspace():
            continue
        try:
            values[name] = read(text, kinds[at])
        except CellRefused as refused:
            problems.append(RowProblem(name, refused.code, refused.message))
    return SheetRow(number, cells, kinds, values, problems)


def heading(text: str) -> str:
    """A header without what people add to it: blanks, asterisks, （必填）, full-width forms."""
    return _NOISE.sub("", text.translate(_WIDE).replace("(必填)", "").replace("(选填)", ""))


def match_header(columns: Iterable[Column], header: list[str]) -> dict[int, Column]:
    """Place in the sheet → column, in any order. Raises Invalid: unknown, doubled or missing headers, each by name."""
    known = {heading(name): column for column in columns for name in (column.column_name, *column.aliases)}
    found: dict[int, Column] = {}
    unknown, twice = [], []
    for at, text in enumerate(header):
        name = heading(text)
        if not name or name == ERROR_COLUMN:
            continue
        column = known.get(name)
        if column is None:
            unknown.append(text.strip()[:20])
        elif column in found.values():
            twice.append(column.column_name)
        else:
            found[at] = column
    missing = [c.column_name for c in columns if c.required and c not in found.values()]
    _refuse_header(unknown, twice, missing)
    return found


def _refuse_header(unknown: list[str], twice: list[str], missing: list[str]) -> None:
    says = []
    if missing:
        says.append(f"缺少必填的列：{'、'.join(missing)}。")
    if unknown:
        says.append(f"不认识的列：{'、'.join(unknown[:8])}；请改成模板中的列名，或删除该列。")
    if twice:
        says.append(f"重复的列：{'、'.join(twice)}。")
    if says:
        code = "import.header_missing" if missing else "import.header_unknown" if unknown else "import.header_twice"
        raise Invalid(code, "表头与模板不符。" + "".join(says), {"file": says})
