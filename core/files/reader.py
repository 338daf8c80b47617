"""The child process that opens a workbook: `python -I reader.py <path> <limits as JSON>`, rows as JSON lines on stdout.

It stands alone on purpose (no Django, no settings, no keys in its environment) and limits its own memory and CPU before
it looks at a byte. `core.files.child` starts it.

Lines: [row number, [text, …], "kinds"]; the last is {"end": rows} or {"refused": code, "detail": {}}. A kind is one
letter a cell: t text, n number, d date or time, b boolean, e error written as text, - empty (formula errors too).
"""

import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import orjson
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

CHUNK = 65536
FLUSH_BYTES = 65536
END_RECORD = b"PK\x05\x06"
END_RECORD_BYTES = 22
MAX_COMMENT = 65535
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
MACRO_PARTS = ("xl/vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/")


class Rejected(Exception):
    """The file is refused: a stable code, and numbers for the message."""

    def __init__(self, code: str, **detail: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def check_archive(stream: BinaryIO, limits: dict[str, int]) -> None:
    """Raises Rejected for a bomb, a damaged archive, or one that is not a plain workbook.

    First what the directory declares (entries, sizes, ratio, overlaps), then what inflating really gives.
    """
    check_directory_size(stream, limits)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            check_declared(entries, limits)
            check_parts([entry.filename.lower() for entry in entries])
            inflate_all(archive, entries, limits)
    except ARCHIVE_ERRORS:
        raise Rejected("files.damaged") from None
    except RuntimeError:
        raise Rejected("files.encrypted") from None


def check_directory_size(stream: BinaryIO, limits: dict[str, int]) -> None:
    """The directory itself may be the bomb: bound it by the end record before zipfile builds an object an entry."""
    size = stream.seek(0, 2)
    start = max(0, size - END_RECORD_BYTES - MAX_COMMENT)
    stream.seek(start)
    tail = stream.read()
    found = tail.rfind(END_RECORD)
    if found < 0 or len(tail) - found < END_RECORD_BYTES:
        raise Rejected("files.damaged")
    entries = int.from_bytes(tail[found + 10 : found + 12], "little")
    directory = int.from_bytes(tail[found + 12 : found + 16], "little")
    # 0xFFFF and 0xFFFFFFFF announce zip64, which no workbook within our size needs.
    if entries > limits["entries"] or directory > limits["entries"] * 1024:
        raise Rejected("files.too_many_entries", limit=limits["entries"])


def check_declared(entries: list[zipfile.ZipInfo], limits: dict[str, int]) -> None:
    if len(entries) > limits["entries"]:
        raise Rejected("files.too_many_entries", limit=limits["entries"])
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits["unpacked_bytes"]:
        raise Rejected("files.bomb", limit=limits["unpacked_bytes"])
    if unpacked > limits["ratio_from_bytes"] and unpacked > packed * limits["ratio"]:
        raise Rejected("files.bomb", limit=limits["ratio"])
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Rejected("files.encrypted")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Rejected("files.damaged")
    end = 0
    for entry in sorted(entries, key=lambda item: item.header_offset):
        if entry.header_offset < 0:
            raise Rejected("files.damaged")
        if entry.header_offset < end:
            raise Rejected("files.bomb", limit=limits["ratio"])
        end = entry.header_offset + 30 + entry.compress_size


def check_parts(names: list[str]) -> None:
    if any(name.startswith(MACRO_PARTS) for name in names):
        raise Rejected("files.macros")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Rejected("files.not_a_workbook")


def inflate_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: dict[str, int]) -> None:
    """Directories lie: count what really comes out, and refuse document type declarations (entity bombs) on the way."""
    total = 0
    for entry in entries:
        first, before = True, total
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                total += len(chunk)
                if total > limits["unpacked_bytes"]:
                    raise Rejected("files.bomb", limit=limits["unpacked_bytes"])
                if first and b"<!DOCTYPE" in chunk and entry.filename.endswith((".xml", ".rels")):
                    raise Rejected("files.damaged")
                first = False
        if total - before != entry.file_size:
            raise Rejected("files.damaged")


