"""Reading organisations: the public register, the same for everybody who may read it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from accounts.roles import Perm
from core.errors import NotFound
from core.scoping import Actor
from stations.models import Organisation, Station


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """All of them."""
    return Organisation.objects.all()


def organisation(actor: Actor, pk: UUID) -> Organisation:
    """Raises NotFound."""
    found = Organisation.objects.select_related("region", "parent").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def may_correct(actor: Actor, one: Organisation) -> bool:
    """Whether its seat lies within reach of somebody who keeps organisations."""
    return actor.may(Perm.ORGANISATION_MANAGE) and actor.reach.covers(one.region_id, None)


def stations_of(actor: Actor, pk: UUID) -> QuerySet[Station]:
    """The stations within reach it runs now."""
    return Station.objects.visible_to(actor).filter(operator=pk).select_related("region").order_by("region_code", "id")


def find_organisations(actor: Actor, text: str, limit: int) -> list[Organisation]:
    """By a part of the name, or by the beginning of the credit code."""
    by = {"credit_code__startswith": text.upper()} if text.isascii() else {"name__contains": text}
    return list(Organisation.objects.filter(**by).select_related("region").order_by("name", "id")[:limit])


def organisation_choices(actor: Actor) -> list[tuple[str, str]]:
    """For choosing one on a form."""
    return [(str(pk), name) for pk, name in Organisation.objects.order_by("name").values_list("pk", "name")[:2000]]
