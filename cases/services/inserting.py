"""Writing a checked set: files, categories, consents and reasons, each by one statement a chunk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from cases.enums import ClientState, ConsentGiver, ConsentPurpose
from cases.models import Client, Household
from cases.services.checking import Checked
from cases.services.numbers import take_numbers
from cases.services.rows import insert_set
from cases.services.screening import CHUNK, one_of
from core.identifiers.names import name_keys
from core.identifiers.uuid7 import uuid7
from core.privacy.crypto import Vault, WrappedKey, vault
from core.privacy.identity import Particulars, seal_context
from core.scoping import Actor
from stations.models import Station

KIND = Client.IDENTITY_KIND


def insert_clients(actor: Actor, station: Station, good: list[Checked]) -> None:
    households = _households(actor, station, good)
    for row, number in zip(good, take_numbers(actor, station, "C", len(good)), strict=True):
        row.id, row.number = uuid7(), number
    # One order for everybody: two sets with the same numbers wait for each other instead of locking crosswise.
    ordered = sorted(good, key=lambda row: str(row.id_index or row.id))
    keys = vault()
    for start in range(0, len(ordered), CHUNK):
        _insert_chunk(actor, station, ordered[start : start + CHUNK], households, keys)


def _insert_chunk(
    actor: Actor, station: Station, rows: list[Checked], households: dict[str, UUID], keys: Vault
) -> None:
    sealed = [seal_new(row, keys) for row in rows]
    now = timezone.now()
    insert_set(
        "cases_client",
        _columns(rows, sealed, households),
        fixed={
            "station_id": str(station.pk),
            "region_code": station.region_code,
            "id_county": station.region_code[:6],
            "state": ClientState.ACTIVE.value,
            "version": 1,
            "created_by_id": actor.user_id,
            "created_at": now,
            "updated_at": now,
        },
        conflict="ON CONFLICT (id_index, id_county) WHERE state = 'active' DO NOTHING",
    )
    ids = one_of("id", "uuid", [row.id for row in rows])
    written = set(Client.objects.visible_to(actor).filter(ids).values_list("pk", flat=True))
    for row in rows:
        if row.id not in written:
            row.id = None
    sealed_by_id = {row.id: key for row, (key, _) in zip(rows, sealed, strict=True) if row.id}
    _insert_parts(actor, station, [row for row in rows if row.id], sealed_by_id, keys)


def _columns(
    rows: list[Checked], sealed: list[tuple[WrappedKey, bytes]], households: dict[str, UUID]
) -> dict[str, tuple[str, list[Any]]]:
    """The client's columns as arrays, one place a row."""
    said = [row.said for row in rows]
    return {
        "id": ("uuid", [row.id for row in rows]),
        "number": ("text", [row.number for row in rows]),
        "document_type": ("text", [str(row.document_type) for row in rows]),
        "person_key": ("bytea", [key for key, _ in sealed]),
        "sealed": ("bytea", [value for _, value in sealed]),
        "id_index": ("uuid", [row.id_index for row in rows]),
        "name_index": ("bigint", [row.name_index for row in rows]),
        "phone_index": ("bigint", [row.phone_index for row in rows]),
        "initials": ("text", [name_keys(row.particulars.name)[1][:16] for row in rows]),
        "birth_date": ("date", [row.birth_date for row in rows]),
        "sex": ("text", [row.sex for row in rows]),
        "household_id": ("uuid", [households.get(one.household_number) for one in said]),
        "relation": ("text", [one.relation for one in said]),
        "community": ("text", [one.community.strip() for one in said]),
        "worker_id": ("uuid", [one.worker_id for one in said]),
        "vouched_by": ("text", [one.vouched_by for one in said]),
        "is_example": ("boolean", [one.is_example for one in said]),
        "registered_on": ("date", [row.registered_on for row in rows]),
    }


def seal_new(row: Checked, keys: Vault) -> tuple[WrappedKey, bytes]:
    """A fresh key for this person, and the particulars under it."""
    return keys.seal_new_person(plain(row.particulars), context=seal_context(KIND, row.id))  # type: ignore[arg-type]


def plain(said: Particulars) -> bytes:
    """What goes under the seal: as `core.privacy.identity` writes it, without what is empty."""
    names = Particulars.__slots__
    return orjson.dumps({name: value for name in names if (value := getattr(said, name))})


def _insert_parts(
    actor: Actor, station: Station, rows: list[Checked], person_keys: dict[UUID, WrappedKey], keys: Vault
) -> None:
    fixed = {
        "station_id": str(station.pk),
        "region_code": station.region_code,
        "created_by_id": actor.user_id,
        "created_at": timezone.now(),
    }
    _insert_categories(rows, person_keys, keys, fixed)
    _insert_consents(rows, person_keys, keys, fixed)
    _insert_reasons(rows, person_keys, keys, fixed)


