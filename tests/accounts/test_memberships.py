"""Who may give what to whom: reach of the administrator, three administrators apart, one's own account, switching."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import SlipPurpose, User
from accounts.services import disable_account, issue_slip, open_account
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Refused
from core.scoping import scope
from stations.actors import actor_as, valid_memberships
from stations.models import Membership, Region
from stations.queries.memberships import accounts_of_reach
from stations.services.memberships import close_grant, end_membership, give_membership, open_grant
from tests.accounts.conftest import SYSTEM, sign_in
from tests.personas import ensure_station

pytestmark = pytest.mark.django_db
SINCE = date(2022, 1, 1)


def acting(user: User):
    return actor_as(valid_memberships(user.pk)[0])


@pytest.fixture
def admin(make_user):
    """An administrator of 乃东区 only."""
    return acting(make_user("naidong.admin", "admin_system", "540502"))


def region(code: str) -> Region:
    return Region.objects.get(pk=code)


def test_an_administrator_opens_an_account_and_gives_it_a_place_within_reach(admin):
    user = open_account(admin, username="new.worker", display_name="新人（示范）")
    membership = give_membership(admin, user=user, role="worker", station=ensure_station("540502001"), valid_from=SINCE)
    assert acting(user).reach.stations == (membership.station_id,)


@pytest.mark.parametrize("code", ["5405", "54", "330481004", "540521"])
def test_a_division_out_of_reach_is_refused(admin, make_user, code):
    user = make_user("a.worker")
    with pytest.raises(NotFound, match="place_out_of_reach"):
        give_membership(admin, user=user, role="worker", region=region(code), valid_from=SINCE)


def test_a_station_out_of_reach_and_the_nation_are_refused(admin, make_user):
    user, far, near = make_user("a.worker"), ensure_station("330481004"), ensure_station("540502001")
    for place in ({"station": far}, {"stations": [near, far]}, {"is_national": True}):
        with pytest.raises(NotFound, match="place_out_of_reach"):
            give_membership(admin, user=user, role="worker", valid_from=SINCE, **place)


def test_an_account_with_a_foot_outside_is_out_of_reach(admin, make_user):
    outside = make_user("far.worker", place="330481004")
    both = make_user("both.worker")
    give_membership(SYSTEM, user=both, role="worker", region=region("330481004"), valid_from=SINCE)
    station = make_user("far.station", place=None)
    give_membership(SYSTEM, user=station, role="worker", station=ensure_station("330481004"), valid_from=SINCE)
    named = make_user("far.named", place=None)
    places = [ensure_station("330481004"), ensure_station("540502001")]
    give_membership(SYSTEM, user=named, role="supervisor", stations=places, valid_from=SINCE)
    for user in (outside, both, station, named):
        for act in (
            lambda u: issue_slip(admin, user=u),
            lambda u: disable_account(admin, user=u, reason="试"),
            lambda u: give_membership(admin, user=u, role="worker", region=region("540502"), valid_from=SINCE),
            lambda u: end_membership(admin, membership=Membership.objects.filter(user=u).first(), reason="试"),
        ):
            with pytest.raises(NotFound):
                act(user)


def test_named_stations_all_within_reach_are_within_reach(admin, make_user):
    user = make_user("near.named", place=None)
    places = [ensure_station("540502001"), ensure_station("540502101")]
    give_membership(SYSTEM, user=user, role="supervisor", stations=places, valid_from=SINCE)
    with scope(admin):
        assert user in accounts_of_reach(admin)


def test_an_account_without_membership_belongs_to_who_opened_it(admin, make_user):
    other = acting(make_user("shannan.admin", "admin_system", "5405"))
    user = open_account(other, username="new.worker", display_name="新人（示范）")
    with pytest.raises(NotFound):
        issue_slip(admin, user=user)
    assert issue_slip(other, user=user).username == "new.worker"


def test_nobody_manages_the_own_account(admin):
    own = User.objects.get(pk=admin.user_id)
    with pytest.raises(Forbidden, match="own_account"):
        give_membership(admin, user=own, role="official", region=region("540502"), valid_from=SINCE)
    with pytest.raises(Forbidden, match="own_account"):
        issue_slip(admin, user=own)


def test_only_administrators_of_accounts_manage_them(make_user):
    user = make_user("a.worker")
    for role in ("official", "station_head", "admin_security", "admin_audit", "auditor"):
        actor = acting(make_user(f"x.{role.replace('_', '.')}", role, "5405"))
        with pytest.raises(Forbidden, match="forbidden"):
            give_membership(actor, user=user, role="worker", region=region("540502"), valid_from=SINCE)
        with pytest.raises(Forbidden, match="forbidden"):
            issue_slip(actor, user=user)


def test_a_second_factor_is_reset_by_security_and_not_by_who_hands_out_passwords(admin, make_user):
    user = make_user("a.worker")
    with pytest.raises(Forbidden):
        issue_slip(admin, user=user, purpose=SlipPurpose.SECOND_FACTOR)
    security = acting(make_user("naidong.security", "admin_security", "540502"))
    assert issue_slip(security, user=user, purpose=SlipPurpose.SECOND_FACTOR).code


@pytest.mark.parametrize("other", ["admin_security", "admin_audit"])
def test_the_three_administrators_exclude_each_other(make_user, other):
    user = make_user("one.person", "admin_system", "540502")
    with pytest.raises(Refused, match="roles_exclude"):
        give_membership(SYSTEM, user=user, role=other, region=region("540502"), valid_from=SINCE)
    membership = Membership.objects.get(user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=other, region=region("330481"), valid_from=SINCE)
    end_membership(SYSTEM, membership=membership, reason="轮岗")
    assert give_membership(SYSTEM, user=user, role=other, region=region("540502"), valid_from=SINCE)


def test_one_administrator_after_the_other_is_no_overlap(make_user):
    user = make_user("one.person", place=None)
    today = timezone.localdate()
    give_membership(SYSTEM, user=user, role="admin_system", region=region("540502"), valid_from=SINCE, valid_to=today)
    give_membership(SYSTEM, user=user, role="admin_audit", region=region("540502"), valid_from=today)
    assert [m.role for m in valid_memberships(user.pk)] == ["admin_audit"]


def test_the_same_membership_twice_is_a_conflict(make_user):
    with pytest.raises(Conflict, match="membership_held"):
        give_membership(SYSTEM, user=make_user("a.worker"), role="worker", region=region("540502001"), valid_from=SINCE)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"region": True, "is_national": True},
        {"role": "emperor", "region": True},
        {"region": True, "valid_to": SINCE},
        {"region": True, "valid_to": SINCE - timedelta(days=1)},
    ],
)
def test_a_membership_has_one_place_a_role_and_days_in_order(make_user, wrong):
    user = make_user("a.worker", place=None)
    said = {"role": "worker", "valid_from": SINCE, **wrong}
    if said.get("region"):
        said["region"] = region("540502")
    with pytest.raises(Invalid, match="bad_membership"):
        give_membership(SYSTEM, user=user, **said)


def test_switching_to_somebody_elses_membership_is_refused(client, make_user):
    user, other = make_user("a.worker"), make_user("b.worker", place="330481004")
    give_membership(SYSTEM, user=user, role="volunteer", region=region("330481"), valid_from=SINCE)
    sign_in(client, "a.worker")
    mine, foreign = valid_memberships(user.pk)[1], valid_memberships(other.pk)[0]
    for wrong in (str(foreign.pk), "", "not-an-id"):
        assert client.post("/me/switch/", {"membership": wrong}).status_code == 404
    assert client.get("/me/").wsgi_request.actor.role == "worker"
    assert client.post("/me/switch/", {"membership": str(mine.pk)}).status_code == 302
    assert client.get("/me/").wsgi_request.actor.role == "volunteer"


def test_a_form_sent_as_a_membership_that_ended_is_not_done_as_another(client, make_user):
    user = make_user("a.worker")
    second = give_membership(SYSTEM, user=user, role="volunteer", region=region("330481"), valid_from=SINCE)
    sign_in(client, "a.worker")
    client.post("/me/switch/", {"membership": str(second.pk)})
    end_membership(SYSTEM, membership=second, reason="调离")
    assert client.post("/todo/").status_code in (403, 405)
    assert client.post("/notifications/read/").status_code == 403
    assert client.get("/me/").wsgi_request.actor.role == "worker"


def test_a_grant_is_seen_while_it_is_open_and_widens_nothing(make_user):
    user = make_user("a.worker")
    membership, now = Membership.objects.get(user=user), timezone.now()
    before = acting(user)
    grant = open_grant(
        SYSTEM,
        what="round",
        membership=membership,
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(days=1),
    )
    later = open_grant(
        SYSTEM,
        what="round",
        membership=membership,
        valid_from=now + timedelta(hours=1),
        valid_until=now + timedelta(days=1),
    )
    assert acting(user).grants == (grant.pk,) and acting(user).reach == before.reach
    close_grant(SYSTEM, grant=grant)
    close_grant(SYSTEM, grant=later)
    assert acting(user).grants == ()
    with pytest.raises(Conflict, match="grant_over"):
        close_grant(SYSTEM, grant=grant)


def test_every_refusal_leaves_nothing_behind(admin, make_user):
    user = make_user("far.worker", place="330481004")
    before = Membership.objects.count(), User.objects.get(pk=user.pk).password
    for act in (lambda: issue_slip(admin, user=user), lambda: disable_account(admin, user=user, reason="x")):
        with pytest.raises(DomainError):
            act()
    assert (Membership.objects.count(), User.objects.get(pk=user.pk).password) == before
