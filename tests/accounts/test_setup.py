"""The first run: guarded by a token, three people, all or nothing, and gone afterwards."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from accounts.models import User
from core.scoping import Actor, scope
from stations.models import Installation, Membership, Station
from stations.services.setup import make_token
from tests.accounts.conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(settings, tmp_path) -> str:
    settings.SECRETS = tmp_path
    return make_token()


@pytest.fixture
def said(token) -> dict[str, str]:
    return {
        "token": token,
        "authority": "乃东区民政局（示范）",
        "region": "540502",
        "admin_system_name": "甲（示范）",
        "admin_system_username": "first.system",
        "admin_security_name": "乙（示范）",
        "admin_security_username": "first.security",
        "admin_audit_name": "丙（示范）",
        "admin_audit_username": "first.audit",
        "station_region": "540502001",
        "station_name": "泽当街道社工站",
    }


def stations() -> list[str]:
    with scope(Actor.system("a test looks")):
        return list(Station.objects.unscoped("a test looks").values_list("name", flat=True))


def test_step_by_step_to_three_slips_and_then_it_is_gone(client, said):
    assert client.get("/sign-in/").headers["Location"] == "/setup/"
    assert "首次设置" in client.get("/setup/").content.decode()
    names = list(said)
    for step, until in ((0, 3), (1, 9)):
        page = client.post("/setup/", {"step": step, **{name: said[name] for name in names[:until]}})
        assert page.status_code == 200 and f"第 {step + 2} 步" in page.content.decode()
        assert not User.objects.exists(), "nothing is stored before the last press"
    done = client.post("/setup/", {"step": 2, **said})
    codes = re.findall(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}", done.content.decode())
    assert len(codes) == 3
    assert Installation.objects.get().authority == "乃东区民政局（示范）"
    assert set(Membership.objects.values_list("role", "region_id")) == {
        ("admin_system", "540502"), ("admin_security", "540502"), ("admin_audit", "540502"),
    }  # fmt: skip
    assert stations() == ["泽当街道社工站"]
    assert sign_in(client, "first.system", codes[0]).status_code == 302
    for path in ("/setup/", "/setup/regions/children/", "/setup/regions/search/?q=x"):
        assert client.get(path).status_code == 404
    assert client.post("/setup/", {"step": 2, **said}).status_code == 404
    assert User.objects.count() == 3


@pytest.mark.parametrize("token_given", ["", "wrong"])
def test_a_stranger_without_the_token_gets_nowhere(client, said, token_given):
    for step in (0, 1, 2):
        answer = client.post("/setup/", {"step": step, **said, "token": token_given})
        assert answer.status_code == 422
    assert not User.objects.exists()


def test_without_a_token_made_nothing_fits(client, said, settings, tmp_path):
    settings.SECRETS = tmp_path / "empty"
    assert client.post("/setup/", {"step": 2, **said, "token": ""}).status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"region": "999999"}, "请从列表中选择辖区"),
        ({"admin_audit_name": "甲（示范）"}, "三个不同的人"),
        ({"admin_audit_username": "First.System"}, "登录名不能相同"),
        ({"admin_audit_username": "张三"}, "登录名为"),
        ({"station_region": "330481004"}, "须在辖区内"),
        ({"station_region": "540502"}, "须在辖区内"),
        ({"station_name": ""}, "请填写社工站名称"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(client, said, change, says):
    answer = client.post("/setup/", {"step": 2, **said, **change})
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not User.objects.exists() and not Installation.objects.exists() and stations() == []


def test_the_wizard_offers_places_without_a_sign_in(client, token):
    top = client.get("/setup/regions/children/?parent=").json()
    assert len(top) == 31
    assert any(place["code"] == "540502" for place in client.get("/setup/regions/search/?q=乃东").json())


def test_the_command_prints_the_token_until_somebody_exists(token, capsys, make_user):
    User.objects.all().delete()
    call_command("setup_token")
    assert capsys.readouterr().out.strip() == token
    make_user("a.worker")
    call_command("setup_token")
    assert capsys.readouterr().out == ""
