"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.audit.models import AuditEvent
from core.privacy import crypto
from core.scoping import Actor, scope

Looks = dict[tuple[str, str], set[UUID]]
_looks: ContextVar[Looks | None] = ContextVar("audit_looks", default=None)


def subject_key(kind: str, row_id: UUID) -> UUID:
    """The keyed hash a subject stands under in the trail; without the key nobody can tell whose row it is."""
    return UUID(bytes=crypto.vault().audit_mark(kind, str(row_id)))


def record(
    actor: Actor,
    act: str,
    *,
    kind: str = "",
    ids: Iterable[UUID] = (),
    region_code: str = "",
    station_id: UUID | None = None,
    reason: str = "",
    channel: str = "",
    **details: Any,
) -> AuditEvent:
    """One audit row in the running transaction. `details` hold no personal values: names of fields, counts, states.

    Without a place of its own an act stands where its actor stands, so that the auditors of that place see it.
    """
    return AuditEvent.objects.create(
        at=timezone.now(),
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        role=actor.role,
        act=act,
        reason=reason or actor.reason,
        channel=channel or actor.facts.get("channel", "system"),
        subject_kind=kind,
        subject_keys=[subject_key(kind, row_id) for row_id in ids],
        region_code=region_code or _place_of(actor),
        station_id=station_id or _station_of(actor),
        details=details,
    )


def _place_of(actor: Actor) -> str:
    """The division an actor stands in; "" for the nation."""
    return actor.reach.lo if len(actor.reach.lo) > 1 else actor.facts.get("region_code", "")


def _station_of(actor: Actor) -> UUID | None:
    return actor.reach.stations[0] if len(actor.reach.stations) == 1 else None


def note(kind: str, ids: Iterable[UUID], *, how: str = "read") -> None:
    """Remember that the running request read these rows. Outside a request (a job, a test) nobody is looking."""
    looks = _looks.get()
    if looks is not None:
        looks.setdefault((kind, how), set()).update(ids)


@contextmanager
def looking() -> Iterator[Looks]:
    """Collect what `note` says while one request is answered."""
    looks: Looks = {}
    token = _looks.set(looks)
    try:
        yield looks
    finally:
        _looks.reset(token)


def write_looks(actor: Actor, looks: Looks, *, channel: str) -> None:
    """One row per kind and manner of looking, in a transaction of its own on the primary."""
    with scope(actor):
        for (kind, how), ids in looks.items():
            record(actor, f"{kind}.{how}", kind=kind, ids=sorted(ids), channel=channel)
