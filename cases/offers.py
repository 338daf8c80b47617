"""What the cases app offers the frame: menu, search, 待办, the data it holds about a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.roles import Perm
from cases import measures
from cases.queries import dossier, waiting
from cases.queries import register as roll
from core import registries
from core.registries import Found, MenuEntry, SearchSource, SubjectData, Todo, TodoSource
from core.scoping import Actor


def find_clients(actor: Actor, text: str, limit: int) -> Sequence[Found]:
    """By name, number or telephone; the frame posts the text, so it stands in no URL."""
    rows = roll.clients(actor, {"keyword": text}).order_by("initials", "id").values(*roll.FIELDS)[:limit]
    return [
        Found(row["name"], reverse("cases:client", args=[row["id"]]), f"{row['number']} {row['station']}")
        for row in roll.shown_rows(actor, list(rows))
    ]


def waiting_consents(actor: Actor) -> Sequence[Todo]:
    """Only for those who can mend it."""
    lines = (
        ("服务对象缺同意书", waiting.without_consent(actor), "consent=missing", ""),
        ("未满 14 周岁缺监护人同意", waiting.children_without_guardian(actor), "consent=guardian", "late"),
    )
    found = []
    for label, rows, query, tone in lines:
        count = rows.count()
        if count:
            found.append(Todo(label, count, f"{reverse('cases:clients')}?{query}", tone))
    return found


def everything_about(actor: Actor, client_id: UUID) -> dict[str, Any]:
    """What this app holds about one client, for access and transfer requests (PIPL art. 45)."""
    page = dossier.client_page(actor, client_id, how="read")
    return {"file": page, "history": dossier.history(actor, client_id)}


def register() -> None:
    measures.register()
    entry = MenuEntry("服务", "服务对象", "cases:clients", "user", Perm.CLIENT_READ, phone=True)
    registries.menu.register("cases.clients", entry)
    registries.searches.register("cases.clients", SearchSource("服务对象", Perm.CLIENT_READ, find_clients))
    registries.todos.register("cases.consents", TodoSource(Perm.CLIENT_WRITE, waiting_consents))
    registries.subject_data.register("cases.client", SubjectData("服务对象档案", everything_about))
