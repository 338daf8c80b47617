"""Entering a new value of a rule; what was in force before stays as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from core import audit
from core.errors import Forbidden, Invalid, NotFound, Refused
from core.rules.known import known_rules, rules
from core.rules.models import Rule, RuleStatus
from core.rules.queries import LEVELS
from core.scoping import NATION, Actor, service

MANAGE = "rule.manage"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('core.rule.' || %s || '.' || %s, 0))"


@service
def set_rule(
    actor: Actor, *, code: str, region_code: str = "", value: Any, valid_from: date, source: str, status: str
) -> Rule:
    """From `valid_from` on, this place's value is `value`; the row in force until then is closed on that day.

    Raises Refused when a row begins on or after that day already: history is never moved, a later row is corrected by
    a still later one. Raises Invalid, NotFound (unknown rule), Forbidden (a place outside one's range).
    """
    actor.require(MANAGE)
    known = rules.get(code)
    if known is None:
        raise NotFound("unknown_rule", "没有这条规则。")
    _check_place(actor, region_code)
    if not source.strip():
        raise Invalid("source_needed", "请写明依据。", {"source": ["请写明依据。"]})
    if status not in RuleStatus.values:
        raise Invalid("rule_status", "请选择性质。", {"status": ["请选择性质。"]})
    new = Rule(
        code=code,
        region_code=region_code,
        value=known.read(value),
        valid_from=valid_from,
        source=source.strip()[:200],
        status=status,
        created_by_id=actor.user_id,
    )
    _close_former(new)
    new.save(force_insert=True)
    audit.record(
        actor, "rule.set", kind="rule", region_code=region_code, rule=code, value=new.value,
        valid_from=valid_from.isoformat(), source=new.source,
    )  # fmt: skip
    return new


def load_rules() -> int:
    """Enter the national starting value of each declared rule that has no national row yet; returns how many."""
    have = set(Rule.objects.filter(region_code="").values_list("code", flat=True))
    missing = [
        Rule(code=rule.code, value=rule.read(rule.default), valid_from=rule.valid_from, source=rule.source,
             status=rule.status)
        for rule in known_rules() if rule.code not in have
    ]  # fmt: skip
    Rule.objects.bulk_create(missing)
    return len(missing)


def _check_place(actor: Actor, region_code: str) -> None:
    if region_code and not (region_code.isdigit() and region_code.isascii() and len(region_code) in LEVELS):
        raise Invalid("region_code", "请选择行政区划。", {"region_code": ["请选择行政区划。"]})
    if actor.reach != NATION and not (region_code and actor.reach.is_range and actor.reach.covers(region_code, None)):
        raise Forbidden("rule_place", "只能登记您所辖区划的取值。")


def _close_former(new: Rule) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [new.code, new.region_code])
    same = Rule.objects.filter(code=new.code, region_code=new.region_code)
    later = same.filter(valid_from__gte=new.valid_from).order_by("valid_from").first()
    if later:
        message = f"已有自 {later.valid_from:%Y-%m-%d} 起的取值，新取值须从其后一天起，历史不改动。"
        raise Refused("rule_history", message, {"valid_from": [message]})
    same.filter(valid_to=None).update(valid_to=new.valid_from)
