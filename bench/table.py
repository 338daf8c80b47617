"""Rows of the one table: what was measured, against whom, and whether it holds."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEADINGS = ("entry", "ours", "peer", "limit", "unit", "bar", "ok")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `peer`: the other side, measured in the same run; `limit`: a number of ours that must not be
    passed; `bar`: the condition in words; `ok`: whether it holds (None: measured for information)."""

    entry: str
    ours: float
    unit: str
    peer: float | None = None
    limit: float | None = None
    bar: str = ""
    ok: bool | None = None


def faster(entry: str, *, ours: float, peer: float, unit: str, times: float) -> Row:
    """Less is better: ours must be at most peer / times."""
    return Row(entry, ours, unit, peer=peer, bar=f"≥ {times:g}× (is {peer / ours:.1f}×)", ok=peer >= times * ours)


def within(entry: str, *, ours: float, limit: float, unit: str, says: str) -> Row:
    """Ours must not pass the limit."""
    return Row(entry, ours, unit, limit=limit, bar=says, ok=ours <= limit)


def show(rows: Sequence[Row]) -> str:
    """The table as text."""
    lines = [HEADINGS, *([_said(getattr(row, name)) for name in HEADINGS] for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def write(rows: Sequence[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n")


def _said(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
