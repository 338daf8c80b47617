"""What a cell says, as templates/components/table.jinja reads it. Plain dictionaries: 500 of them make a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

Cell = dict[str, Any]
NOTHING = "–"


def text(value: Any, *, sub: str = "", tone: str = "") -> Cell:
    """Words as they are; `sub` is said after them in grey, or in the colour of `tone`."""
    return {"kind": "text", "text": "" if value is None else str(value), "sub": sub, "tone": tone}


def address_of(route: str) -> Callable[[Any], str]:
    """The address of a row's page by its id. `reverse` is asked once a process, not fifty times a page."""
    sample = UUID(int=0)

    @cache
    def parts() -> tuple[str, str]:
        before, _, after = reverse(route, args=[sample]).partition(str(sample))
        return before, after

    def address(row_id: Any) -> str:
        before, after = parts()
        return f"{before}{row_id}{after}"

    return address


def link(value: str, href: str, *, sub: str = "") -> Cell:
    return {"kind": "link", "text": value, "href": href, "sub": sub, "tone": ""}


def state(tone: str, word: str, *, icon: str = "", sub: str = "") -> Cell:
    """`tone`: active, waiting, done, late, none, archived."""
    return {"kind": "state", "text": word, "tone": tone, "icon": icon, "sub": sub}


def tier(tone: str, word: str) -> Cell:
    """`tone`: high, mid, low; anything else reads 未评."""
    return {"kind": "tier", "text": word, "tone": tone, "sub": ""}


def masked(value: str, reveal_url: str = "") -> Cell:
    """A masked value, with 查看 when there is an address that asks for a reason."""
    return {"kind": "masked", "text": value, "href": reveal_url, "sub": "", "tone": ""}


def number(value: int | float | Decimal | None, places: int = 0) -> Cell:
    return {"kind": "number", "text": NOTHING if value is None else f"{value:,.{places}f}", "sub": "", "tone": ""}


def date(value: dt.date | dt.datetime | None, *, sub: str = "", tone: str = "") -> Cell:
    """2026-11-20; a moment with its time, Beijing's."""
    return {"kind": "date", "text": day(value), "sub": sub, "tone": tone}


def tags(values: Sequence[str]) -> Cell:
    return {"kind": "tags", "text": "、".join(values), "tags": values, "sub": "", "tone": ""}


def day(value: dt.date | dt.datetime | None) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat()


def of(value: Any, kind: str) -> Cell:
    """A bare value as the kind its column declares; a cell stays what it is."""
    if type(value) is dict:
        return value
    if kind == "date":
        return date(value)
    if kind == "number":
        return number(value)
    if kind == "boolean":
        return text("是" if value else "否")
    return text(value)
