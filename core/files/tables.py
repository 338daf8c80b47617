"""Writing tables for people: xlsx and csv that no spreadsheet runs as formulas and no spreadsheet rounds.

Numbers (int, float, Decimal) stay numbers, text stays text, whole numbers past 15 digits become text. Rows may be any
iterable and are written as they come, in constant memory.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.files.guard import guarded, is_dangerous

Cell = str | int | float | Decimal | bool | date | datetime | time | None

EXACT_DIGITS = 15
EXACT_LIMIT = 1_000_000_000_000_000
MAX_TEXT = 32767
MAX_NOTES = 5000
DEFAULT_WIDTH = 16
ERROR_COLUMN = "错误说明"
_SHEET_NAME = "数据"


class CellError(NamedTuple):
    """What is wrong with one cell of a row; `column` counts from 0, None means the whole row."""

    column: int | None
    message: str


class _Formats(NamedTuple):
    header: Format
    text: Format
    dangerous: Format
    amount: Format
    day: Format
    moment: Format
    wrong: Format
    mark: Format


def write_xlsx(
    target: Path | BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, watermark: str = ""
) -> int:
    """One sheet with `header` and `rows`; returns the number of rows.

    `watermark` (who, when, why) becomes the first line, the printed page header and a document property.
    """
    with _workbook(target) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(_SHEET_NAME)
        top = _open_sheet(book, sheet, formats, header, watermark)
        count = 0
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write_cell(sheet, top + count, column, value, formats)
        _close_sheet(sheet, top, count, len(header))
        return count


def write_marked(
    target: Path | BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    errors: Mapping[int, Sequence[CellError]],
) -> int:
    """The person's own rows back: wrong cells red with a note, all messages in a last column. Returns the rows written.

    `errors` is keyed by position in `rows`, from 0. Notes stop at 5,000 (they stay in memory); fill and column don't.
    """
    with _workbook(target) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(_SHEET_NAME)
        top = _open_sheet(book, sheet, formats, [*header, ERROR_COLUMN], "")
        count, notes = 0, 0
        for count, row in enumerate(rows, start=1):
            found = errors.get(count - 1, ())
            by_column = _messages_by_column(found)
            for column in range(max(len(row), len(header))):
                value = row[column] if column < len(row) else None
                message = by_column.get(column)
                _write_cell(sheet, top + count, column, value, formats, formats.wrong if message else None)
                if message and notes < MAX_NOTES:
                    sheet.write_comment(top + count, column, message, {"author": ""})
                    notes += 1
            if found:
                sheet.write_string(top + count, len(header), _summary(header, found), formats.wrong)
        _close_sheet(sheet, top, count, len(header) + 1)
        return count


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, watermark: str = "") -> Iterator[bytes]:
    """The table as UTF-8 with BOM, in pieces, for a streamed response. `core.files.intake` reads it back alike."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    if watermark:
        writer.writerow([guarded(watermark)])
    writer.writerow([guarded(name) for name in header])
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
        if buffer.tell() > 65536:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, watermark: str = "") -> None:
    """`csv_bytes` into an open binary file."""
    for piece in csv_bytes(header, rows, watermark=watermark):
        target.write(piece)


def _workbook(target: Path | BinaryIO) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )


def _formats(book: xlsxwriter.Workbook) -> _Formats:
    return _Formats(
        header=book.add_format({"bold": True, "bg_color": "#E8F0FE", "bottom": 1, "text_wrap": True}),
        text=book.add_format({"num_format": "@"}),
        dangerous=book.add_format({"num_format": "@", "quote_prefix": True}),
        amount=book.add_format({"num_format": "#,##0.00"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        wrong=book.add_format({"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        mark=book.add_format({"italic": True, "font_color": "#808080"}),
    )


def _open_sheet(
    book: xlsxwriter.Workbook, sheet: Worksheet, formats: _Formats, header: Sequence[str], watermark: str
) -> int:
    """Writes watermark and header; returns the header's row, counted from 0."""
    top = 0
    if watermark:
        sheet.write_string(0, 0, watermark, formats.mark)
        sheet.set_header("&C" + watermark.replace("&", "&&")[:200])
        book.set_properties({"comments": watermark, "title": _SHEET_NAME})
        top = 1
    sheet.set_column(0, max(len(header) - 1, 0), DEFAULT_WIDTH)
    sheet.freeze_panes(top + 1, 0)
    for column, name in enumerate(header):
        sheet.write_string(top, column, name, formats.header)
    return top


def _close_sheet(sheet: Worksheet, top: int, count: int, columns: int) -> None:
    if columns:
        sheet.autofilter(top, 0, top + count, columns - 1)
    sheet.repeat_rows(top)


def _write_cell(
    sheet: Worksheet, row: int, column: int, value: Cell, formats: _Formats, wrong: Format | None = None
) -> None:
    if value is None or value == "":
        if wrong:
            sheet.write_blank(row, column, None, wrong)
    elif isinstance(value, str):
        plain = formats.dangerous if is_dangerous(value) else formats.text
        sheet.write_string(row, column, value[:MAX_TEXT], wrong or plain)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", wrong or formats.text)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), wrong or formats.moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, wrong or formats.day)
    elif isinstance(value, time):
        sheet.write_string(row, column, value.isoformat("minutes"), wrong or formats.text)
    elif _is_exact(value):
        sheet.write_number(row, column, value, wrong or (formats.amount if isinstance(value, Decimal) else None))
    else:
        sheet.write_string(row, column, str(value), wrong or formats.text)


def _is_exact(value: int | float | Decimal) -> bool:
    """Whether a spreadsheet's binary number shows every digit of it."""
    if isinstance(value, int):
        return abs(value) < EXACT_LIMIT
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= EXACT_DIGITS
    return math.isfinite(float(value))


def _csv_value(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, int | float | Decimal):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return text if _is_exact(value) else guarded(text)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "seconds")
    return value.isoformat()


def _messages_by_column(found: Sequence[CellError]) -> dict[int, str]:
    messages: dict[int, str] = {}
    for error in found:
        if error.column is not None:
            earlier = messages.get(error.column)
            messages[error.column] = f"{earlier}\n{error.message}" if earlier else error.message
    return messages


def _summary(header: Sequence[str], found: Sequence[CellError]) -> str:
    parts = []
    for error in found:
        if error.column is not None and error.column < len(header):
            parts.append(f"{header[error.column]}：{error.message}")
        else:
            parts.append(error.message)
    return "；".join(parts)[:MAX_TEXT]
