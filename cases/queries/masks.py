"""What of a person this actor is shown (domain, "Settled"; standards §8.4)."""

from __future__ import annotations

from datetime import date

from accounts.roles import Perm
from core.identifiers.masking import mask_id, mask_minor_id, mask_name
from core.identifiers.resident_id import age_on
from core.scoping import Actor

ADULT = 18
ERASED_NAME = "（已清除）"


def sees_names(actor: Actor) -> bool:
    """Full names are for the client's own station and its supervisor: a role that says so, reaching by stations."""
    return actor.may(Perm.CLIENT_NAMES) and not actor.reach.is_range


def shown_name(actor: Actor, name: str) -> str:
    return name if sees_names(actor) else mask_name(name)


def shown_number(number: str, birth_date: date | None, today: date) -> str:
    """Of a minor's number nothing is shown (未成年人保护法 art. 103)."""
    if birth_date is not None and age_on(birth_date, today) < ADULT:
        return mask_minor_id(number)
    return mask_id(number)
