"""Reading the roster: rows with their names opened, numbers masked; one worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core.errors import NotFound
from core.identifiers import IdentifierProblem
from core.identifiers.masking import mask_address, mask_id, mask_phone
from core.identifiers.names import normalise_person_name
from core.identifiers.phone import check_phone
from core.privacy.crypto import ErasedPerson
from core.privacy.identity import Particulars, open_particulars
from core.scoping import Actor
from stations.models import Worker
from stations.queries.indexes import KIND, name_index, phone_index

ERASED = Particulars(name="（已清除）")


@dataclass(frozen=True, slots=True)
class Shown:
    """A worker's particulars as everybody sees them who sees the row: the name whole, the rest masked."""

    name: str
    id_number: str
    phone: str
    address: str

    @classmethod
    def of(cls, said: Particulars) -> Shown:
        return cls(said.name, mask_id(said.id_number), mask_phone(said.phone), mask_address(said.address))


def workers(actor: Actor) -> QuerySet[Worker]:
    """Everybody on the roster within reach, those who left included."""
    return Worker.objects.visible_to(actor).filter(withdrawn_at=None)


def worker(actor: Actor, pk: UUID) -> Worker:
    """Raises NotFound."""
    rows = workers(actor).select_related("station", "station__region", "organisation")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def shown(one: Worker) -> Shown:
    try:
        return Shown.of(one.particulars())
    except ErasedPerson:
        return Shown.of(ERASED)


def open_rows(rows: Sequence[dict[str, Any]]) -> list[Shown]:
    """The particulars of rows read as dictionaries with `id`, `person_key`, `sealed`."""
    found = []
    for row in rows:
        try:
            said = open_particulars(row["person_key"], row["sealed"], kind=KIND, row_id=row["id"])
        except ErasedPerson:
            said = ERASED
        found.append(Shown.of(said))
    return found


def named(text: str) -> Q:
    """The whole name, the beginning of its initials, or a telephone number: what a keyed index can answer."""
    word = normalise_person_name(text)
    phone = check_phone(word)
    if not isinstance(phone, IdentifierProblem):
        return Q(phone_index=phone_index(phone.number))
    if word.isascii():
        return Q(initials__startswith=word.lower())
    return Q(name_index=name_index(word))


def find_workers(actor: Actor, text: str, limit: int) -> list[tuple[Worker, str]]:
    """Workers by whole name, initials or telephone number, each with the name."""
    rows = workers(actor).filter(named(text)).select_related("station").order_by("initials", "id")
    return [(one, shown(one).name) for one in rows[:limit]]


def workers_of(actor: Actor, station_id: UUID, *, limit: int = 50) -> list[tuple[Worker, Shown]]:
    """The station's roster, those in post first."""
    rows = workers(actor).filter(station=station_id).order_by("employment", "id")[:limit]
    return [(one, shown(one)) for one in rows]
