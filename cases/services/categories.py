"""Categories of a client: from one day to another, with what shows it (standards §3.1)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from cases.enums import Category
from cases.models import Client, ClientCategory
from cases.services.checking import CategoryInput
from cases.services.dossier import keep_change, lock_client, part_of
from cases.services.inserting import KIND
from core.errors import Conflict, Invalid, NotFound
from core.privacy import crypto
from core.scoping import Actor, service


@service
def add_category(actor: Actor, *, client_id: UUID, category: CategoryInput, channel: str = "") -> Client:
    """The client belongs to one more category. Raises Invalid (unknown, backward dates), Conflict (open already)."""
    client = lock_client(actor, client_id)
    if category.code not in Category.values:
        raise Invalid("category.unknown", "没有这种对象类别。", {"category": ["没有这种对象类别，请从列表中选择。"]})
    if category.valid_to and category.valid_to <= category.valid_from:
        raise Invalid("category.backward", "止期应晚于起期。", {"valid_to": ["止期应晚于起期。"]})
    rows = ClientCategory.objects.visible_to(actor).filter(client=client, category=category.code, valid_to=None)
    if category.valid_to is None and rows.exists():
        raise Conflict(
            "category.open_already", "这一类别已经登记而且没有终止。", {"category": ["这一类别已登记，没有终止。"]}
        )
    context = f"{KIND}:{client.pk}:evidence".encode()
    key = bytes(client.person_key or b"")
    evidence = crypto.seal(key, category.evidence.encode(), context=context) if category.evidence else None
    ClientCategory.objects.create(
        **part_of(actor, client),
        category=category.code,
        valid_from=category.valid_from,
        valid_to=category.valid_to,
        evidence=evidence,
    )
    after = {"category": category.code, "valid_from": category.valid_from.isoformat()}
    return keep_change(actor, client, "client.category_add", before={}, after=after, channel=channel)


@service
def close_category(actor: Actor, *, client_id: UUID, category_id: UUID, valid_to: date, reason: str = "") -> Client:
    """The client no longer belongs to it from `valid_to` on. Raises NotFound, Conflict (closed), Invalid (backward)."""
    client = lock_client(actor, client_id)
    rows = ClientCategory.objects.visible_to(actor).filter(client=client)
    row = rows.select_for_update(of=("self",)).filter(pk=category_id).first()
    if row is None:
        raise NotFound()
    if row.valid_to is not None:
        raise Conflict("category.closed", "这一类别已经终止。")
    if valid_to <= row.valid_from:
        raise Invalid("category.backward", "终止日期应晚于起期。", {"valid_to": ["终止日期应晚于起期。"]})
    rows.filter(pk=category_id).update(valid_to=valid_to)
    before = {"category": row.category, "valid_to": None}
    after = {"category": row.category, "valid_to": valid_to.isoformat()}
    return keep_change(actor, client, "client.category_close", before=before, after=after, reason=reason)
