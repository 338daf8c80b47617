"""Accounts as they are made in a real installation: opened by the system, given a place, with a known password."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import open_account, set_password
from core.scoping import Actor
from stations.models import Region
from stations.services.memberships import give_membership

PASSWORD = "Zedang-2026-ok"
SYSTEM = Actor.system("fixture: accounts")


@pytest.fixture(autouse=True)
def outside_of_demonstrations(settings):
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def make_user(db):
    def make(username: str, role: str = "worker", place: str | None = "540502001", name: str = "") -> User:
        user = open_account(SYSTEM, username=username, display_name=name or f"{username}（示范）")
        set_password(SYSTEM, user=user, password=PASSWORD)
        if place == "":
            give_membership(SYSTEM, user=user, role=role, is_national=True, valid_from=date(2022, 1, 1))
        elif place:
            region = Region.objects.get(pk=place)
            give_membership(SYSTEM, user=user, role=role, region=region, valid_from=date(2022, 1, 1))
        return User.objects.get(pk=user.pk)

    return make


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra):
    return client.post(f"/sign-in/{extra.pop('query', '')}", {"username": username, "password": password}, **extra)
