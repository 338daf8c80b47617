"""Names that stand beside a client: the station, the worker, whoever wrote or looked."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from core.scoping import Actor
from stations.enums import Employment, StationStatus
from stations.models import Station, Worker

MOST_CHOICES = 300


def station_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Station.objects.visible_to(actor).filter(pk__in=set(ids)).values_list("pk", "name"))


def worker_names(actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of workers are shown to everybody who sees the row."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = Worker.objects.visible_to(actor).filter(pk__in=wanted).only("person_key", "sealed")
    return {worker.pk: worker.particulars().name for worker in rows}


def user_names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one}
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def station_choices(actor: Actor, *, running: bool = False) -> list[tuple[str, str]]:
    rows = Station.objects.visible_to(actor).order_by("name")
    if running:
        rows = rows.filter(status=StationStatus.RUNNING)
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:MOST_CHOICES]]


def worker_choices(actor: Actor) -> list[tuple[str, str]]:
    rows = Worker.objects.visible_to(actor).filter(employment=Employment.ACTIVE, withdrawn_at=None)
    named = [(str(worker.pk), worker.particulars().name) for worker in rows.order_by("initials", "id")[:MOST_CHOICES]]
    return named
