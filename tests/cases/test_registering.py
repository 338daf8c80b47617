"""Refusals at the register: one place for page, API and import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from cases.models import Client, ClientHistory, Consent
from cases.services import CategoryInput, check_clients, register_client, register_clients
from core.audit import subject_key
from core.audit.models import AuditEvent
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.scoping import scope
from stations.enums import StationStatus
from tests.cases.conftest import OTHER, WOMAN, child, make_place, person, some_id

pytestmark = pytest.mark.django_db


def register(place, said, role="worker"):
    return register_client(place.actor(role), station_id=place.station.pk, said=said)


def refused(place, said):
    with pytest.raises((Invalid, Conflict)) as caught:
        register(place, said)
    return caught.value


def test_a_good_person_is_sealed_numbered_and_audited(zedang):
    client = register(zedang, person(phone="138 1234 5678", address="泽当街道某路1号"))

    assert client.number == "ZD-C-00001"
    assert (client.birth_date, client.sex) == (date(1957, 3, 14), "1")
    assert client.particulars().phone == "13812345678"
    stored = bytes(client.sealed) + bytes(client.person_key)
    assert "卓玛".encode() not in stored and WOMAN.encode() not in stored
    event = AuditEvent.objects.get(act="client.register")
    assert event.subject_keys == [subject_key("client", client.pk)]
    assert "卓玛" not in str(event.details)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "id.missing"),
        ("540599195703140017", "id.check"),
        ("430199199902291280", "id.birth_date"),
        ("430199202801011280", "id.future"),
        ("54059919570314001", "id.length"),
        (WOMAN + " ", "id.blank"),
        ("5.40599E+17", "id.numeric"),
        (540599195703140016, "id.numeric"),
        (5.40599195703140016e17, "id.numeric"),
    ],
)
def test_a_wrong_missing_or_numeric_number_is_refused_with_what_to_do(zedang, number, code):
    error = refused(zedang, person(id_number=number))
    assert error.code == code and error.fields["id_number"][0]
    assert str(number) not in str(error.args) or not number


def test_birth_date_and_sex_that_disagree_are_refused_unless_a_reason_is_recorded(zedang):
    said = person(birth_date=date(1957, 3, 15), sex="2")
    assert refused(zedang, said).fields.keys() == {"birth_date", "sex"}

    client = register(zedang, replace(said, mismatch_reason="户口簿登记错误，正在更正"))
    assert (client.birth_date, client.sex) == (date(1957, 3, 15), "2")
    with scope(actor := zedang.actor("worker")):
        assert ClientHistory.objects.visible_to(actor).get(client=client).changed == ["mismatch_reason"]


def test_without_papers_a_reason_and_a_birth_date_are_asked(zedang):
    said = person(document_type="none", id_number="")
    assert "no_document_reason" in refused(zedang, said).fields
    said = replace(said, no_document_reason="流浪，户籍待查")
    assert refused(zedang, said).code == "birth_date.missing"
    assert register(zedang, replace(said, birth_date=date(1970, 1, 1))).id_index is None


@pytest.mark.parametrize("missing", ["guardian_name", "guardian_phone", "consent_on"])
def test_a_child_under_14_without_guardian_is_refused(zedang, missing):
    error = refused(zedang, child(**{missing: None if missing == "consent_on" else ""}))
    assert error.code == "child_without_guardian" and list(error.fields) == [missing]


def test_a_child_with_guardian_is_registered_with_the_guardians_consent(zedang):
    client = register(zedang, child())
    with scope(actor := zedang.actor("worker")):
        given = Consent.objects.visible_to(actor).filter(client=client)
        assert {(consent.purpose, consent.given_by) for consent in given} == {
            ("service", "guardian"),
            ("sensitive", "guardian"),
        }
        assert all("央金".encode() not in bytes(consent.guardian) for consent in given)


def test_fourteen_to_the_day_needs_no_guardian(zedang):
    today = timezone.localdate()
    born = today.replace(year=today.year - 14)
    facts = {
        "document_type": "none",
        "id_number": "",
        "no_document_reason": "正在补办",
        "guardian_name": "",
        "consent_on": None,
    }
    assert register(zedang, child(**facts, birth_date=born))
    error = refused(zedang, child(**facts, birth_date=born + timedelta(days=1), name="普布"))
    assert error.code == "child_without_guardian"


@pytest.mark.parametrize(
    ("category", "code"),
    [
        (CategoryInput("unheard_of", date(2024, 1, 1)), "category.unknown"),
        (CategoryInput("dibao", date(2024, 1, 1), date(2024, 1, 1)), "category.backward"),
    ],
)
def test_unknown_or_backward_categories_are_refused(zedang, category, code):
    assert refused(zedang, person(categories=[category])).code == code


def test_the_same_number_again_names_the_file_there_is(zedang):
    first = register(zedang, person())
    error = refused(zedang, person(name="别的名字"))
    assert isinstance(error, Conflict) and error.code == "id_number_registered"
    assert first.number in error.message


def test_a_number_registered_beyond_reach_is_answered_without_saying_so(zedang, changzhu):
    first = register(changzhu, person())
    error = refused(zedang, person())
    assert error.code == "id_number_not_accepted"
    assert first.number not in error.message and "昌珠" not in error.message and "登记过" not in error.message


def test_another_county_may_register_the_same_person(zedang, maqiao):
    register(zedang, person())
    assert register(maqiao, person()).id_county == "330481"


def test_a_likely_double_needs_a_reason(zedang):
    first = register(zedang, person(phone="13812345678"))
    said = person(name="另一人", id_number=OTHER, phone="13812345678")
    error = refused(zedang, said)
    assert error.code == "possible_duplicate" and first.number in error.message
    assert register(zedang, replace(said, duplicate_reason="母子共用一部电话")).number == "ZD-C-00002"


def test_people_of_one_household_may_share_a_telephone(zedang):
    register(zedang, person(phone="13812345678", household_number="H1", relation="self"))
    assert register(zedang, person(name="儿子", id_number=OTHER, phone="13812345678", household_number="H1"))


def test_a_set_writes_the_good_rows_and_says_what_is_wrong_with_the_others(zedang):
    rows = [person(), person(name="同号"), child(guardian_name=""), person(name="好人", id_number=OTHER)]
    outcomes = register_clients(zedang.actor("worker"), station_id=zedang.station.pk, rows=rows)
    assert [outcome.done for outcome in outcomes] == [True, False, False, True]
    assert [p.code for o in outcomes for p in o.problems] == ["id_number_twice", "child_without_guardian"]


def test_checking_writes_nothing(zedang):
    with scope(actor := zedang.actor("worker")):
        [outcome] = check_clients(actor, station_id=zedang.station.pk, rows=[person()])
        assert not outcome.problems and not Client.objects.visible_to(actor).exists()


def test_the_station_must_be_within_reach_and_running(zedang, maqiao):
    with pytest.raises(NotFound):
        register_client(zedang.actor("worker"), station_id=maqiao.station.pk, said=person())
    with pytest.raises(NotFound):
        register_client(zedang.actor("worker"), station_id=some_id(), said=person())
    closed = make_place("540502200", "停办站", StationStatus.PAUSED)
    with pytest.raises(Refused, match="station_not_running"):
        register(closed, person())


@pytest.mark.parametrize("role", ["supervisor", "auditor", "evaluator"])
def test_a_role_that_does_not_register_may_not(zedang, role):
    with pytest.raises(Forbidden):
        register(zedang, person(), role=role)


# -- the database says the same, when Python forgets


def violated(place, change, *parameters):
    client = register(place, child())
    with pytest.raises(IntegrityError) as caught, scope(place.actor("worker")), connection.cursor() as cursor:
        cursor.execute(change, [*parameters, client.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return caught.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE cases_client SET id_index = NULL WHERE id = %s", "client_number_or_none_said"),
        ("UPDATE cases_client SET person_key = NULL WHERE id = %s", "client_sealed_until_erased"),
        ("UPDATE cases_client SET state = 'merged' WHERE id = %s", "client_merged_says_where"),
        ("UPDATE cases_client SET birth_date = registered_on + 1 WHERE id = %s", "client_born_before_registered"),
        ("UPDATE cases_consent SET guardian = NULL WHERE client_id = %s", "consent_guardian_named"),
        ("UPDATE cases_consent SET withdrawn_on = now() WHERE client_id = %s", "consent_withdrawn_by"),
        ("UPDATE cases_client SET region_code = '330481004' WHERE id = %s", "cases_client_same_place"),
    ],
)
def test_the_database_refuses(zedang, change, constraint):
    assert violated(zedang, change) == constraint


def test_the_database_refuses_a_child_whose_guardian_never_consented(zedang):
    client = register(zedang, person())
    with pytest.raises(IntegrityError) as caught, scope(zedang.actor("worker")), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_client SET birth_date = registered_on - 365 WHERE id = %s", [client.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert caught.value.__cause__.diag.constraint_name == "client_child_has_guardian"


def test_the_database_refuses_one_number_twice_a_county(zedang):
    register(zedang, person())
    other = register(zedang, person(name="乙", id_number=OTHER))
    with pytest.raises(IntegrityError) as caught, scope(zedang.actor("worker")), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_client SET id_index = (SELECT id_index FROM cases_client WHERE id <> %s) WHERE id = %s",
            [other.pk, other.pk],
        )
    assert caught.value.__cause__.diag.constraint_name == "client_once_a_county"


def test_registering_takes_as_many_queries_for_many_as_for_one(zedang, django_assert_max_num_queries):
    rows = [person(name=f"甲{n}", id_number="", document_type="none", no_document_reason="压测用例",
                   birth_date=date(1950, 1, 1) + timedelta(days=n),
                   categories=[CategoryInput("dibao", date(2024, 1, 1))])
            for n in range(300)]  # fmt: skip
    with django_assert_max_num_queries(16):
        outcomes = register_clients(zedang.actor("worker"), station_id=zedang.station.pk, rows=rows)
    assert all(outcome.done for outcome in outcomes)
