"""The administrator's pages, the back office, the roles in plain words."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import OneTimeSlip, User
from accounts.roles import ROLES
from stations.actors import valid_memberships
from stations.models import Membership
from tests.accounts.conftest import sign_in
from tests.personas import ensure_station, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(make_user) -> Client:
    return signed_in(valid_memberships(make_user("naidong.admin", "admin_system", "540502").pk)[0])


def test_an_account_is_opened_placed_and_its_slip_printed(admin, client):
    station = ensure_station("540502001")
    opened = admin.post("/accounts/new/", {"username": "New.Worker", "display_name": "新人（示范）"})
    user = User.objects.get(username="new.worker")
    assert opened.headers["Location"] == f"/accounts/{user.pk}/memberships/new/"
    said = {"role": "worker", "place": "station", "stations": station.name, "valid_from": "2022-01-01"}
    assert admin.post(opened.headers["Location"], said).headers["Location"] == f"/accounts/{user.pk}/"
    printed = admin.post(f"/accounts/{user.pk}/slip/")
    assert "no-store" in printed.headers["Cache-Control"]
    code = re.search(r"([A-Z0-9]{4}-){3}[A-Z0-9]{4}", printed.content.decode())[0]
    assert sign_in(client, "new.worker", code).status_code == 302
    assert code not in admin.get(f"/accounts/{user.pk}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"place": "station", "stations": "没有这个站"}, "没有找到“没有这个站”"),
        ({"place": "region", "region": ""}, "请填写区划"),
        ({"place": "region", "region": "330481"}, "不在您的范围内"),
        ({"place": "nation"}, "不在您的范围内"),
        ({"place": "organisation", "organisation": "没有的机构"}, "没有找到这个机构"),
        ({"place": "region", "region": "540502", "role": "emperor"}, "有 1 处要改"),
        ({"place": "region", "region": "540502", "valid_from": "昨天"}, "请按 年-月-日 填写"),
        ({"place": "region", "region": "540502", "valid_to": "2021-01-01"}, "截止日须晚于起始日"),
    ],
)
def test_a_membership_that_cannot_be_is_told_beside_its_field(admin, make_user, wrong, field):
    user = make_user("a.worker")
    before = Membership.objects.count()
    said = {"role": "worker", "valid_from": "2022-01-01", **wrong}
    answer = admin.post(f"/accounts/{user.pk}/memberships/new/", said)
    assert answer.status_code == 422 and field in answer.content.decode()
    assert Membership.objects.count() == before


def test_the_list_shows_whom_one_manages_and_nobody_else(admin, make_user):
    make_user("near.worker")
    far = make_user("far.worker", place="330481004")
    page = admin.get("/accounts/").content.decode()
    assert "near.worker" in page and "far.worker" not in page
    assert "far.worker" not in admin.post("/accounts/", {"q": "far.work"}).content.decode()
    for path in (f"/accounts/{far.pk}/", f"/accounts/{far.pk}/memberships/new/"):
        assert admin.get(path).status_code == 404
    for act in ("slip", "disable", "enable"):
        assert admin.post(f"/accounts/{far.pk}/{act}/", {"reason": "试"}).status_code == 404
    assert not OneTimeSlip.objects.filter(user=far).exists()
    membership = Membership.objects.get(user=far)
    assert admin.post(f"/accounts/memberships/{membership.pk}/end/", {"reason": "试"}).status_code == 404


def test_ending_a_membership_asks_for_a_reason(admin, make_user):
    membership = Membership.objects.get(user=make_user("a.worker"))
    assert admin.post(f"/accounts/memberships/{membership.pk}/end/").status_code == 422
    assert admin.post(f"/accounts/memberships/{membership.pk}/end/", {"reason": "调离"}).status_code == 302
    membership.refresh_from_db()
    assert membership.revoked_at and membership.revoked_by_id


def test_a_worker_has_no_account_pages_and_no_menu_entry_to_them(client, make_user):
    user = make_user("a.worker")
    sign_in(client, "a.worker")
    for path in ("/accounts/", "/accounts/new/", f"/accounts/{user.pk}/", "/admin/", "/admin/accounts/user/"):
        assert client.get(path).status_code == 403, path
    assert "/accounts/" not in client.get("/me/").content.decode().replace("/accounts/switch", "")


def test_every_role_stands_in_plain_words_on_one_page(client, make_user):
    make_user("a.worker")
    sign_in(client, "a.worker")
    page = client.get("/roles/").content.decode()
    assert all(role.label in page and role.says in page for role in ROLES.values())


def test_the_back_office_shows_what_lies_within_reach(admin, make_user):
    make_user("near.worker")
    far = make_user("far.worker", place="330481004")
    near_station, far_station = ensure_station("540502001"), ensure_station("330481004")
    assert admin.get("/admin/").status_code == 200
    users = admin.get("/admin/accounts/user/").content.decode()
    assert "near.worker" in users and "far.worker" not in users
    assert "far.worker" not in admin.get("/admin/stations/membership/").content.decode()
    stations = admin.get("/admin/stations/station/").content.decode()
    assert near_station.name in stations and far_station.name not in stations
    assert admin.get(f"/admin/accounts/user/{far.pk}/change/").status_code == 302, "as if it were not there"
    assert admin.get(f"/admin/stations/station/{far_station.pk}/change/").status_code == 302


def test_the_back_office_changes_no_business_record(admin, make_user):
    user, station = make_user("near.worker"), ensure_station("540502001")
    for path in (
        "/admin/accounts/user/add/",
        "/admin/stations/station/add/",
        f"/admin/stations/station/{station.pk}/delete/",
    ):
        assert admin.get(path).status_code == 403
    assert admin.post(f"/admin/accounts/user/{user.pk}/change/", {"username": "hacked"}).status_code == 403
    user.refresh_from_db()
    assert user.username == "near.worker"


def test_an_official_number_is_entered_in_the_back_office_with_a_row_in_the_trail(admin):
    from core.audit.models import AuditEvent
    from stations.models import RegionCount

    said = {"region": "540502", "what": "residents", "as_of": "2021-06-15", "value": "81608", "source": "002-07"}
    assert admin.post("/admin/stations/regioncount/add/", said).status_code == 302
    assert RegionCount.objects.filter(region_id="540502", value=81608).exists()
    assert AuditEvent.objects.filter(act="regioncount.added").exists()


def test_the_back_office_has_no_sign_in_of_its_own(client):
    assert client.get("/admin/login/").headers["Location"].startswith("/sign-in/")
    assert client.get("/admin/").headers["Location"].startswith("/sign-in/")


def test_a_form_begun_before_the_session_ended_is_offered_again(client, make_user):
    make_user("naidong.admin", "admin_system", "540502")
    membership = Membership.objects.get()
    first = signed_in(membership)
    kept = first.post("/drafts/accounts.new/", {"display_name": "央金（示范）", "username": "yangjin"})
    assert kept.status_code == 204
    first.logout()
    again = signed_in(membership)
    assert "没填完的草稿" in again.get("/accounts/new/").content.decode()
    assert "yangjin" in again.get("/accounts/new/?draft=1").content.decode()
    again.post("/accounts/new/", {"display_name": "央金（示范）", "username": "yangjin"})
    assert "没填完的草稿" not in again.get("/accounts/new/").content.decode()
