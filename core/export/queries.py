"""Which export requests somebody sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from core.approvals.models import ApprovalState
from core.errors import NotFound
from core.export.models import ExportRequest
from core.scoping import NATION, Actor

APPROVE = "export.approve"


def my_requests(actor: Actor) -> QuerySet[ExportRequest]:
    """What I submitted, the newest first."""
    return (
        ExportRequest.objects.filter(submitted_by_id=actor.user_id).select_related("decided_by", "job").order_by("-id")
    )


def requests_to_decide(actor: Actor) -> QuerySet[ExportRequest]:
    """Waiting requests whose whole reach lies within mine, except my own."""
    if not actor.may(APPROVE):
        return ExportRequest.objects.none()
    waiting = ExportRequest.objects.filter(within(actor), state=ApprovalState.WAITING)
    return waiting.exclude(submitted_by_id=actor.user_id).select_related("submitted_by").order_by("id")


def request_to_decide(actor: Actor, pk: UUID) -> ExportRequest:
    """One of them, locked. Raises NotFound out of reach; one's own is found, so that the refusal can say why."""
    found = ExportRequest.objects.filter(within(actor), pk=pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound()
    return found


def within(actor: Actor) -> Q:
    """Requests made with a reach inside this actor's."""
    if actor.reach == NATION:
        return Q()
    if actor.reach.is_range:
        return Q(region_code__gte=actor.reach.lo, region_code__lt=actor.reach.hi)
    return Q(station_ids__contained_by=list(actor.reach.stations)) & ~Q(station_ids=[])
