"""Letting somebody in: by password, or once by a printed slip."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import AllowAllUsersModelBackend

from accounts.models import SlipPurpose, User
from accounts.services.slips import open_slip, use_slip
from core import audit
from core.errors import Refused
from core.scoping import Actor, Reach, service


class PasswordOrSlip(AllowAllUsersModelBackend):
    """Django's check, then an open slip. `admit` tells of a disabled account, and only to who knows its password."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or not password:
            return None
        found = super().authenticate(request, username=username, password=password, **kwargs)
        if found is None:
            found = self._by_slip(username, password)
        return found if isinstance(found, User) and not found.is_system else None

    def get_user(self, user_id: int) -> User | None:
        """A session of an account disabled since has nobody in it."""
        user = super().get_user(user_id)
        return user if isinstance(user, User) and user.is_active else None

    def _by_slip(self, username: str, code: str) -> User | None:
        user = User.objects.filter(username__iexact=username).first()
        slip = open_slip(user, code, SlipPurpose.PASSWORD) if user else None
        if user is not None:
            user.slip = slip  # type: ignore[attr-defined]
        return user if slip else None


def person(user: User, channel: str = "page") -> Actor:
    """Somebody before any membership: a name for the trail, no permission, no reach."""
    return Actor(reach=Reach(), user_id=user.pk, name=user.display_name, facts={"channel": channel})


@service
def admit(actor: Actor, *, user: User) -> None:
    """Take the slip somebody came with. Raises Refused for a disabled account and for a slip just used."""
    slip = getattr(user, "slip", None)
    if not user.is_active:
        raise Refused("account_disabled", "这个账号已停用，请联系系统管理员。")
    if slip is not None and not use_slip(slip):
        raise Refused("slip_used", "这张纸条已经用过了，请向系统管理员另要一张。")
    if slip is not None:
        audit.record(actor, "account.slip_used", user=user.pk, purpose=SlipPurpose.PASSWORD.value)


def note_refusal(why: str, username: str) -> None:
    """A failed sign-in in the trail: which account if there is one, never what was typed."""
    user = User.objects.filter(username__iexact=username).only("pk").first()
    actor = Actor(reach=Reach(), user_id=user.pk if user else None, facts={"channel": "page"})
    _record_refusal(actor, why=why)


@service
def _record_refusal(actor: Actor, *, why: str) -> None:
    audit.record(actor, "session.refused", why=why)
