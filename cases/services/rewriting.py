"""Changing many files at once: the set-based half of `updating`, for rosters and for taking a roster back.

Each function takes files that are locked and were looked at; it writes files, sealed history and audit by one statement
each and returns the ids it wrote. A version that moved on meanwhile is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from cases.enums import ClientState
from cases.models import Client
from cases.queries import indexes
from cases.services.inserting import KIND, seal_history
from cases.services.rows import insert_set, update_set
from cases.services.screening import one_of
from cases.services.updating import PLAIN, SEALED
from core import audit
from core.identifiers.names import name_keys
from core.identifiers.uuid7 import uuid7_many
from core.privacy.crypto import ErasedPerson, vault
from core.privacy.identity import seal_context
from core.scoping import Actor

AUDIT_CHUNK = 1000
_FACTS = ("id", "version", "number", "station_id", "region_code", "id_county", "id_index", "state", "registered_on")
_COLUMNS = (*_FACTS, "person_key", "sealed", *PLAIN)


@dataclass(slots=True, repr=False)
class Standing:
    """A file as it stands, opened: `facts` holds every changeable field in clear. Never logged."""

    id: UUID
    version: int
    number: str
    station_id: UUID
    region_code: str
    id_county: str
    id_index: UUID | None
    state: str
    registered_on: date
    key: bytes
    facts: dict[str, Any]


@dataclass(slots=True, repr=False)
class Rewrite:
    """What is to stand in one file: the changed fields as they stood (`old`) and as they are to stand (`new`)."""

    file: Standing
    old: dict[str, Any]
    new: dict[str, Any] = field(default_factory=dict)


def standing(
    actor: Actor, column: str, values: Iterable[UUID], *, lock: bool, any_state: bool = False
) -> list[Standing]:
    """The files within reach whose `id` or `id_index` is one of these, opened, in key order. `lock` holds them."""
    rows = Client.objects.visible_to(actor).filter(one_of(column, "uuid", values)).order_by("pk")
    if not any_state:
        rows = rows.filter(state=ClientState.ACTIVE)
    if lock:
        rows = rows.select_for_update(of=("self",))
    keys = vault()
    found = []
    for row in rows.values_list(*_COLUMNS):
        facts = dict(zip(_FACTS, row, strict=False))
        key, sealed = row[len(_FACTS)], row[len(_FACTS) + 1]
        try:
            opened = keys.open_sealed(key, sealed, context=seal_context(KIND, row[0]))
        except ErasedPerson:
            continue
        said = orjson.loads(opened)
        own = {name: said.get(name, "") for name in SEALED}
        own.update(zip(PLAIN, row[len(_FACTS) + 2 :], strict=True))
        found.append(Standing(**facts, key=bytes(key), facts=own))
    return found


def rewrite(actor: Actor, rows: Sequence[Rewrite], *, act: str, reason: str) -> set[UUID]:
    """Write the new facts of each file; returns the ids written."""
    keys = vault()
    facts = [{**row.file.facts, **row.new} for row in rows]
    files = [row.file for row in rows]
    sealed = [
        keys.seal(file.key, _plain(fact), context=seal_context(KIND, file.id))
        for file, fact in zip(files, facts, strict=True)
    ]
    now = timezone.now()
    written = update_set(
        "cases_client",
        {
            "id": ("uuid", [file.id for file in files]),
            "version": ("int", [file.version for file in files]),
            "sealed": ("bytea", sealed),
            "name_index": ("bigint", [keys.blind_index64(indexes.NAME_KIND, fact["name"]) for fact in facts]),
            "phone_index": ("bigint", [_phone_index(fact["phone"], keys) for fact in facts]),
            "initials": ("text", [name_keys(fact["name"])[1][:16] for fact in facts]),
            "document_type": ("text", [str(fact["document_type"]) for fact in facts]),
            "birth_date": ("date", [fact["birth_date"] for fact in facts]),
            "sex": ("text", [fact["sex"] for fact in facts]),
            "community": ("text", [fact["community"] for fact in facts]),
            "relation": ("text", [fact["relation"] for fact in facts]),
            "worker_id": ("uuid", [fact["worker_id"] for fact in facts]),
        },
        fixed={"updated_at": now},
    )
    done = [row for row in rows if row.file.id in written]
    _keep_history(actor, [(row.file, row.old, row.new) for row in done], reason)
    write_down(actor, act, [row.file for row in done], reason)
    return written


def move(actor: Actor, files: Sequence[Standing], to: ClientState, *, act: str, reason: str) -> set[UUID]:
    """Put each file into another state; returns the ids written."""
    columns: dict[str, tuple[str, list[Any]]] = {
        "id": ("uuid", [file.id for file in files]),
        "version": ("int", [file.version for file in files]),
    }
    written = update_set("cases_client", columns, fixed={"state": to.value, "updated_at": timezone.now()})
    done = [file for file in files if file.id in written]
    _keep_history(actor, [(file, {"state": file.state}, {"state": to.value}) for file in done], reason)
    write_down(actor, act, done, reason)
    return written


def write_down(actor: Actor, act: str, files: Iterable[Any], reason: str = "") -> None:
    """Audit rows for files of any places; what they need is `id`, `station_id`, `region_code`."""
    for (region_code, station_id), group in groupby(sorted(files, key=_place), key=_place):
        ids = [file.id for file in group]
        for start in range(0, len(ids), AUDIT_CHUNK):
            part = ids[start : start + AUDIT_CHUNK]
            audit.record(actor, act, kind=KIND, ids=part, region_code=region_code, station_id=station_id, reason=reason,
                         channel="import", count=len(part))  # fmt: skip


def _place(file: Any) -> tuple[str, UUID]:
    return file.region_code, file.station_id


def _phone_index(phone: str, keys: Any) -> int | None:
    return keys.blind_index64(indexes.PHONE_KIND, phone) if phone else None


def _plain(facts: dict[str, Any]) -> bytes:
    return orjson.dumps({name: value for name in SEALED if (value := facts[name])})


def _keep_history(actor: Actor, changes: Sequence[tuple[Standing, dict, dict]], reason: str) -> None:
    keys = vault()
    insert_set(
        "cases_clienthistory",
        {
            "id": ("uuid", uuid7_many(len(changes))),
            "client_id": ("uuid", [file.id for file, _, _ in changes]),
            "station_id": ("uuid", [file.station_id for file, _, _ in changes]),
            "region_code": ("text", [file.region_code for file, _, _ in changes]),
            "version": ("int", [file.version + 1 for file, _, _ in changes]),
            "changed": ("jsonb", [orjson.dumps(sorted(new)).decode() for _, _, new in changes]),
            "sealed": ("bytea", [seal_history(f.id, f.key, text(old), text(new), keys) for f, old, new in changes]),
        },
        fixed={"created_by_id": actor.user_id, "created_at": timezone.now(), "reason": reason[:200]},
    )


def text(values: dict[str, Any]) -> dict[str, Any]:
    """Values as they stand under a seal: text or nothing."""
    return {name: value if value is None or isinstance(value, str) else str(value) for name, value in values.items()}
