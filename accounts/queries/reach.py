"""Whom an administrator may manage: `stations` knows places, so `stations` fills the registry."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from accounts.models import User
from core.errors import Forbidden, NotFound
from core.registries import Registry
from core.scoping import Actor

account_in_reach: Registry[Callable[[Actor, User], bool]] = Registry("account reach")
accounts_visible: Registry[Callable[[Actor], QuerySet[User]]] = Registry("visible accounts")


def visible_accounts(actor: Actor) -> QuerySet[User]:
    """The accounts this administrator oversees; none while nobody said which."""
    rows = accounts_visible.get("membership")
    return rows(actor) if rows else User.objects.none()


def require_manageable(actor: Actor, user: User) -> None:
    """Raise NotFound for an account out of reach and Forbidden for one's own: nobody raises himself."""
    if actor.is_system:
        return
    if user.pk == actor.user_id:
        raise Forbidden("own_account", "不能管理自己的账号，请由另一位管理员办理。")
    check = account_in_reach.get("membership")
    if check is None or not check(actor, user):
        raise NotFound()
