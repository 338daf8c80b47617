"""Sessions: one row a sign-in beside Django's own; ending one deletes Django's, so the next request has nobody."""

from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User, UserSession
from core import audit
from core.errors import NotFound
from core.scoping import Actor, service


@service
def begin_session(actor: Actor, *, user: User, session_key: str, address: str | None, agent: str) -> UserSession:
    """Remember which browser signed in."""
    row, _ = UserSession.objects.update_or_create(
        session_key=session_key, defaults={"user": user, "address": address, "agent": agent[:200], "ended_at": None}
    )
    audit.record(actor, "session.began", user=user.pk)
    return row


@service
def end_session(actor: Actor, *, session: UUID) -> None:
    """End one of one's own sessions. Raises NotFound for anybody else's and for one that ended."""
    row = UserSession.objects.select_for_update().filter(pk=session, user_id=actor.user_id or 0, ended_at=None).first()
    if row is None:
        raise NotFound()
    _end([row])
    audit.record(actor, "session.ended", user=row.user_id)


def follow_key(old: str, new: str) -> None:
    """Django gave a session a new key (after a change of password): the row goes with it."""
    UserSession.objects.filter(session_key=old).update(session_key=new)


def end_sessions_of(user: User, *, but: str = "") -> int:
    """End every session of an account but one; how many. The caller writes the audit row."""
    rows = list(UserSession.objects.select_for_update().filter(user=user, ended_at=None).exclude(session_key=but))
    _end(rows)
    return len(rows)


def _end(rows: list[UserSession]) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now())
