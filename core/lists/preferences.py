"""How one person wants one list, and the queries they named."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.errors import Conflict, Invalid, NotFound, Refused
from core.lists.models import ListPreference, SavedQuery
from core.lists.spec import Column, ListSpec
from core.lists.terms import person_id
from core.scoping import Actor, service

DENSITIES = ("compact", "normal", "roomy")
MOST_SAVED = 30


def preference_of(actor: Actor, spec: ListSpec) -> ListPreference:
    """What this person keeps about the list, or the defaults (not stored)."""
    kept = ListPreference.objects.filter(user_id=person_id(actor), list_key=spec.key).first()
    return kept or ListPreference(user_id=person_id(actor), list_key=spec.key, per_page=spec.per_page)


def shown_columns(actor: Actor, spec: ListSpec, preference: ListPreference) -> list[Column]:
    """The columns to show, in order; a kept name that is gone is passed over."""
    allowed = {column.key: column for column in spec.columns_for(actor)}
    kept = [allowed[key] for key in preference.columns if key in allowed]
    if not kept:
        return [column for column in allowed.values() if column.default or column.fixed]
    fixed = [column for column in allowed.values() if column.fixed and column not in kept]
    return fixed + kept


@service
def choose_columns(actor: Actor, spec: ListSpec, keys: Sequence[str]) -> None:
    """Keep these columns in the list's own order; none means the default."""
    allowed = [column.key for column in spec.columns_for(actor)]
    if set(keys) - set(allowed):
        raise Invalid("unknown_column", "没有这一列。")
    _keep(actor, spec, columns=[key for key in allowed if key in keys])


@service
def choose_density(actor: Actor, spec: ListSpec, density: str) -> None:
    if density not in DENSITIES:
        raise Invalid("unknown_density", "没有这种行距。")
    _keep(actor, spec, density=density)


@service
def choose_per_page(actor: Actor, spec: ListSpec, size: int) -> None:
    if size not in spec.per_page_choices:
        raise Invalid("page_size_out_of_range", "没有这个每页条数。")
    _keep(actor, spec, per_page=size)


def _keep(actor: Actor, spec: ListSpec, **values: object) -> None:
    ListPreference.objects.update_or_create(
        user_id=person_id(actor),
        list_key=spec.key,
        defaults=values,
        create_defaults={"per_page": spec.per_page, **values},
    )


def place_code(actor: Actor) -> str | None:
    """The division somebody acts at: "" for the nation, None where it is not known (named stations)."""
    if actor.reach.is_range:
        return "" if actor.reach.lo == "0" else actor.reach.lo
    return actor.facts.get("region_code") or None


def saved_queries(actor: Actor, spec: ListSpec) -> list[SavedQuery]:
    """Mine, and those shared with the place I act at or a place above it."""
    mine = Q(user_id=person_id(actor))
    code = place_code(actor)
    if code is not None:
        above = [code[:length] for length in (2, 4, 6, 9, 12) if len(code) >= length]
        mine |= Q(shared_region__in=[*above, "0"])
    return list(SavedQuery.objects.filter(mine, list_key=spec.key).order_by("created_at", "id")[:MOST_SAVED])


@service
def save_query(actor: Actor, spec: ListSpec, *, name: str, query: str, shared: bool) -> SavedQuery:
    """Name a query. Raises Refused when shared with a personal term in it, Conflict on a name taken."""
    name = name.strip()
    if not name or len(name) > 40 or len(query) > 1000:
        raise Invalid("bad_name", "请填写名称（不超过 40 个字）。", {"name": ["请填写名称（不超过 40 个字）。"]})
    code = place_code(actor)
    if shared and ("q=" in query.split("&")[0] or "&q=" in query):
        raise Refused("personal_term_not_shared", "查询里有个人检索词（姓名、号码等），不能共享，只能自己保存。")
    if shared and code is None:
        raise Refused("no_place_to_share", "您当前的身份不属于一个辖区，不能共享查询，只能自己保存。")
    try:
        with transaction.atomic():
            return SavedQuery.objects.create(
                user_id=person_id(actor),
                list_key=spec.key,
                name=name,
                query=query,
                shared_region=(code or "0") if shared else "",
            )
    except IntegrityError as error:
        raise Conflict("name_taken", f"您已有名为“{name}”的查询，请换个名称。") from error


@service
def forget_query(actor: Actor, spec: ListSpec, saved: UUID) -> None:
    """Drop a query of one's own. Raises NotFound for anybody else's."""
    gone, _ = SavedQuery.objects.filter(pk=saved, user_id=person_id(actor), list_key=spec.key).delete()
    if not gone:
        raise NotFound()
