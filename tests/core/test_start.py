"""Starting only on a database that keeps the house's promises, and saying whether one can work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from core import checks
from core.web import health
from tests import database

pytestmark = pytest.mark.django_db


def as_login(role: str):
    """A session of its own as another login: the test's own transaction cannot change who it is."""
    return database.connect(settings.DATABASE_URLS[role], connection.settings_dict["NAME"])


def test_the_web_role_may_start():
    assert checks.problems("web") == []
    checks.refuse_unsafe_start("web")


@pytest.mark.parametrize(("login", "code"), [("owner", "E002"), ("backup", "E001")])
def test_a_web_process_with_a_stronger_login_is_refused(monkeypatch, login, code):
    with as_login(login) as session:
        monkeypatch.setattr(checks, "connection", SimpleNamespace(cursor=session.cursor, close=lambda: None))
        assert code in [found for found, _ in checks.problems("web")]
        with pytest.raises(ImproperlyConfigured, match=code):
            checks.refuse_unsafe_start("web")
        assert checks.problems("owner") == [], "others than web and job do no people's work"
    session.close()


def test_answers_saved_before_they_are_on_disk_are_refused():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert [code for code, _ in checks.problems("web")] == ["E003"]


def test_health_says_every_part_by_name(client, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    answer = client.get("/healthz")
    assert answer.json() == {"ok": True, "database": True, "redis": True, "migrations": True}
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]


def test_health_is_503_when_a_part_does_not_answer(client, monkeypatch):
    def broken() -> bool:
        raise ConnectionError("redis://secret-host")

    monkeypatch.setitem(health.PARTS, "redis", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 503 and answer.json()["redis"] is False
    assert "secret-host" not in answer.content.decode()
