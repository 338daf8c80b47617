"""What holds for every resource: credentials, scopes, errors of one shape, repeats, pages."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.roles import Perm
from cases.models import Client
from core.audit.models import AuditEvent
from core.scoping import Actor, scope
from stations.models import ApiCredential
from stations.services.credentials import rotate_credential
from tests.core.api.conftest import caller

pytestmark = pytest.mark.django_db

PERSON = {
    "name": "示范甲", "document_type": "resident_id", "id_number": "540599195703140016", "consent_on": "2026-11-01",
}  # fmt: skip


def body(external, **changes):
    return orjson.dumps({**PERSON, "station_id": str(external.membership.station_id), **changes})


def registered() -> int:
    with scope(Actor.system("count what was written")):
        return Client.objects.unscoped("count what was written").count()


def test_a_stranger_is_asked_to_sign_in():
    answer = Browser().get("/api/v1/clients/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("header", "code"), [("Token", "token_malformed"), ("Token a b", "token_malformed"), ("Token 123", "token_unknown")]
)
def test_a_wrong_credential_is_named(header, code):
    answer = Browser(headers={"authorization": header}).get("/api/v1/clients/")
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_an_expired_credential_opens_nothing_and_is_not_deleted(external):
    ApiCredential.objects.filter(pk=external.credential.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    answer = external.send("GET", "/api/v1/clients/")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert ApiCredential.objects.filter(pk=external.credential.pk).exists()


def test_a_credential_is_bound_to_its_addresses(db):
    answer = caller(addresses=("10.1.0.0/16",)).send("GET", "/api/v1/clients/")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_address")


def test_a_credential_holds_no_more_than_its_scopes(db):
    narrow = caller(scopes=frozenset({str(Perm.STATION_READ)}))
    assert narrow.send("GET", "/api/v1/stations/").status_code == 200
    assert narrow.send("GET", "/api/v1/clients/").status_code == 403


def test_a_credential_ends_with_its_membership(external):
    external.membership.revoked_at = timezone.now()
    external.membership.revoked_by_id = 1
    external.membership.save()
    assert external.send("GET", "/api/v1/stations/").status_code == 401


def test_after_rotation_both_secrets_open_for_a_day(external):
    rotate_credential(Actor.system("rotation under test"), credential=external.credential)
    assert external.send("GET", "/api/v1/stations/").status_code == 200
    left = ApiCredential.objects.get(pk=external.credential.pk).expiry - timezone.now()
    assert left <= timedelta(days=1)


def test_an_unknown_field_is_refused_and_nothing_is_written(external):
    answer = external.send("POST", "/api/v1/clients/", body(external, nmae="x"))
    assert answer.status_code == 400
    assert "nmae" in answer.json()["fields"]
    assert registered() == 0


@pytest.mark.parametrize("text", ["{", "3", '"x"', "[1,", "\xff"])
def test_a_body_that_is_no_object_is_refused(external, text):
    answer = external.send("POST", "/api/v1/clients/", text)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_numeric_id_number_is_refused(external):
    answer = external.send("POST", "/api/v1/clients/", body(external, id_number=540599195703140016))
    assert answer.status_code == 400
    assert "id_number" in answer.json()["fields"]


def test_the_same_key_and_body_write_once_and_answer_alike(external):
    key = {"Idempotency-Key": "register-0001"}
    first, second = (external.send("POST", "/api/v1/clients/", body(external), key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert registered() == 1


def test_the_same_key_with_another_body_is_refused(external):
    key = {"Idempotency-Key": "register-0002"}
    external.send("POST", "/api/v1/clients/", body(external), key)
    answer = external.send("POST", "/api/v1/clients/", body(external, name="示范乙"), key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


def test_a_key_of_a_refused_write_can_be_used_again(external):
    key = {"Idempotency-Key": "register-0003"}
    assert external.send("POST", "/api/v1/clients/", body(external, id_number="1"), key).status_code == 400
    assert external.send("POST", "/api/v1/clients/", body(external), key).status_code == 201


def test_a_station_out_of_reach_and_one_that_is_missing_answer_alike(external):
    from tests.personas import ensure_station

    foreign = ensure_station("330481004").pk
    answers = [
        external.send("POST", "/api/v1/clients/", body(external, station_id=str(one)))
        for one in (foreign, "01890000-0000-7000-8000-000000000000")
    ]
    assert {a.status_code for a in answers} == {404}
    assert answers[0].json() == answers[1].json()


def test_following_next_shows_every_row_once(external):
    with scope(Actor.system("fixture: clients")):
        from cases.services import ClientInput, register_clients

        rows = [
            ClientInput(
                name=f"示范{number}", document_type="none", no_document_reason="户籍待办理", birth_date=None or
                __import__("datetime").date(1980, 1, number % 28 + 1), consent_on=None,
            )
            for number in range(1, 8)
        ]  # fmt: skip
        register_clients(Actor.system("fixture"), station_id=external.membership.station_id, rows=rows)
    path, seen = "/api/v1/clients/?page_size=3", []
    while path:
        page = external.send("GET", path).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert page["count"] == 7


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nonsense=1", "unknown_parameter"),
        ("page_size=100000000", "page_size_out_of_range"),
        ("page_size=0", "page_size_out_of_range"),
        ("cursor=abc", "bad_cursor"),
        ("sort=password", "bad_sort"),
        ("state=nothing", "invalid"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(external, query, code):
    answer = external.send("GET", f"/api/v1/clients/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_numbers_are_masked_and_the_look_is_written_down(external):
    made = external.send("POST", "/api/v1/clients/", body(external, phone="13812345678")).json()
    before = AuditEvent.objects.filter(act="client.listed").count()
    text = external.send("GET", "/api/v1/clients/").content.decode()
    assert PERSON["id_number"] not in text and "13812345678" not in text and PERSON["name"] not in text
    assert made["id"] in text
    assert AuditEvent.objects.filter(act="client.listed").count() == before + 1


def test_a_list_of_stations_asks_the_database_a_fixed_number_of_times(external, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        external.send("GET", "/api/v1/stations/")


def test_a_method_nobody_declared_is_refused_in_the_one_shape(external):
    answer = external.send("DELETE", "/api/v1/clients/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