def first_sheet(workbook: CalamineWorkbook) -> CalamineSheet:
    """The first visible worksheet, as a person opening the file sees it."""
    for position, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            return workbook.get_sheet_by_index(position)
    raise Rejected("files.no_sheet")


def read_rows(path: str, limits: dict[str, int]) -> Iterator[tuple[int, list[str], str]]:
    """(row number as Excel shows it, cell texts, kinds) of each row that has something in it.

    Raises Rejected. The sheet's own <dimension> is not believed in either direction: size is where cells really are.
    """
    with open(path, "rb") as stream:
        check_archive(stream, limits)
        stream.seek(0)
        with CalamineWorkbook.from_filelike(stream) as workbook:
            sheet = first_sheet(workbook)
            check_extent(sheet, limits)
            yield from rows_of(sheet.iter_rows(), limits)


def check_extent(sheet: CalamineSheet, limits: dict[str, int]) -> None:
    # `end` counts from 0 and is None for an empty sheet; `total_height` of 0.9.1 is one short.
    last_row, last_column = sheet.end or (-1, -1)
    rows, columns = last_row + 1, last_column + 1
    if columns > limits["columns"]:
        raise Rejected("files.too_many_columns", limit=limits["columns"], found=columns)
    if rows > limits["rows"]:
        raise Rejected("files.too_many_rows", limit=limits["rows"], found=rows)
    if rows * columns > limits["cells"]:
        raise Rejected("files.too_many_cells", limit=limits["cells"])


def rows_of(rows: Iterable[list[Any]], limits: dict[str, int]) -> Iterator[tuple[int, list[str], str]]:
    longest = limits["cell_characters"]
    for number, values in enumerate(rows, start=1):
        texts, kinds = cells_of(values)
        if not kinds.strip("-"):
            continue
        if max(map(len, texts)) > longest:
            raise Rejected("files.long_cell", row=number, limit=longest)
        yield number, texts, kinds


def cells_of(values: list[Any]) -> tuple[list[str], str]:
    texts, kinds = [], []
    for value in values:
        if value.__class__ is str:
            texts.append(value)
            kinds.append(("t" if not value.startswith("#") or value not in ERRORS else "e") if value else "-")
        else:
            text, kind = typed_cell(value)
            texts.append(text)
            kinds.append(kind)
    return texts, "".join(kinds)


ERRORS = frozenset(("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"))


def typed_cell(value: Any) -> tuple[str, str]:
    """Text and kind of a value that is not text. Whole numbers have no point; a date without time is a date."""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "b"
    if isinstance(value, float):
        return (format(value, ".0f") if value.is_integer() else repr(value)), "n"
    if isinstance(value, int):
        return str(value), "n"
    if isinstance(value, datetime):
        return (value.date().isoformat() if value.time() == time() else value.isoformat(" ")), "d"
    if isinstance(value, date | time):
        return value.isoformat(), "d"
    if isinstance(value, timedelta):
        return str(value), "d"
    return str(value), "e"


def limit_self(limits: dict[str, int]) -> None:
    """Memory and CPU ceilings of this process; crossing them kills it, and only it."""
    memory, seconds = limits["memory_bytes"], limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def answer(path: str, limits: dict[str, int], out: BinaryIO) -> None:
    count, waiting = 0, bytearray()
    last: dict[str, Any]
    try:
        for row in read_rows(path, limits):
            waiting += orjson.dumps(row)
            waiting += b"\n"
            count += 1
            if len(waiting) > FLUSH_BYTES:
                out.write(waiting)
                waiting.clear()
        last = {"end": count}
    except Rejected as rejected:
        last = {"refused": rejected.code, "detail": rejected.detail}
    except PasswordError:
        last = {"refused": "files.encrypted", "detail": {}}
    except MemoryError:
        last = {"refused": "files.too_large_inside", "detail": {}}
    except (CalamineError, ZipError, XmlError, WorksheetNotFound, OSError, ValueError, OverflowError):
        last = {"refused": "files.damaged", "detail": {}}
    out.write(waiting + orjson.dumps(last) + b"\n")
    out.flush()


if __name__ == "__main__":
    LIMITS: dict[str, int] = orjson.loads(sys.argv[2])
    limit_self(LIMITS)
    answer(sys.argv[1], LIMITS, sys.stdout.buffer)
