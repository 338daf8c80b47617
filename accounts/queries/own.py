"""What one sees of one's own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User, UserSession


@dataclass(frozen=True, slots=True)
class OpenSession:
    id: UUID
    began_at: datetime
    last_seen_at: datetime
    address: str
    browser: str
    is_current: bool


def sessions_of(user: User, *, current: str = "") -> list[OpenSession]:
    """Sessions that still live, the newest first. When one was last used follows from when it would end."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user, ended_at=None)}
    living = Session.objects.filter(session_key__in=list(rows), expire_date__gt=timezone.now())
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ends = dict(living.values_list("session_key", "expire_date"))
    found = [
        OpenSession(row.pk, row.began_at, ends[key] - idle, row.address or "", browser_of(row.agent), key == current)
        for key, row in rows.items()
        if key in ends
    ]
    return sorted(found, key=lambda session: session.began_at, reverse=True)


def browser_of(agent: str) -> str:
    """The name people know their browser by; good enough to tell one's own from a stranger's."""
    known = [
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]
    systems = [("Android", "安卓"), ("iPhone", "iPhone"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")]
    name = next((label for mark, label in known if mark in agent), "其他浏览器")
    system = next((label for mark, label in systems if mark in agent), "")
    return f"{name}（{system}）" if system else name
