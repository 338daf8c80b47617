"""Short words to one person."""

from __future__ import annotations

from django.db.models import QuerySet

from core.jobs.models import Notification
from core.scoping import Actor

SHOWN = 100


def mine(actor: Actor) -> QuerySet[Notification]:
    """The newest hundred; notices belong to the person, whatever they act as."""
    return Notification.objects.filter(user_id=actor.user_id).order_by("-id")[:SHOWN]


def unread(actor: Actor) -> int:
    return Notification.objects.filter(user_id=actor.user_id, read_at=None).count()
