"""Two stations that know nothing of each other, and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from accounts.roles import ROLES, permissions_of
from cases.services import ClientInput
from core.scoping import Actor, Reach, scope
from stations.enums import StationStatus
from stations.models import Membership, Station

ZEDANG, CHANGZHU, MAQIAO = "540502001", "540502101", "330481004"
WOMAN, CHILD, OTHER = "540599195703140016", "540599201409220128", "44039919850630114X"


@dataclass(frozen=True)
class Place:
    station: Station

    def actor(self, role: str, *, user_id: int | None = None) -> Actor:
        facts = {"role_label": ROLES[role].label, "channel": "page"}
        return Actor(
            Reach.of_stations((self.station.pk,)),
            permissions_of(role),
            user_id=user_id,
            role=role,
            name="测试",
            facts=facts,
        )

    def official(self, code: str = "540502", role: str = "official") -> Actor:
        return Actor(Reach.region(code), permissions_of(role), role=role, name="经办")


def make_place(code: str, name: str, status: str = StationStatus.RUNNING) -> Place:
    with scope(Actor.system("fixture: a station")):
        return Place(Station.objects.create(name=name, region_code=code, status=status, initials="x"))


@pytest.fixture
def zedang(db) -> Place:
    return make_place(ZEDANG, "泽当站")


@pytest.fixture
def changzhu(db) -> Place:
    """In the same county: an ID number stands there once."""
    return make_place(CHANGZHU, "昌珠站")


@pytest.fixture
def maqiao(db) -> Place:
    return make_place(MAQIAO, "马桥站")


def person(**changes) -> ClientInput:
    return ClientInput(**{"name": "次仁卓玛", "id_number": WOMAN, "consent_on": date(2026, 1, 5), **changes})


def child(**changes) -> ClientInput:
    facts = {
        "name": "扎西", "id_number": CHILD, "guardian_name": "央金", "guardian_phone": "13900001111",
        "consent_on": date(2026, 1, 5), "document_type": "household_book",
    }  # fmt: skip
    return ClientInput(**{**facts, **changes})


def make_user(place: Place, role: str, name: str) -> User:
    user = User.objects.create(username=f"{role}-{uuid4().hex[:8]}", display_name=name)
    Membership.objects.create(user=user, role=role, station=place.station, valid_from=date(2024, 1, 1))
    return user


def make_official(code: str, name: str, role: str = "official") -> User:
    user = User.objects.create(username=f"{role}-{uuid4().hex[:8]}", display_name=name)
    Membership.objects.create(user=user, role=role, region_id=code, valid_from=date(2024, 1, 1))
    return user


def some_id() -> UUID:
    return uuid4()
