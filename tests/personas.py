"""The demonstration's people as fixtures: `client_of("worker.zedang")` is a signed-in browser, `actor_of` its Actor.

Only who is asked for is made, with the station they need, by the same services as everybody. No password is hashed and
the second factor counts as passed: tests of signing in make their own accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

SINCE = date(2022, 1, 1)


def ensure_station(code: str) -> Any:
    """The running station of a township: what stands there already, or one named as the demonstration names it."""
    from core.identifiers.names import initials_key
    from core.scoping import Actor, scope
    from stations.enums import StationStatus
    from stations.models import Region, Station

    with scope(Actor.system("a persona's station")):
        found = Station.objects.unscoped("a persona's station").filter(region_code=code, parent=None).first()
        if found is not None:
            return found
        name = f"{Region.objects.get(pk=code).name}社工站"
        return Station.objects.create(
            name=name, region_code=code, status=StationStatus.RUNNING, initials=initials_key(name)[:32], is_example=True
        )


def ensure_membership(username: str) -> Any:
    """The first live membership of a demonstration sign-in, made when it is missing."""
    from accounts.models import User
    from accounts.services import open_account
    from core.scoping import Actor
    from stations.actors import valid_memberships
    from stations.demonstration import SIGN_INS
    from stations.models import Region
    from stations.services.memberships import give_membership

    said = next((one for one in SIGN_INS if one.username == username), None)
    if said is None:
        raise LookupError(f"{username} is no sign-in of stations.demonstration.SIGN_INS")
    user = User.objects.filter(username=username).first()
    system = Actor.system("a persona")
    if user is None:
        user = open_account(system, username=username, display_name=said.name)
    held = valid_memberships(user.pk)
    if held:
        return held[0]
    place: dict[str, Any] = {"region": None}
    if said.kind == "nation":
        place = {"is_national": True}
    elif said.kind == "station":
        place = {"station": ensure_station(said.place)}
    elif said.kind == "named":
        townships = Region.objects.filter(parent=said.place, is_pseudo=False).values_list("pk", flat=True)
        place = {"stations": [ensure_station(code) for code in townships]}
    else:
        place = {"region": Region.objects.get(pk=said.place)}
    give_membership(system, user=user, role=said.role, title=said.title, valid_from=SINCE, **place)
    return valid_memberships(user.pk)[0]


def signed_in(membership: Any) -> Client:
    """A browser of this person, acting as this membership."""
    from accounts.views.gate import SECOND_FACTOR_KEY
    from stations.actors import SESSION_KEY

    client = Client()
    client.force_login(membership.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session[SESSION_KEY] = str(membership.pk)
    session.save()
    return client


@pytest.fixture
def actor_of(db: Any) -> Callable[[str], Any]:
    from stations.actors import actor_as

    return lambda username: actor_as(ensure_membership(username))


@pytest.fixture
def client_of(db: Any) -> Callable[[str], Client]:
    return lambda username: signed_in(ensure_membership(username))


class People(Mapping[str, Callable[[], Client]]):
    """User name → factory of a signed-in browser, for every demonstration sign-in."""

    def __getitem__(self, username: str) -> Callable[[], Client]:
        if username not in list(self):
            raise KeyError(username)
        return lambda: signed_in(ensure_membership(username))

    def __iter__(self) -> Iterator[str]:
        from stations.demonstration import SIGN_INS

        return iter([one.username for one in SIGN_INS])

    def __len__(self) -> int:
        return len(list(iter(self)))


@pytest.fixture
def people(db: Any) -> People:
    return People()
