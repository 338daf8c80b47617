"""Signing in, being refused, being locked out, being ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import UserSession
from accounts.services import disable_account
from core.audit.models import AuditEvent
from stations.models import Membership
from stations.services.memberships import end_membership
from tests.accounts.conftest import PASSWORD, SYSTEM, sign_in

pytestmark = pytest.mark.django_db
HOME = "/me/"


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("act", flat=True))


def test_the_right_password_lets_in_and_is_written_down(client, make_user):
    make_user("a.worker")
    assert sign_in(client, "a.worker").headers["Location"] == "/"
    assert client.get(HOME).status_code == 200
    assert "session.began" in acts()


def test_the_name_is_taken_in_any_case(client, make_user):
    make_user("a.worker")
    assert sign_in(client, " A.Worker").status_code == 302


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(client, make_user):
    make_user("a.worker")
    wrong, unknown = sign_in(client, "a.worker", "nope"), sign_in(client, "nobody", "nope")
    says = "登录名或密码不对"
    assert wrong.status_code == unknown.status_code == 422
    assert says in wrong.content.decode() and says in unknown.content.decode()
    assert "nope" not in wrong.content.decode()
    refusals = AuditEvent.objects.filter(act="session.refused")
    assert [row.details for row in refusals] == [{"why": "wrong"}, {"why": "wrong"}]


def test_five_failures_lock_the_name_for_half_an_hour(client, make_user):
    make_user("a.worker")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for name in ("a.worker", "A.WORKER", "a.worker", "a.worker", "a.worker"):
            last = sign_in(client, name, "nope")
        assert last.status_code == 429 and "已锁定 30 分钟" in last.content.decode()
        assert sign_in(client, "a.worker").status_code == 429
        clock.shift(timedelta(minutes=31))
        assert sign_in(client, "a.worker").status_code == 302


def test_a_lock_concerns_one_name_from_one_address_only(client, make_user):
    make_user("a.worker")
    make_user("b.worker")
    for _ in range(5):
        sign_in(client, "a.worker", "nope")
    assert sign_in(Client(), "b.worker").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "a.worker").status_code == 302


def test_a_success_forgets_the_failures_before_it(client, make_user):
    make_user("a.worker")
    for _ in range(4):
        sign_in(client, "a.worker", "nope")
    assert sign_in(client, "a.worker").status_code == 302
    client.post("/sign-out/")
    assert sign_in(client, "a.worker", "nope").status_code == 422


def test_a_disabled_account_is_told_so_only_with_its_password(client, make_user):
    user = make_user("a.worker")
    disable_account(SYSTEM, user=user, reason="离岗")
    assert "已停用" in sign_in(client, "a.worker").content.decode()
    assert "已停用" not in sign_in(client, "a.worker", "nope").content.decode()


def test_disabling_ends_the_sessions_at_once(client, make_user):
    user = make_user("a.worker")
    sign_in(client, "a.worker")
    disable_account(SYSTEM, user=user, reason="离岗")
    assert client.get(HOME).headers["Location"].startswith("/sign-in/")


def test_a_membership_revoked_with_a_page_open_ends_with_the_next_request(client, make_user):
    user = make_user("a.worker")
    sign_in(client, "a.worker")
    assert client.get(HOME).status_code == 200
    end_membership(SYSTEM, membership=Membership.objects.get(user=user), reason="调离")
    refused = client.get(HOME)
    assert refused.status_code == 403
    assert "您目前没有有效的任职" in refused.content.decode()
    assert client.post("/sign-out/").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_next_leads_nowhere_else(client, make_user, target):
    make_user("a.worker")
    assert sign_in(client, "a.worker", query=f"?next={target}").headers["Location"] == "/"


def test_next_leads_back_to_the_page_one_came_from(client, make_user):
    make_user("a.worker")
    asked = client.get(HOME)
    assert asked.headers["Location"] == "/sign-in/?next=/me/"
    assert sign_in(client, "a.worker", query="?next=/me/").headers["Location"] == "/me/"


def test_signing_in_without_a_csrf_token_is_refused(make_user):
    make_user("a.worker")
    assert sign_in(Client(enforce_csrf_checks=True), "a.worker").status_code == 403


def test_signing_in_takes_a_new_session_key(client, make_user):
    make_user("a.worker")
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    sign_in(client, "a.worker")
    assert client.session.session_key != before and "planted" not in client.session


def test_half_an_hour_idle_ends_the_session(client, make_user):
    make_user("a.worker")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, "a.worker")
        clock.shift(timedelta(minutes=29))
        assert client.get(HOME).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(HOME).status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get(HOME).headers["Location"].startswith("/sign-in/")


def test_signing_out_is_a_post_and_ends_the_row(client, make_user):
    make_user("a.worker")
    sign_in(client, "a.worker")
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert UserSession.objects.get().ended_at is not None
    assert client.get(HOME).headers["Location"].startswith("/sign-in/")


def test_a_session_is_revoked_from_another_browser(client, make_user):
    make_user("a.worker")
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    sign_in(other, "a.worker")
    sign_in(client, "a.worker")
    assert "Firefox（Windows）" in client.get(HOME).content.decode()
    row = UserSession.objects.exclude(session_key=client.session.session_key).get()
    client.post(f"/me/sessions/{row.pk}/end/")
    assert other.get(HOME).headers["Location"].startswith("/sign-in/")
    assert client.get(HOME).status_code == 200


def test_somebody_elses_session_is_not_found(client, make_user):
    make_user("a.worker")
    make_user("b.worker")
    other = Client()
    sign_in(other, "b.worker")
    sign_in(client, "a.worker")
    row = UserSession.objects.get(user__username="b.worker")
    assert client.post(f"/me/sessions/{row.pk}/end/").status_code == 404
    assert other.get(HOME).status_code == 200


def test_an_external_system_has_no_sign_in(client, make_user):
    user = make_user("ext.system", "external")
    user.is_system = True
    user.save()
    assert sign_in(client, "ext.system").status_code == 422


def test_what_was_typed_stands_in_no_table(client, make_user, django_assert_num_queries):
    from axes.models import AccessAttempt

    make_user("a.worker")
    sign_in(client, "a.worker", "Canary-Secret-77")
    row = AccessAttempt.objects.get()
    assert "Canary" not in f"{row.post_data}{row.get_data}{row.user_agent}"
    assert PASSWORD not in str(list(AuditEvent.objects.values_list("details", flat=True)))
