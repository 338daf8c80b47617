"""Printed one-time slips: how an account opens and how a lost password or second factor is mended without e-mail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from accounts.models import OneTimeSlip, SlipPurpose, User
from accounts.queries.reach import require_manageable
from accounts.roles import Perm
from accounts.services.sessions import end_sessions_of
from core import audit
from core.errors import Refused
from core.scoping import Actor, service

# No letter or digit that reads like another on paper. 4 × 4 of 29 signs: 77 bits.
SIGNS = "ABCDEFGHJKMNPQRTUVWXY23456789"
# Who may hand out which: the one who opens accounts must not be able to take over an administrator's (§8.2, 三员).
PERMISSION = {SlipPurpose.PASSWORD: Perm.ACCOUNT_MANAGE, SlipPurpose.SECOND_FACTOR: Perm.SECURITY_MANAGE}


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """What goes on paper, once: the only place the code stands in the clear."""

    username: str
    display_name: str
    purpose: str
    code: str
    expires_at: datetime


@service
def issue_slip(actor: Actor, *, user: User, purpose: str = SlipPurpose.PASSWORD) -> PrintedSlip:
    """A new slip; earlier ones of the same purpose are void. A password slip ends the old password and all sessions.

    Raises Forbidden on one's own account, NotFound out of reach, Refused for a disabled account."""
    actor.require(PERMISSION[SlipPurpose(purpose)])
    user = User.objects.select_for_update().get(pk=user.pk)
    require_manageable(actor, user)
    if not user.is_active:
        raise Refused("account_disabled", "这个账号已停用，请先启用。")
    now = timezone.now()
    OneTimeSlip.objects.filter(user=user, purpose=purpose, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    code = "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(4))
    expires_at = now + timedelta(days=settings.SLIP_DAYS)
    OneTimeSlip.objects.create(
        user=user, purpose=purpose, hash=make_password(_bare(code)), issued_at=now, issued_by_id=actor.user_id,
        expires_at=expires_at,
    )  # fmt: skip
    if purpose == SlipPurpose.PASSWORD:
        _forget_password(user)
    audit.record(actor, "account.slip_issued", user=user.pk, purpose=str(purpose))
    return PrintedSlip(user.username, user.display_name, SlipPurpose(purpose).label, code, expires_at)


def _forget_password(user: User) -> None:
    if user.has_usable_password() and user.password:
        user.password_history.create(password=user.password)
    user.set_unusable_password()
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions_of(user)


def open_slip(user: User, code: str, purpose: str) -> OneTimeSlip | None:
    """The slip this code opens now, or None."""
    slip = OneTimeSlip.objects.filter(
        user=user, purpose=purpose, used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).first()
    return slip if slip is not None and check_password(_bare(code), slip.hash) else None


def use_slip(slip: OneTimeSlip) -> bool:
    """Take it; False when somebody else just did."""
    return bool(OneTimeSlip.objects.filter(pk=slip.pk, used_at=None, withdrawn_at=None).update(used_at=timezone.now()))


def _bare(code: str) -> str:
    return "".join(code.upper().split()).replace("-", "")
