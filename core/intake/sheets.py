"""Workbooks for people: the template with its notes, and the person's own table back with the errors marked."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from core.files.tables import CellError, write_marked
from core.intake.columns import ChoiceWidget, Column, ManyWidget, columns_of
from core.intake.kinds import ImportKind, RowProblem, SheetRow
from core.intake.reading import Sheet

TEMPLATE_VERSION = 1
NOTES = "填写说明"
LAST_ROW = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template_bytes(kind: ImportKind) -> bytes:
    """The empty table of a kind: all columns as text, lists to choose from, and a sheet that says what to fill."""
    target = io.BytesIO()
    columns = columns_of(kind.resource)
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, notes = book.add_worksheet(kind.title), book.add_worksheet(NOTES)
        required = book.add_format({"bold": True, "bg_color": "#DCE8F8", "bottom": 1, "font_color": "#9C0006"})
        plain = book.add_format({"bold": True, "bg_color": "#E8F0FE", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.column_name, required if column.required else plain)
            sheet.set_column(at, at, max(10, 2 * len(column.column_name) + 4), text)
            _offer_choices(sheet, at, column)
        sheet.freeze_panes(1, 0)
        _write_notes(book, notes, kind, columns)
    return target.getvalue()


def _offer_choices(sheet: xlsxwriter.worksheet.Worksheet, at: int, column: Column) -> None:
    """A list to choose from, where Excel's 255 characters hold it and one cell holds one choice."""
    widget = column.widget
    is_single = isinstance(widget, ChoiceWidget) and not isinstance(widget, ManyWidget)
    if is_single and len(",".join(widget.names)) < 255:
        sheet.data_validation(1, at, LAST_ROW, at, {"validate": "list", "source": widget.names})


def _write_notes(
    book: xlsxwriter.Workbook, notes: xlsxwriter.worksheet.Worksheet, kind: ImportKind, columns: Sequence[Column]
) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    notes.write_string(0, 0, f"{kind.title}导入模板（版本 {TEMPLATE_VERSION}）", bold)
    for at, note in enumerate(kind.notes, start=1):
        notes.write_string(at, 0, note)
    top = len(kind.notes) + 2
    for at, name in enumerate(("列名", "是否必填", "怎样填", "示例", "可选内容")):
        notes.write_string(top, at, name, bold)
    for line, column in enumerate(columns, start=top + 1):
        choices = "、".join(column.widget.names) if isinstance(column.widget, ChoiceWidget) else ""
        hint = "" if choices else column.widget.hint
        says = "；".join(part for part in (column.says, hint) if part)
        for place, value in enumerate(
            (column.column_name, "必填" if column.required else "选填", says, column.example, choices)
        ):
            notes.write_string(line, place, value, wrap)
    notes.set_column(0, 1, 18)
    notes.set_column(2, 4, 44)


def write_marked_copy(target: Path, sheet: Sheet, problems: Mapping[int, Sequence[RowProblem]]) -> int:
    """The rows as they came, errors marked and explained; `problems` by row number of the sheet. Returns the rows."""
    places = {column.attribute: at for at, column in sheet.places.items()}
    errors: dict[int, list[CellError]] = {}

    def lines() -> Iterator[list[str]]:
        for position, row in enumerate(sheet.rows()):
            found = problems.get(row.number)
            if found:
                errors[position] = [CellError(places.get(problem.column), problem.message) for problem in found]
            yield kept(row)

    keep = [at for at, text in enumerate(sheet.header) if text.strip() != "错误说明"]

    def kept(row: SheetRow) -> list[str]:
        return [row.cells[at] if at < len(row.cells) else "" for at in keep]

    places = {name: keep.index(at) for name, at in places.items()}
    return write_marked(target, [sheet.header[at] for at in keep], lines(), errors)
