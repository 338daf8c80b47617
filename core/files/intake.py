"""Reading a table that somebody sent: xlsx or csv, told by its bytes and never by its name.

`read_table(path)` yields rows in constant memory; anything unsafe or unreadable raises `UnreadableFile` with a stable
code and a Chinese sentence, also in the middle: a caller stages rows and keeps none before the iterator has ended.
"""

import codecs
import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from core.files.child import workbook_rows
from core.files.guard import unguarded
from core.files.limits import DEFAULT_LIMITS, Limits
from core.files.refusals import UnreadableFile
from core.identifiers import IdentifierProblem

SNIFF_BYTES = 8192
CHUNK = 65536
TEXT = "t"
NUMBER = "n"
EMPTY = "-"
_FOREIGN_MAGICS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "files.old_or_encrypted"),
    (b"%PDF", "files.pdf"),
    (b"Rar!", "files.archive"),
    (b"7z\xbc\xaf", "files.archive"),
    (b"\x1f\x8b", "files.archive"),
    (b"\x89PNG", "files.image"),
    (b"\xff\xd8\xff", "files.image"),
    (b"GIF8", "files.image"),
    (b"MZ", "files.program"),
    (b"\x7fELF", "files.program"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Row(NamedTuple):
    """One row. `number` is the row as Excel shows it, from 1. `kinds` has a letter a cell (see `core.files.reader`)."""

    number: int
    cells: list[str]
    kinds: str


def sniff(head: bytes) -> str:
    """ "xlsx" or "csv", from the first bytes. Raises UnreadableFile for everything else we can name."""
    if not head:
        raise UnreadableFile("files.empty")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    for magic, code in _FOREIGN_MAGICS:
        if head.startswith(magic):
            raise UnreadableFile(code)
    if head.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml", b"<tabl"):
        raise UnreadableFile("files.markup")
    return "csv"


def read_table(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row]:
    """The rows of an uploaded file that are not blank, header included. Raises UnreadableFile, at once or later."""
    size = os.path.getsize(path)
    if size > limits.file_bytes:
        raise UnreadableFile("files.too_large", limit=limits.file_bytes)
    with open(path, "rb") as stream:
        kind = sniff(stream.read(SNIFF_BYTES))
    if kind == "xlsx":
        return (Row(number, cells, kinds) for number, cells, kinds in workbook_rows(path, limits))
    return _csv_rows(path, limits)


def encoding_of(stream: BinaryIO) -> str:
    """BOM, else strict UTF-8, else strict GB18030 (which holds GBK and GB2312), else UnreadableFile; never a guess."""
    head = stream.read(4)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _proven(stream, encoding) or _refuse("files.encoding")
    return _proven(stream, "utf-8") or _proven(stream, "gb18030") or _refuse("files.encoding")


def _proven(stream: BinaryIO, encoding: str) -> str | None:
    """`encoding` if the whole stream decodes strictly in it and is text, a chunk at a time."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        while chunk := stream.read(CHUNK):
            if "\0" in decoder.decode(chunk):
                raise UnreadableFile("files.binary")
        decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return encoding


def _refuse(code: str) -> str:
    raise UnreadableFile(code)


def _csv_rows(path: Path, limits: Limits) -> Iterator[Row]:
    with open(path, "rb") as stream:
        encoding = encoding_of(stream)
        stream.seek(0)
        # Excel's “Unicode 文本” is the one UTF-16 file people meet, and it is split by tabs.
        delimiter = "\t" if encoding == "utf-16" else ","
        text = io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")
        yield from _parsed(csv.reader(text, delimiter=delimiter, strict=True), limits)


def _parsed(records: Iterator[list[str]], limits: Limits) -> Iterator[Row]:
    number, total = 0, 0
    while True:
        try:
            values = next(records)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableFile("files.csv_quotes", row=number + 1) from None
        number += 1
        if not any(values):
            continue
        total += len(values)
        _check_record(number, total, values, limits)
        cells = [unguarded(value) for value in values]
        yield Row(number, cells, "".join([TEXT if value else EMPTY for value in cells]))


def _check_record(number: int, total: int, values: list[str], limits: Limits) -> None:
    if number > limits.rows:
        raise UnreadableFile("files.too_many_rows", limit=limits.rows)
    if len(values) > limits.columns:
        raise UnreadableFile("files.too_many_columns", limit=limits.columns, found=len(values))
    if total > limits.cells:
        raise UnreadableFile("files.too_many_cells", limit=limits.cells)
    if max(map(len, values)) > limits.cell_characters:
        raise UnreadableFile("files.long_cell", row=number, limit=limits.cell_characters)


def number_problem(row: Row, column: int) -> IdentifierProblem | None:
    """Why a cell that must hold an ID, phone or account as text is refused when the workbook stored it as a number.

    Spreadsheets keep 15 digits; 8.92 % of truncated ID numbers pass their check by chance (assurance). Code id.numeric.
    """
    if column < len(row.kinds) and row.kinds[column] == NUMBER:
        return IdentifierProblem("id.numeric", "该单元格存成了数字，末几位可能已丢失；请把该列设为“文本”后重新填写。")
    return None
