"""Registering clients. A row is a set of one: page, API and import come through the same door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.roles import Perm
from cases.models import Client
from cases.services.checking import Checked, ClientInput, Double, Problem
from cases.services.inserting import KIND, insert_clients
from cases.services.screening import find_doubles, screen
from core import audit
from core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from core.scoping import Actor, service
from stations.enums import StationStatus
from stations.models import Station

AUDIT_CHUNK = 1000
TAKEN_ELSEWHERE = Problem(
    "id_number",
    "id_number_not_accepted",
    "这个证件号码目前不能在本站登记。请核对原件；确认无误的，请联系区县主管部门或督导核实。",
)
CONFLICTS = {"id_number_registered", "id_number_not_accepted", "possible_duplicate", "changed_meanwhile"}


@dataclass(frozen=True, slots=True)
class ClientChange:
    """What is to stand in a file after a change: field of ClientInput → value, for the version somebody saw."""

    client_id: UUID
    version: int
    fields: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    def __repr__(self) -> str:
        return "ClientChange(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What became of one row (numbered as given, from 0). `id` is None when it was refused or only checked.

    `before` (after an update): the changed fields as they stood, in clear — to be sealed or dropped, never logged.
    """

    row: int
    id: UUID | None = None
    number: str = ""
    version: int = 1
    problems: tuple[Problem, ...] = ()
    doubles: tuple[Double, ...] = ()
    before: dict[str, Any] | None = None

    @property
    def done(self) -> bool:
        return self.id is not None


@service
def register_client(actor: Actor, *, station_id: UUID, said: ClientInput, channel: str = "") -> Client:
    """Put one person on the register. Raises the refusal of its one row; nothing is written then."""
    [outcome] = register_clients(actor, station_id=station_id, rows=[said], channel=channel)
    if outcome.problems:
        raise refusal(outcome)
    return Client.objects.visible_to(actor).get(pk=outcome.id)


@service
def register_clients(
    actor: Actor, *, station_id: UUID, rows: Sequence[ClientInput], channel: str = ""
) -> list[Outcome]:
    """Put people on the register of one station; each good row is written, each bad one says why it was not.

    One transaction: an exception undoes all of it. Raises Forbidden, NotFound (station), Refused (station not running).
    A number registered beyond reach is answered neutrally: only that it cannot be registered here.
    """
    actor.require(Perm.CLIENT_WRITE)
    station = running_station(actor, station_id)
    checked = screen(actor, station, rows)
    good = [row for row in checked if not row.problems]
    if good:
        insert_clients(actor, station, good)
        settle_unwritten(actor, station, good)
        _record(actor, station, [row.id for row in good if row.id], channel)
    return [_outcome(row) for row in checked]


def check_clients(actor: Actor, *, station_id: UUID, rows: Sequence[ClientInput]) -> list[Outcome]:
    """What `register_clients` would refuse, without writing: an import's check. Within the caller's scope."""
    actor.require(Perm.CLIENT_WRITE)
    return [_outcome(row) for row in screen(actor, running_station(actor, station_id), rows)]


def refusal(outcome: Outcome) -> DomainError:
    """The one error of a row's problems, by field; a conflict when somebody else's file stands in the way."""
    fields: dict[str, list[str]] = {}
    for problem in outcome.problems:
        fields.setdefault(problem.field, []).append(problem.message)
    first = outcome.problems[0]
    kind = Conflict if all(problem.code in CONFLICTS for problem in outcome.problems) else Invalid
    return kind(first.code, first.message, fields)


def running_station(actor: Actor, station_id: UUID) -> Station:
    """The station, if within reach and taking clients."""
    station = Station.objects.visible_to(actor).select_related("region").filter(pk=station_id).first()
    if station is None:
        raise NotFound()
    if station.status != StationStatus.RUNNING:
        raise Refused("station_not_running", f"{station.name}目前不在运行，不能登记服务对象。")
    return station


def _outcome(row: Checked) -> Outcome:
    written = row.id if not row.problems else None
    number = row.number if written else ""
    return Outcome(row.row, written, number, 1, tuple(row.problems), tuple(row.doubles))


def settle_unwritten(actor: Actor, station: Station, rows: Sequence[Checked]) -> None:
    """Rows the unique index turned away: a file within reach is named, one beyond reach is not."""
    lost = [row for row in rows if row.id is None]
    if not lost:
        return
    find_doubles(actor, station.region_code[:6], lost)
    for row in lost:
        if not row.problems:
            row.problems.append(TAKEN_ELSEWHERE)
        row.number = ""


def _record(actor: Actor, station: Station, ids: list[UUID | None], channel: str) -> None:
    done = [one for one in ids if one]
    for start in range(0, len(done), AUDIT_CHUNK):
        part = done[start : start + AUDIT_CHUNK]
        audit.record(
            actor,
            "client.register",
            kind=KIND,
            ids=part,
            region_code=station.region_code,
            station_id=station.pk,
            channel=channel,
            count=len(part),
        )
