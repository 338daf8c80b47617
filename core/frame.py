"""What stands around every page: the menu of this role, what waits, who one is acting as."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core import registries
from core.registries import MenuEntry, Todo
from core.scoping import Actor, current_actor, scope

# The order people find the groups in (screens, "The frame"); a group nobody named here comes last.
GROUPS = ("", "服务", "站点", "志愿", "慈善", "结对", "评估", "台账报表", "设置")
PHONE_ENTRIES = 4
BADGE_SECONDS = 15.0
MOST_BADGES = 2000
_badges: dict[tuple[Any, ...], tuple[float, int]] = {}


def context(request: Any) -> dict[str, Any]:
    """`frame` is worked out when a template asks for it: error pages and fragments never do."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "frame": SimpleLazyObject(lambda: build(request, actor)) if actor else {}}


def build(request: Any, actor: Actor) -> dict[str, Any]:
    entries = allowed_entries(actor)
    waiting = todo_count(request, actor)
    return {
        "menu": menu(entries, request.path),
        "phone": phone(entries, request.path),
        "todo_count": waiting,
        "todo_url": url("core:todo"),
        "downloads_url": url("core:downloads"),
        "search_url": url("core:search"),
        "suggest_url": url("core:suggest"),
        "search_hint": search_hint(actor),
        "person": {"name": actor.name, "role": actor.facts.get("role_label", actor.role), "place": actor.place},
        "memberships": memberships(request, actor),
        "switch_url": url("accounts:switch", "stations:switch"),
        "settings_url": url("accounts:settings"),
        "sign_out_url": url("accounts:sign_out"),
        "keys": keys(entries),
        "session_expires": (timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)).isoformat(),
        "session_continue_url": url("core:stay"),
    }


def url(*names: str) -> str:
    """The first of these routes that exists; "" when none does."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def allowed_entries(actor: Actor) -> list[tuple[MenuEntry, str]]:
    """Menu entries this role may open, with their addresses, in the order of the groups."""
    found = [(entry, url(entry.url_name)) for entry in registries.menu.values() if actor.may(entry.permission)]
    order = {label: place for place, label in enumerate(GROUPS)}
    return sorted(((entry, at) for entry, at in found if at), key=lambda item: order.get(item[0].group, len(GROUPS)))


def current_url(entries: Sequence[tuple[MenuEntry, str]], path: str) -> str:
    """The entry this page belongs to: the longest address the path begins with."""
    matching = [at for _, at in entries if at == path or (at != "/" and path.startswith(at))]
    return max(matching, key=len, default="")


def menu(entries: Sequence[tuple[MenuEntry, str]], path: str) -> list[dict[str, Any]]:
    here = current_url(entries, path)
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry, at in entries:
        item = {"label": entry.label, "url": at, "icon": entry.icon, "current": at == here}
        groups.setdefault(entry.group, []).append(item)
    return [{"label": label, "items": items} for label, items in groups.items()]


def phone(entries: Sequence[tuple[MenuEntry, str]], path: str) -> list[dict[str, Any]]:
    """The bottom bar: the four things this role does most."""
    here = current_url(entries, path)
    return [
        {"label": entry.label, "url": at, "icon": entry.icon, "current": at == here}
        for entry, at in entries
        if entry.phone
    ][:PHONE_ENTRIES]


def keys(entries: Sequence[tuple[MenuEntry, str]]) -> list[dict[str, str]]:
    """`g` and a letter jump to an entry; the letter is the first free one of its route's name."""
    taken: set[str] = set()
    found = []
    for entry, at in entries:
        name = entry.url_name.rpartition(":")[2]
        letter = next((char for char in name if char.isalpha() and char not in taken), "")
        if letter:
            taken.add(letter)
            found.append({"keys": f"g{letter}", "label": entry.label, "url": at})
    return found


def search_hint(actor: Actor) -> str:
    labels = [source.label for source in registries.searches.values() if actor.may(source.permission)]
    return f"查找{'、'.join(labels[:3])}…" if labels else "查找…"


def memberships(request: Any, actor: Actor) -> list[dict[str, Any]]:
    """The identities to choose from; a single one is no choice. Labels come with the membership."""
    held = getattr(request, "memberships", ())
    if len(held) < 2:
        return []
    return [
        {
            "id": membership.pk,
            "role": membership.get_role_display(),
            "place": place_of(membership),
            "current": membership.pk == actor.membership_id,
        }
        for membership in held
    ]


def place_of(membership: Any) -> str:
    """Where a membership is held, without asking scoped tables: a station's name is known once one acts there."""
    for part in ("region", "organisation"):
        place = getattr(membership, part, None) if getattr(membership, f"{part}_id", None) else None
        if place is not None:
            return getattr(place, "full_name", "") or place.name
    if getattr(membership, "is_national", False):
        return "全国"
    return getattr(membership, "place_name", "") or membership.title or "社工站"


def waiting(actor: Actor) -> list[Todo]:
    """Everything registered that waits for this actor, what is late first."""
    found = [
        todo
        for source in registries.todos.values()
        if actor.may(source.permission)
        for todo in source.waiting(actor)
        if todo.count
    ]
    return sorted(found, key=lambda todo: todo.tone != "late")


def todo_count(request: Any, actor: Actor) -> int:
    """The number on the bell. Kept a few seconds per person and worker process: it stands on every page, and a list
    page must not count what waits anew each time. A write of one's own counts again at once."""
    key = (actor.user_id, actor.membership_id)
    now = time.monotonic()
    kept = _badges.get(key)
    if kept and now - kept[0] < BADGE_SECONDS and request.method in ("GET", "HEAD") and not after_write(request):
        return kept[1]
    number = sum(todo.count for todo in _waiting_anywhere(actor))
    if len(_badges) >= MOST_BADGES:
        _badges.clear()
    _badges[key] = (now, number)
    return number


def _waiting_anywhere(actor: Actor) -> list[Todo]:
    """Also on pages that carry nobody's reach (one's own account, a refusal)."""
    if current_actor() == actor:
        return waiting(actor)
    with scope(actor):
        return waiting(actor)


def after_write(request: Any) -> bool:
    """Whether this page is what a redirect after a write shows: a message says so."""
    storage = getattr(request, "_messages", None)
    return bool(storage is not None and storage.used is False and len(storage))
