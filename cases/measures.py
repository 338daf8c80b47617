"""What the register can count: who was registered, and who stands in it, per station and month."""

from __future__ import annotations

from datetime import date, timedelta

from core.frame import url
from core.measures.known import Measure, register_measure
from core.scoping import Actor


def registered_between(actor: Actor, region_code: str, start: date, end: date) -> str:
    """The clients registered in the period below the division."""
    last = end - timedelta(days=1)
    return f"{url('cases:clients')}?region={region_code}&registered_from={start}&registered_to={last}"


def standing(actor: Actor, region_code: str, start: date, end: date) -> str:
    return f"{url('cases:clients')}?region={region_code}"


def register() -> None:
    register_measure(
        Measure(
            "clients.registered",
            "新登记服务对象",
            "人",
            table="cases_client",
            filter="registered_on >= %(start)s AND registered_on < %(end)s",
            additive=True,
            drill=registered_between,
        )
    )
    register_measure(
        Measure(
            "clients.active",
            "在册服务对象",
            "人",
            table="cases_client",
            filter="state = 'active' AND registered_on < %(end)s",
            drill=standing,
        )
    )
