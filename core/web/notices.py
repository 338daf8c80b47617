"""Short words to one person."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from core.jobs.models import Notification
from core.scoping import Actor, service

SHOWN = 100


def mine(actor: Actor) -> QuerySet[Notification]:
    """The newest hundred; notices belong to the person, whatever they act as."""
    return Notification.objects.filter(user_id=actor.user_id).order_by("-id")[:SHOWN]


def unread(actor: Actor) -> int:
    return Notification.objects.filter(user_id=actor.user_id, read_at=None).count()


@service
def mark_read(actor: Actor) -> None:
    """All of mine are read now."""
    Notification.objects.filter(user_id=actor.user_id, read_at=None).update(read_at=timezone.now())
