"""An external system with a credential, as the tests of the API call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.roles import ROLES
from core.scoping import Actor
from stations.models import ApiCredential, Membership
from stations.services.credentials import issue_credential
from tests.personas import ensure_membership

SCOPES = frozenset(map(str, ROLES["external"].permissions))


@dataclass
class Caller:
    """Calls with one credential."""

    client: Client
    membership: Membership
    credential: ApiCredential

    def send(self, method: str, path: str, body: Any = "", headers: dict[str, str] | None = None) -> Any:
        return self.client.generic(method, path, body, "application/json", headers=headers or {})


def caller(username: str = "external.demo", scopes: frozenset[str] = SCOPES, **how: Any) -> Caller:
    membership = ensure_membership(username)
    membership.user.is_system = True
    membership.user.save(update_fields=["is_system"])
    system = Actor.system("a credential for a test")
    credential, secret = issue_credential(system, membership=membership, name="测试", scopes=scopes, **how)
    client = Client(headers={"authorization": f"Token {secret}"})
    return Caller(client, membership, credential)


@pytest.fixture
def external(db: Any) -> Caller:
    return caller()
