"""The issue's refusals to see, on real routes."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Client as Person
from core.scoping import Actor, scope
from stations.models import Membership
from tests.core.api.conftest import caller
from tests.personas import ensure_membership, signed_in

SYSTEM = Actor.system("counting for a refusal")


def registered() -> int:
    with scope(SYSTEM):
        return Person.objects.visible_to(SYSTEM).count()


@pytest.mark.parametrize("path", ["stations", "workers", "clients", "organisations", "regions"])
@pytest.mark.parametrize("query", ["surprise=1", "page_size=100000000"])
def test_the_api_refuses_an_unknown_parameter_and_a_page_of_everything(db, path, query):
    assert caller().send("GET", f"/api/v1/{path}/?{query}").status_code == 400


@pytest.mark.parametrize("path", ["stations", "workers", "clients", "organisations"])
def test_a_list_page_refuses_an_unknown_parameter(client_of, path):
    assert client_of("worker.zedang").get(f"/{path}/?surprise=1").status_code == 400


def test_an_expired_token_is_refused(db):
    one = caller()
    assert one.send("GET", "/api/v1/stations/").status_code == 200
    type(one.credential).objects.filter(pk=one.credential.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    answer = one.send("GET", "/api/v1/stations/")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")


def test_a_membership_revoked_while_a_page_is_open_opens_nothing_more(db):
    membership = ensure_membership("worker.zedang")
    browser = signed_in(membership)
    assert browser.get("/clients/").status_code == 200
    revoker = User.objects.exclude(pk=membership.user_id).first() or membership.user
    Membership.objects.filter(pk=membership.pk).update(revoked_at=timezone.now(), revoked_by_id=revoker.pk)
    assert browser.get("/clients/").status_code == 403
    assert browser.post("/clients/new/", {"name": "示范"}).status_code == 403


def test_the_same_form_sent_twice_registers_once(db):
    membership = ensure_membership("worker.zedang")
    browser, before = signed_in(membership), registered()
    given = {"station": str(membership.station_id), "name": "示范拉巴", "document_type": "resident_id",
             "id_number": "430199200002290050", "consent_on": "2026-01-05", "submit_token": uuid4().hex}  # fmt: skip
    first, second = (browser.post("/clients/new/", given) for _ in range(2))
    assert (first.status_code, second.status_code, first["Location"]) == (302, 302, second["Location"])
    assert registered() == before + 1


def test_the_same_idempotency_key_registers_once_and_another_body_is_refused(db):
    one, before = caller(), registered()
    given = {"station_id": str(one.membership.station_id), "name": "示范拉巴", "id_number": "430199200002290050",
             "document_type": "resident_id", "consent_on": "2026-01-05"}  # fmt: skip
    send = lambda body: one.send("POST", "/api/v1/clients/", json.dumps(body), {"Idempotency-Key": "same-key-0001"})  # noqa: E731
    first, second = send(given), send(given)
    assert (first.status_code, second.status_code) == (201, 201), first.content.decode()
    assert first.json()["id"] == second.json()["id"]
    assert second["Idempotency-Replayed"] == "true"
    assert send({**given, "name": "示范别人"}).status_code == 422
    assert registered() == before + 1
