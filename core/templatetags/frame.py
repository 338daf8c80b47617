"""What templates say the same way everywhere: icons, states, tiers, money, dates.

Colour is never the only carrier of meaning, so a state is an icon and a word and a
tier is three bars and a character (design/mock: Language).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

NONE = "–"

STATE_ICONS = {
    "active": "circle-dot",
    "waiting": "clock",
    "done": "circle-check",
    "late": "alert-triangle",
    "none": "circle-dashed",
    "archived": "archive",
}

TIERS = {
    "high": ("high", "高", 3),
    "mid": ("mid", "中", 2),
    "low": ("low", "低", 1),
}
TIER_WORDS = {word: key for key, (_, word, _) in TIERS.items()}


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: int = 16) -> SafeString:
    """The sprite's symbol. Silent for screen readers unless `label` is given. Sixty of them stand on a page: kept."""
    klass = "i" if size == 16 else f"i i-{size}"
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', klass, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', klass, href)


@register.simple_tag
def state(tone: str, word: str, badge: bool = False) -> SafeString:
    """Icon and word. `tone` is a key of STATE_ICONS; an unknown one reads as not begun."""
    known = tone if tone in STATE_ICONS else "none"
    return format_html(
        '<span class="state {}{}">{}{}</span>',
        known,
        " badge" if badge else "",
        icon(STATE_ICONS[known]),
        word,
    )


@register.simple_tag
def tier(value: str | None) -> SafeString:
    """Three bars and the character; `value` is high/mid/low or 高/中/低."""
    key = TIER_WORDS.get(value or "", value or "")
    if key not in TIERS:
        return SafeString('<span class="meta">未评</span>')
    klass, word, bars = TIERS[key]
    return format_html(
        '<span class="tier {}"><svg viewBox="0 0 13 13" aria-hidden="true">{}</svg>{}</span>',
        klass,
        _bars(bars),
        word,
    )


def _bars(lit: int) -> SafeString:
    shapes = ((0, 9, 4), (5, 5, 8), (10, 0, 13))
    bar = '<rect x="{}" y="{}" width="3" height="{}" rx="1" class="{}"/>'
    return format_html_join("", bar, ((*shape, "on" if at < lit else "") for at, shape in enumerate(shapes)))


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None


def format_number(value: Any, places: int = 0) -> str:
    """Grouped by thousands (zh-hans prints none by itself); – for nothing."""
    number = _decimal(value)
    if number is None or not number.is_finite():
        return NONE
    step = Decimal(1).scaleb(-places)
    rounded = number.quantize(step, rounding=ROUND_HALF_UP)
    # A rounded -0 would print as "-0".
    return f"{rounded + 0:,.{places}f}"


@register.simple_tag
def money(value: Any) -> str:
    """1,234,567.89: the unit stands in the heading or beside the figure."""
    return format_number(value, 2)


@register.filter
def number(value: Any, places: int = 0) -> str:
    return format_number(value, places)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """`value` is already in percent; 91.27 → 91.3%."""
    text = format_number(value, places)
    return text if text == NONE else f"{text}%"


@register.filter
def wan(value: Any, places: int = 2) -> str:
    """In 万, for KPIs and axes only."""
    amount = _decimal(value)
    return NONE if amount is None else format_number(amount / 10000, places)


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """2026-11-20."""
    if not value:
        return NONE
    if isinstance(value, dt.datetime):
        value = _local(value).date()
    return value.isoformat()


@register.filter
def short_day(value: dt.date | dt.datetime | None) -> str:
    """11-20 inside the current year, else the whole date."""
    text = day(value)
    this_year = f"{timezone.localdate().year}-"
    return text.removeprefix(this_year)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """2026-11-20 09:12."""
    return NONE if not value else f"{_local(value):%Y-%m-%d %H:%M}"


@register.filter
def short_moment(value: dt.datetime | None) -> str:
    """11-20 09:12 inside the current year."""
    return NONE if not value else f"{short_day(value)} {_local(value):%H:%M}"


@register.filter
def age(value: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """How long it has waited, in words: 1 天 3 小时."""
    if not value:
        return NONE
    minutes = max(0, int(((now or timezone.now()) - value).total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else "刚刚"


@register.filter
def spark_points(values: Sequence[float], box: str = "82x26") -> str:
    """Points of a polyline that fills `box` (width x height)."""
    width, height = (int(side) for side in box.split("x"))
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = width / (len(values) - 1)
    return " ".join(
        f"{index * step:.1f},{height - 2 - (value - low) / span * (height - 4):.1f}"
        for index, value in enumerate(values)
    )


@register.filter
def form_sections(form: BaseForm) -> list[dict[str, Any]]:
    """The form's visible fields by section.

    A form may declare `sections = [(title, [field names], help), …]` (help optional);
    fields it forgets come last, without a title, so that none is ever lost.
    """
    sections: list[dict[str, Any]] = []
    left = {field.name: field for field in form.visible_fields()}
    for title, names, *rest in getattr(form, "sections", ()):
        fields = [left.pop(name) for name in names if name in left]
        if fields:
            sections.append({"title": title, "help": rest[0] if rest else "", "fields": fields})
    if left:
        sections.append({"title": "", "help": "", "fields": list(left.values())})
    return sections


@register.filter
def error_count(form: BaseForm) -> int:
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def initial_of(name: str | None) -> str:
    """The sign in the round avatar: the first character of a name."""
    return (name or "").strip()[:1] or "?"
