"""Households: people who live together, under a number of the station's own."""

from __future__ import annotations

from uuid import UUID

from cases.enums import Relation
from cases.models import Client, Household
from cases.services.dossier import keep_change, lock_client
from cases.services.numbers import take_numbers
from core.errors import Conflict, Invalid, NotFound
from core.scoping import Actor, service
from stations.models import Station


@service
def create_household(actor: Actor, *, client_id: UUID, relation: str = Relation.SELF) -> Client:
    """A new household with this client in it. Raises Conflict when the client has one."""
    client = lock_client(actor, client_id)
    station = Station.objects.visible_to(actor).select_related("region").get(pk=client.station_id)
    [number] = take_numbers(actor, station, "H", 1)
    household = Household.objects.create(station=station, region_code=station.region_code, number=number)
    return _move_in(actor, client, household, relation)


@service
def join_household(actor: Actor, *, client_id: UUID, household_number: str, relation: str) -> Client:
    """Move into a household of the same station. Raises NotFound, Conflict (has one), Invalid (relation)."""
    client = lock_client(actor, client_id)
    here = Household.objects.visible_to(actor).filter(station_id=client.station_id)
    household = here.filter(number=household_number.strip()).first()
    if household is None:
        raise NotFound("household.unknown", "本站没有这个户编号。")
    return _move_in(actor, client, household, relation)


@service
def leave_household(actor: Actor, *, client_id: UUID) -> Client:
    """Move out. Raises Conflict when there is nothing to leave."""
    client = lock_client(actor, client_id)
    if client.household_id is None:
        raise Conflict("household.none", "此人没有登记在任何户。")
    number = Household.objects.visible_to(actor).values_list("number", flat=True).get(pk=client.household_id)
    columns = {"household_id": None, "relation": ""}
    before = {"household": number, "relation": client.relation}
    return keep_change(
        actor, client, "client.household_leave", before=before, after={"household": ""}, set_columns=columns
    )


def _move_in(actor: Actor, client: Client, household: Household, relation: str) -> Client:
    if client.household_id is not None:
        raise Conflict("household.already", "此人已登记在一户，请先迁出。")
    if relation not in Relation.values:
        raise Invalid("relation.unknown", "请选择与户主关系。", {"relation": ["请选择与户主关系。"]})
    columns = {"household_id": household.pk, "relation": relation}
    after = {"household": household.number, "relation": relation}
    return keep_change(
        actor, client, "client.household_join", before={"household": ""}, after=after, set_columns=columns
    )
