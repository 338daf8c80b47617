"""What a rule says for a place on a day: the nearest place above (and including) it that has a value wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.rules.known import KnownRule, known_rules, rules
from core.rules.models import Rule
from core.scoping import Actor

LEVELS = (2, 4, 6, 9, 12)
READ = "rule.read"


def rule_value(code: str, *, region_code: str = "", on: date | None = None) -> Any:
    """The value in force for this place on this day (today): township before county before … before the nation.

    Falls back to the declared starting value when no row says anything. Raises KeyError for a rule nobody declared.
    One indexed read; whoever asks for many rows takes a `Rulebook`.
    """
    known = rules[code]
    row = _in_force(on).filter(code=code, region_code__in=places_above(region_code)).order_by("-region_code").first()
    return known.typed(row.value if row else known.default)


def places_above(region_code: str) -> list[str]:
    """The place itself and every division above it, up to the nation ("")."""
    return ["", *(region_code[:length] for length in LEVELS if length <= len(region_code))]


class Rulebook:
    """All values in force on one day, read at once: for work that asks row after row."""

    def __init__(self, *, on: date | None = None, codes: Sequence[str] | None = None) -> None:
        rows = _in_force(on)
        if codes is not None:
            rows = rows.filter(code__in=list(codes))
        self._values = {(row.code, row.region_code): row.value for row in rows}

    def value(self, code: str, region_code: str = "") -> Any:
        """As `rule_value`, without asking the database again."""
        known = rules[code]
        for place in reversed(places_above(region_code)):
            if (code, place) in self._values:
                return known.typed(self._values[code, place])
        return known.typed(known.default)


def _in_force(on: date | None) -> QuerySet[Rule]:
    day = on or timezone.localdate()
    return Rule.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the page shows it: what it means, its national value today, how many places differ."""

    known: KnownRule
    current: Rule | None
    local: int

    @property
    def value(self) -> Any:
        return self.current.value if self.current else self.known.default


def rule_lines(actor: Actor) -> list[RuleLine]:
    """Every rule with its value in force today, by group."""
    actor.require(READ)
    national: dict[str, Rule] = {}
    local: dict[str, int] = {}
    for row in _in_force(None):
        if row.region_code:
            local[row.code] = local.get(row.code, 0) + 1
        else:
            national[row.code] = row
    lines = [RuleLine(rule, national.get(rule.code), local.get(rule.code, 0)) for rule in known_rules()]
    return sorted(lines, key=lambda line: line.known.group)


def history(actor: Actor, code: str) -> QuerySet[Rule]:
    """Every value a rule ever had, the newest first, the nation before its places."""
    actor.require(READ)
    return Rule.objects.filter(code=code).order_by("region_code", "-valid_from")
