"""Opening, disabling and enabling accounts."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.queries.reach import require_manageable
from accounts.roles import Perm
from accounts.services.passwords import set_password
from accounts.services.sessions import end_sessions_of
from core import audit
from core.errors import Conflict, Invalid, Refused
from core.scoping import Actor, service

USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,62})[a-z0-9]\Z")


@service
def open_account(
    actor: Actor, *, username: str, display_name: str, password: str | None = None, is_system: bool = False
) -> User:
    """A new account. Without a password it opens by a printed slip only; a known password is for demonstrations.

    Raises Invalid on a malformed or missing name, Conflict when the user name is taken, and as `set_password`."""
    actor.require(Perm.ACCOUNT_MANAGE)
    username, display_name = username.strip().lower(), display_name.strip()
    fields = problems_of(username, display_name)
    if fields:
        raise Invalid("bad_account", "开户信息有误。", fields)
    user = User(username=username, display_name=display_name, is_system=is_system, opened_by_id=actor.user_id)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        says = "这个登录名已经有人用了，请换一个。"
        raise Conflict("username_taken", says, {"username": [says]}) from error
    audit.record(actor, "account.opened", user=user.pk)
    if password is not None:
        set_password(actor, user=user, password=password)
    return user


def problems_of(username: str, display_name: str) -> dict[str, list[str]]:
    """What is wrong with the names of a new account, by field."""
    fields = {}
    if not USERNAME.match(username):
        fields["username"] = ["登录名为 3～64 位小写字母、数字和 . _ -，首尾须是字母或数字。"]
    if not display_name or len(display_name) > 64:
        fields["display_name"] = ["请填写姓名，不超过 64 个字。"]
    return fields


@service
def disable_account(actor: Actor, *, user: User, reason: str) -> None:
    """Nobody signs in with it any more; its sessions end now. Raises NotFound out of reach, Refused without reason."""
    user = _locked(actor, user)
    if not reason.strip():
        raise Refused("reason_needed", "请写明停用的原因。", {"reason": ["请写明停用的原因。"]})
    if not user.is_active:
        raise Conflict("disabled_already", "这个账号已经停用了。")
    user.is_active = False
    user.save(update_fields=["is_active"])
    ended = end_sessions_of(user)
    audit.record(actor, "account.disabled", reason=reason.strip()[:200], user=user.pk, sessions=ended)


@service
def enable_account(actor: Actor, *, user: User) -> None:
    """It may sign in again, with the password it had."""
    user = _locked(actor, user)
    if user.is_active:
        raise Conflict("enabled_already", "这个账号没有停用。")
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(actor, "account.enabled", user=user.pk)


def _locked(actor: Actor, user: User) -> User:
    actor.require(Perm.ACCOUNT_MANAGE)
    locked = User.objects.select_for_update().get(pk=user.pk)
    require_manageable(actor, locked)
    return locked