def _insert_categories(rows: list[Checked], person_keys: dict, keys: Vault, fixed: dict[str, Any]) -> None:
    given = [(row, one) for row in rows for one in row.said.categories]
    insert_set(
        "cases_clientcategory",
        {
            "id": ("uuid", [uuid7() for _ in given]),
            "client_id": ("uuid", [row.id for row, _ in given]),
            "category": ("text", [str(one.code) for _, one in given]),
            "valid_from": ("date", [one.valid_from for _, one in given]),
            "valid_to": ("date", [one.valid_to for _, one in given]),
            "evidence": ("bytea", [_evidence(row, one.evidence, person_keys, keys) for row, one in given]),
        },
        fixed=fixed,
    )


def _evidence(row: Checked, text: str, person_keys: dict, keys: Vault) -> bytes | None:
    if not text:
        return None
    return keys.seal(person_keys[row.id], text.encode(), context=f"{KIND}:{row.id}:evidence".encode())


def _insert_consents(rows: list[Checked], person_keys: dict, keys: Vault, fixed: dict[str, Any]) -> None:
    """Registering asks for two consents: the service itself, and sensitive information (PIPL art. 29)."""
    purposes = (ConsentPurpose.SERVICE.value, ConsentPurpose.SENSITIVE.value)
    given = [(row, purpose) for row in rows if row.said.consent_on for purpose in purposes]
    givers = [(ConsentGiver.GUARDIAN if row.is_child else ConsentGiver.SELF).value for row, _ in given]
    insert_set(
        "cases_consent",
        {
            "id": ("uuid", [uuid7() for _ in given]),
            "client_id": ("uuid", [row.id for row, _ in given]),
            "purpose": ("text", [purpose for _, purpose in given]),
            "given_by": ("text", givers),
            "guardian": ("bytea", [_guardian(row, person_keys, keys) if row.is_child else None for row, _ in given]),
            "given_on": ("date", [row.said.consent_on for row, _ in given]),
            "text_version": ("text", [row.said.consent_version for row, _ in given]),
            "witness": ("text", [row.said.witness for row, _ in given]),
        },
        fixed=fixed,
    )


def _guardian(row: Checked, person_keys: dict, keys: Vault) -> bytes:
    said = row.particulars
    text = orjson.dumps({"name": said.guardian_name, "phone": said.guardian_phone})
    return keys.seal(person_keys[row.id], text, context=f"{KIND}:{row.id}:guardian".encode())


def _insert_reasons(rows: list[Checked], person_keys: dict, keys: Vault, fixed: dict[str, Any]) -> None:
    """Why a number disagrees or a similar file is somebody else, kept sealed as the file's first history."""
    given = [
        (row, reasons)
        for row in rows
        if (
            reasons := {
                name: reason
                for name in ("mismatch_reason", "duplicate_reason")
                if (reason := getattr(row.said, name).strip())
            }
        )
    ]
    insert_set(
        "cases_clienthistory",
        {
            "id": ("uuid", [uuid7() for _ in given]),
            "client_id": ("uuid", [row.id for row, _ in given]),
            "changed": ("jsonb", [orjson.dumps(sorted(reasons)).decode() for _, reasons in given]),
            "sealed": (
                "bytea",
                [seal_history(row.id, person_keys[row.id], {}, reasons, keys) for row, reasons in given],
            ),
        },
        fixed={**fixed, "version": 1, "reason": "登记时说明"},
    )


def seal_history(client_id: UUID | None, key: bytes, before: dict, after: dict, keys: Vault) -> bytes:
    """Before and after under the person's key: erasing the person erases them too."""
    text = orjson.dumps({"before": before, "after": after})
    return keys.seal(key, text, context=f"{KIND}:{client_id}:history".encode())


def _households(actor: Actor, station: Station, rows: Iterable[Checked]) -> dict[str, UUID]:
    """Household number → id, at this station; numbers not seen before become new households."""
    named = {row.said.household_number for row in rows} - {""}
    if not named:
        return {}
    here = Household.objects.visible_to(actor).filter(station=station)
    known = dict(here.filter(number__in=named).values_list("number", "pk"))
    fresh = sorted(named - known.keys())
    insert_set(
        "cases_household",
        {"id": ("uuid", [uuid7() for _ in fresh]), "number": ("text", fresh)},
        fixed={"station_id": str(station.pk), "region_code": station.region_code, "created_at": timezone.now()},
        conflict="ON CONFLICT (station_id, number) DO NOTHING",
    )
    return known if not fresh else dict(here.filter(number__in=named).values_list("number", "pk"))
