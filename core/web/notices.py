"""Short words to one person."""

from __future__ import annotations

from django.db.models import QuerySet

from core.jobs.models import Notification
from core.lists.terms import person_id
from core.scoping import Actor

SHOWN = 100


def mine(actor: Actor) -> QuerySet[Notification]:
    """The newest hundred; notices belong to the person, whatever they act as."""
    return Notification.objects.filter(user_id=person_id(actor)).order_by("-id")[:SHOWN]


def unread(actor: Actor) -> int:
    return Notification.objects.filter(user_id=person_id(actor), read_at=None).count()
