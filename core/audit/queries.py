"""Reading the trail, within the reader's reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from core.audit.models import AuditEvent
from core.scoping import NATION, Actor

READ = "audit.read"


def events(actor: Actor) -> QuerySet[AuditEvent]:
    """What happened within reach: below one's division, at one's stations; the nation sees also what has no place."""
    actor.require(READ)
    if actor.reach == NATION:
        return AuditEvent.objects.all()
    if actor.reach.is_range:
        return AuditEvent.objects.filter(region_code__gte=actor.reach.lo, region_code__lt=actor.reach.hi)
    return AuditEvent.objects.filter(station_id__in=actor.reach.stations)


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Account number → the name people know it by."""
    ids = {one for one in user_ids if one is not None}
    users: Any = get_user_model()._default_manager.filter(pk__in=ids)
    return {user.pk: getattr(user, "display_name", "") or user.get_username() for user in users}
