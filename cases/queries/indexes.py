"""The keyed indexes a client is found by; the values themselves stand nowhere in clear."""

from __future__ import annotations

from uuid import UUID

from core.identifiers.names import normalise_person_name
from core.privacy.crypto import Vault, vault

ID_KIND, NAME_KIND, PHONE_KIND = "client.id", "client.name", "client.phone"


def id_index(number: str, *, keys: Vault | None = None) -> UUID:
    return UUID(bytes=(keys or vault()).blind_index(ID_KIND, number))


def name_index(name: str, *, keys: Vault | None = None) -> int:
    return (keys or vault()).blind_index64(NAME_KIND, normalise_person_name(name))


def phone_index(number: str, *, keys: Vault | None = None) -> int:
    return (keys or vault()).blind_index64(PHONE_KIND, number)
