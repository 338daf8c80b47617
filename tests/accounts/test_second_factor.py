"""The second factor: demanded by role outside of demonstrations, good once, mended by a slip when lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import SecondFactor, SlipPurpose
from accounts.services import issue_slip
from accounts.services.second_factor import (
    begin_second_factor,
    check_second_factor,
    code_at,
    confirm_second_factor,
    pending_secret,
)
from accounts.services.signing_in import person
from core.errors import Invalid, Refused
from tests.accounts.conftest import SYSTEM, sign_in

pytestmark = pytest.mark.django_db


def now_step() -> int:
    return int(timezone.now().timestamp()) // 30


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as travelled:
        yield travelled


@pytest.fixture
def official(make_user):
    return make_user("an.official", "official", "540502")


def set_up(user) -> tuple[bytes, list[str]]:
    begin_second_factor(person(user), user=user)
    secret = pending_secret(user)
    return secret, confirm_second_factor(person(user), user=user, code=code_at(secret, now_step()))


@pytest.mark.parametrize(
    ("seconds", "expected"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
)
def test_the_codes_are_those_of_rfc_6238(seconds, expected):
    assert code_at(b"12345678901234567890", seconds // 30) == expected


def test_an_official_sees_nothing_before_setting_it_up(client, official, clock):
    sign_in(client, "an.official")
    assert client.get("/me/").headers["Location"].startswith("/second-factor/set-up/")
    client.post("/second-factor/set-up/")
    page = client.get("/second-factor/set-up/").content.decode()
    assert "<path d=" in page
    code = code_at(pending_secret(official), now_step())
    shown = client.post("/second-factor/set-up/", {"code": code})
    assert shown.content.decode().count("<code>") == 10
    assert client.get("/me/").status_code == 200


def test_a_worker_and_a_demonstration_need_none(client, make_user, settings):
    make_user("a.worker")
    sign_in(client, "a.worker")
    assert client.get("/me/").status_code == 200
    client.post("/sign-out/")
    make_user("an.official", "official", "540502")
    settings.DEMO = True
    sign_in(client, "an.official")
    assert client.get("/me/").status_code == 200


def test_the_next_sign_in_asks_for_a_code_and_the_password_alone_opens_nothing(client, official, clock):
    secret, _ = set_up(official)
    sign_in(client, "an.official")
    assert client.get("/me/").headers["Location"].startswith("/second-factor/?next=")
    assert client.post("/second-factor/set-up/").status_code == 403, "the factor cannot be replaced without it"
    assert client.post("/second-factor/recovery/").status_code == 302
    clock.shift(30)
    assert client.post("/second-factor/?next=/me/", {"code": code_at(secret, now_step())}).headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_a_code_is_good_once_and_for_a_minute_and_a_half(official, clock):
    secret, _ = set_up(official)
    who = person(official)
    with pytest.raises(Invalid, match="wrong_code"):
        check_second_factor(who, user=official, code=code_at(secret, now_step()))
    clock.shift(60)
    assert check_second_factor(who, user=official, code=code_at(secret, now_step())) == "code"
    with pytest.raises(Invalid, match="wrong_code"):
        check_second_factor(who, user=official, code=code_at(secret, now_step() - 2))


def test_a_recovery_code_is_good_once(official, clock):
    _, codes = set_up(official)
    assert check_second_factor(person(official), user=official, code=codes[3].upper()) == "recovery"
    with pytest.raises(Invalid):
        check_second_factor(person(official), user=official, code=codes[3])
    assert len(SecondFactor.objects.get(user=official).recovery) == 9


def test_five_wrong_codes_lock_it_even_for_the_right_one(official, clock):
    secret, _ = set_up(official)
    clock.shift(60)
    for _ in range(5):
        with pytest.raises(Invalid):
            check_second_factor(person(official), user=official, code="000000")
    with pytest.raises(Refused, match="second_factor_locked"):
        check_second_factor(person(official), user=official, code=code_at(secret, now_step()))
    clock.shift(timedelta(minutes=31))
    assert check_second_factor(person(official), user=official, code=code_at(secret, now_step())) == "code"


def test_a_lost_one_is_mended_by_a_printed_slip(client, official, clock):
    set_up(official)
    slip = issue_slip(SYSTEM, user=official, purpose=SlipPurpose.SECOND_FACTOR)
    sign_in(client, "an.official")
    answer = client.post("/second-factor/", {"code": slip.code})
    assert answer.headers["Location"] == "/second-factor/set-up/"
    assert not SecondFactor.objects.filter(user=official).exists()
    assert client.get("/me/").headers["Location"].startswith("/second-factor/set-up/"), "still outside"


def test_a_password_slip_does_not_open_the_second_factor(client, official, clock):
    set_up(official)
    slip = issue_slip(SYSTEM, user=official)
    sign_in(client, "an.official", slip.code)
    assert client.get("/password/").status_code == 200
    assert client.get("/me/").headers["Location"].startswith("/second-factor/?")
    assert client.post("/second-factor/", {"code": slip.code}).status_code == 422


def test_the_secret_is_stored_sealed(official, clock):
    secret, _ = set_up(official)
    assert secret not in bytes(SecondFactor.objects.get(user=official).sealed)
