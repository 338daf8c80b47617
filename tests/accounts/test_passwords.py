"""Rules of passwords, rotation, slips."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import OneTimeSlip, SlipPurpose
from accounts.services import change_password, issue_slip, open_account
from accounts.services.signing_in import admit, person
from core.errors import Conflict, Invalid, Refused
from tests.accounts.conftest import PASSWORD, SYSTEM, sign_in

pytestmark = pytest.mark.django_db


def change(user, old: str, new: str) -> None:
    change_password(person(user), user=user, old=old, new=new)
    user.refresh_from_db()


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("Sh0rt-pass", None),
        ("Ab1-xyz9", "10"),
        ("onlysmallandlong", "三类"),
        ("smalland123456", "三类"),
        ("1234567890", "三类"),
    ],
)
def test_ten_signs_of_three_classes(make_user, new, why):
    user = make_user("a.worker")
    if why is None:
        change(user, PASSWORD, new)
        return
    with pytest.raises(Invalid) as refused:
        change(user, PASSWORD, new)
    assert why in "".join(refused.value.fields["new"])


def test_none_of_the_last_five_comes_back_and_the_sixth_may(make_user):
    user = make_user("a.worker")
    old = PASSWORD
    for number in range(5):
        for taken in {PASSWORD, old}:
            with pytest.raises(Invalid, match="weak_password"):
                change(user, old, taken)
        change(user, old, f"Another-{number}-pass")
        old = f"Another-{number}-pass"
    change(user, old, PASSWORD)


def test_the_old_password_is_asked_for(make_user):
    with pytest.raises(Invalid) as refused:
        change(make_user("a.worker"), "wrong", "Another-0-pass")
    assert "old" in refused.value.fields


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(client, make_user):
    make_user("a.worker")
    other = Client()
    sign_in(other, "a.worker")
    sign_in(client, "a.worker")
    said = {"old": PASSWORD, "new": "Another-1-pass", "again": "Another-1-pass"}
    assert client.post("/password/", said).status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").headers["Location"].startswith("/sign-in/")


def test_two_different_new_passwords_are_told_beside_the_field(client, make_user):
    make_user("a.worker")
    sign_in(client, "a.worker")
    answer = client.post("/password/", {"old": PASSWORD, "new": "Another-1-pass", "again": "Another-2-pass"})
    assert answer.status_code == 422 and "两次填的新密码不一样" in answer.content.decode()


def test_after_ninety_days_every_page_leads_to_a_new_password(client, make_user):
    make_user("a.worker")
    with time_machine.travel(timezone.now() + timedelta(days=90, minutes=1), tick=False):
        sign_in(client, "a.worker")
        assert client.get("/me/").headers["Location"] == "/password/?next=%2Fme%2F"
        held = client.get("/api/v1/stations/")
        assert held.status_code == 403 and held.json()["code"] == "password_change_needed"
        client.post("/password/", {"old": PASSWORD, "new": "Another-1-pass", "again": "Another-1-pass"})
        assert client.get("/me/").status_code == 200


def test_a_slip_opens_once_and_asks_for_a_password_of_ones_own(client, make_user):
    user = make_user("a.worker")
    slip = issue_slip(SYSTEM, user=user)
    assert sign_in(client, "a.worker").status_code == 422, "the old password is void"
    assert sign_in(client, "a.worker", slip.code.lower()).status_code == 302
    assert client.get("/me/").headers["Location"].startswith("/password/")
    assert sign_in(Client(), "a.worker", slip.code).status_code == 422, "once only"
    client.post("/password/", {"new": "Another-1-pass", "again": "Another-1-pass"})
    assert client.get("/me/").status_code == 200


def test_a_slip_is_void_after_seven_days_and_when_a_newer_one_is_printed(client, make_user):
    user = make_user("a.worker")
    first = issue_slip(SYSTEM, user=user)
    second = issue_slip(SYSTEM, user=user)
    assert sign_in(client, "a.worker", first.code).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert sign_in(client, "a.worker", second.code).status_code == 422
    assert sign_in(client, "a.worker", second.code).status_code == 302


def test_two_browsers_with_one_slip_are_one_too_many(make_user):
    user = make_user("a.worker")
    issue_slip(SYSTEM, user=user)
    row = OneTimeSlip.objects.get(user=user)
    user.slip = row
    admit(person(user), user=user)
    with pytest.raises(Refused, match="slip_used"):
        admit(person(user), user=user)


def test_a_slip_is_stored_hashed_only(make_user):
    user = make_user("a.worker")
    slip = issue_slip(SYSTEM, user=user)
    row = OneTimeSlip.objects.get(user=user)
    assert slip.code not in row.hash and slip.code.replace("-", "") not in row.hash
    assert row.purpose == SlipPurpose.PASSWORD


def test_a_password_before_the_slip_counts_in_the_history(client, make_user):
    user = make_user("a.worker")
    slip = issue_slip(SYSTEM, user=user)
    sign_in(client, "a.worker", slip.code)
    answer = client.post("/password/", {"new": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 422 and "最近 5 次" in answer.content.decode()


def test_a_user_name_is_taken_once_whatever_its_case(make_user):
    make_user("a.worker")
    with pytest.raises(Conflict, match="username_taken"):
        open_account(SYSTEM, username="A.Worker", display_name="另一人")


@pytest.mark.parametrize("username", ["", "a", "张三", "a b", "a/b", ".ab", "ab-", "x" * 65])
def test_a_strange_user_name_is_refused(db, username):
    with pytest.raises(Invalid, match="bad_account"):
        open_account(SYSTEM, username=username, display_name="某人")
