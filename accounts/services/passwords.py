"""Passwords: length, classes, history and rotation (standards §8; the numbers stand in settings.PASSWORD_RULES)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import PasswordHistory, User
from accounts.queries.reach import require_manageable
from accounts.roles import Perm
from accounts.services.sessions import end_sessions_of
from core import audit
from core.errors import Invalid, Refused
from core.scoping import Actor, service


class ThreeClasses:
    """Validator: at least three of capital letters, small letters, digits, other signs."""

    says = "密码须含大写字母、小写字母、数字、符号中的至少三类。"

    def validate(self, password: str, user: Any = None) -> None:
        classes = {_class_of(character) for character in password}
        if len(classes) < settings.PASSWORD_RULES["classes"]:
            raise ValidationError(self.says, code="password_classes")

    def get_help_text(self) -> str:
        return self.says


class NotRecent:
    """Validator: none of the last few, the present one included."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        keep = settings.PASSWORD_RULES["history"]
        had = list(user.password_history.order_by("-id").values_list("password", flat=True)[: keep - 1])
        if any(check_password(password, old) for old in [user.password, *had]):
            raise ValidationError(f"不能使用最近 {keep} 次用过的密码。", code="password_recent")

    def get_help_text(self) -> str:
        return f"不能与最近 {settings.PASSWORD_RULES['history']} 次用过的密码相同。"


def _class_of(character: str) -> str:
    if character.isupper():
        return "upper"
    if character.islower():
        return "lower"
    return "digit" if character.isdigit() else "other"


def is_expired(user: User) -> bool:
    """Whether the password is older than the rotation allows."""
    if user.password_changed_at is None:
        return False
    return timezone.now() - user.password_changed_at >= timedelta(days=settings.PASSWORD_RULES["days"])


@service
def set_password(actor: Actor, *, user: User, password: str) -> None:
    """Give an account a known password: for demonstrations and the system only, everybody else prints a slip.

    Raises Refused outside of demonstrations, Invalid when the rules refuse it, NotFound out of reach."""
    actor.require(Perm.ACCOUNT_MANAGE)
    require_manageable(actor, user)
    if not (settings.DEMO or actor.is_system):
        raise Refused("slip_needed", "不能代设密码，请打印一次性密码纸条交给本人。")
    _store(user, password)
    audit.record(actor, "account.password_set", user=user.pk)


@service
def change_password(actor: Actor, *, user: User, old: str, new: str, keep_session: str = "") -> None:
    """Somebody changes the own password; every other session of theirs ends.

    After a slip there is no old one to ask for. Raises Invalid with `old` or `new` in `fields`."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_usable_password() and not check_password(old, user.password):
        raise Invalid("wrong_password", "原密码不对。", {"old": ["原密码不对。"]})
    _store(user, new)
    ended = end_sessions_of(user, but=keep_session)
    audit.record(actor, "account.password_changed", user=user.pk, sessions=ended)


def _store(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("weak_password", "密码不符合要求。", {"new": error.messages}) from error
    if user.has_usable_password() and user.password:
        PasswordHistory.objects.create(user=user, password=user.password)
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    _forget_old(user)


def _forget_old(user: User) -> None:
    keep = user.password_history.order_by("-id").values_list("pk", flat=True)[: settings.PASSWORD_RULES["history"]]
    user.password_history.exclude(pk__in=list(keep)).delete()
