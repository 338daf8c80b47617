"""The keyed indexes a worker is found by, as the identity base makes them."""

from __future__ import annotations

from uuid import UUID

from core.identifiers.names import normalise_person_name
from core.privacy.crypto import vault
from stations.models import Worker

KIND = Worker.IDENTITY_KIND


def number_index(number: str) -> UUID:
    """Index of a normalised document number."""
    return UUID(bytes=vault().blind_index(f"{KIND}.id", number))


def name_index(name: str) -> int:
    return vault().blind_index64(f"{KIND}.name", normalise_person_name(name))


def phone_index(phone: str) -> int:
    return vault().blind_index64(f"{KIND}.phone", phone)
