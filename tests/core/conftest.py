"""People and stations for tests of the frame and its lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.views.gate import SECOND_FACTOR_KEY
from core import frame
from core.scoping import Actor, scope
from stations.actors import actor_as
from stations.models import Membership, Station

NAIDONG, MAQIAO = "540502001", "330481004"


@pytest.fixture
def list_site(settings, db):
    settings.ROOT_URLCONF = "tests.core.lists.site"
    settings.LOGIN_URL = "/sign-in/"
    frame._badges.clear()


@pytest.fixture
def make_stations(db) -> Callable[..., list[Station]]:
    def make(number: int, *, code: str = NAIDONG, prefix: str = "站", **values) -> list[Station]:
        with scope(Actor.system("fixture: stations")):
            return [
                Station.objects.create(
                    name=f"{prefix}{index:04d}",
                    region_code=code,
                    initials="z",
                    founded_on=None if index % 3 == 0 else dt.date(2020, 1, 1) + dt.timedelta(days=index % 7),
                    **values,
                )
                for index in range(number)
            ]

    return make


@pytest.fixture
def make_member(db) -> Callable[..., tuple[Client, Actor]]:
    """A signed-in browser and its actor: role at a division, or nationwide."""

    def make(role: str, *, region: str = "", station: Station | None = None, name: str = "") -> tuple[Client, Actor]:
        username = name or f"{role}{region}{station.pk if station else ''}"
        user = User.objects.create(username=username, display_name=f"示范{username[:20]}")
        membership = Membership.objects.create(
            user=user,
            role=role,
            region_id=region or None,
            station=station,
            is_national=not region and station is None,
            valid_from=timezone.localdate() - dt.timedelta(days=1),
        )
        browser = Client()
        browser.force_login(user)
        session = browser.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return browser, actor_as(Membership.objects.select_related("user", "region").get(pk=membership.pk))

    return make
