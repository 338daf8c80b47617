"""Columns of a roster, declared once: header, how a cell is read, what the template says about it, how it is masked.

A `Column` is an import-export `Field`, and its widget reads text and kind of a cell (`core.files.reader` names kinds).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget

NUMERIC = "该单元格存成了数字，末几位可能已丢失；请把该列设为“文本”后重新填写。"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})")
_BETWEEN = re.compile(r"[、，,；;/|\s]+")


class CellRefused(ValueError):
    """The cell cannot be read: a stable code, and a sentence that says how to mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TextWidget(Widget):
    """Text as it stands, without blanks around it."""

    hint = ""

    def read(self, text: str, kind: str) -> Any:
        """The value of one cell that is not blank. Raises CellRefused."""
        return text.strip()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.read(str(value or ""), "t")


class NumberTextWidget(TextWidget):
    """Digits that must be stored as text: a spreadsheet keeps only 15 of them (assurance, "Files in and out")."""

    hint = "文本格式"

    def read(self, text: str, kind: str) -> str:
        if kind == "n":
            raise CellRefused("id.numeric", NUMERIC)
        return text.strip()


class DayWidget(TextWidget):
    """A day: 2024-01-02, 2024/1/2, 2024.1.2, 2024年1月2日, 20240102, or a cell that holds a date."""

    hint = "日期，如 2024-01-02"

    def read(self, text: str, kind: str) -> date:
        found = day_of(text)
        if found is None:
            raise CellRefused("date.unreadable", "日期应写作 2024-01-02 或 2024年1月2日。")
        return found


@lru_cache(maxsize=65536)
def day_of(text: str) -> date | None:
    match = _DAY.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


class ChoiceWidget(TextWidget):
    """One of a list, written by its Chinese name (or its stored code)."""

    def __init__(self, choices: Mapping[str, str], code: str, what: str) -> None:
        super().__init__()
        self.names = list(choices.values())
        self.known = {name: stored for stored, name in choices.items()} | {stored: stored for stored in choices}
        self.code = code
        self.what = what

    @property
    def hint(self) -> str:  # type: ignore[override]
        return "、".join(self.names)

    def read(self, text: str, kind: str) -> Any:
        found = self.known.get(text) or self.known.get(text.strip())
        if found is None:
            raise CellRefused(self.code, f"{self.what}里没有这一项，可选：{some(self.names)}。")
        return found


class ManyWidget(ChoiceWidget):
    """Some of a list, parted by 、 or commas."""

    def read(self, text: str, kind: str) -> tuple[str, ...]:
        found = self.known.get(text)
        if found is not None:
            return (found,)
        reading = super().read
        return tuple(dict.fromkeys([reading(part, kind) for part in _BETWEEN.split(text.strip()) if part]))


def some(names: list[str], most: int = 5) -> str:
    return "、".join(names[:most]) + ("…（见填写说明）" if len(names) > most else "")


class Column(Field):
    """One column of a roster. `mask` shows a personal value to people; None: the value may be shown as it is."""

    widget: TextWidget

    def __init__(
        self,
        attribute: str,
        column_name: str,
        widget: TextWidget | None = None,
        *,
        required: bool = False,
        says: str = "",
        example: str = "",
        mask: Callable[[str], str] | None = None,
        aliases: tuple[str, ...] = (),
        shown: bool = True,
    ) -> None:
        super().__init__(attribute=attribute, column_name=column_name, widget=widget or TextWidget())
        self.required = required
        self.says = says
        self.example = example
        self.mask = mask
        self.aliases = aliases
        self.shown = shown


def columns_of(resource: type) -> list[Column]:
    """The columns of a Resource in the order they were declared. Raises TypeError on a plain Field."""
    found = list(resource.fields.values())  # type: ignore[attr-defined]
    if not all(isinstance(column, Column) for column in found):
        raise TypeError(f"{resource.__name__}: every field of a roster is a Column")
    return found
