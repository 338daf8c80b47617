"""The demonstration's places and people: laid once, completed when asked again."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core.measures.queries import values
from core.measures.services import compute_run
from core.scoping import Actor, scope
from stations.demonstration import SIGN_INS, lay_places_and_people
from stations.models import Membership, Organisation, Station, StationProfile, Worker

pytestmark = pytest.mark.django_db
# Hashing thirty passwords is not what this tests.
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_it_is_laid_once_and_tells_what_the_seeds_tell(settings):
    settings.PASSWORD_HASHERS = QUICK
    actor = Actor.system("a test looks everywhere")
    lay_places_and_people("Qianshou-2026-demo")
    with scope(actor):
        everything = lambda: [  # noqa: E731
            Organisation.objects.count(), User.objects.count(), Membership.objects.count(),
            Station.objects.visible_to(actor).count(), Worker.objects.visible_to(actor).count(),
        ]  # fmt: skip
        first = everything()
        naidong = Station.objects.visible_to(actor).filter(region_code__startswith="540502", kind="station")
        assert naidong.count() == 7  # 002-08
        profile = StationProfile.objects.visible_to(actor).get(station__region_code="540502001")
        assert (profile.residents, profile.ethnic_groups, profile.mixed_families) == (53524, 25, 38)  # 002-07
        assert User.objects.filter(username__in=[one.username for one in SIGN_INS]).count() == len(SIGN_INS)
        assert Membership.objects.get(user__username="supervisor.hunan").named_stations.count() == 7
        linked = Worker.objects.visible_to(actor).exclude(user=None).values_list("user__username", flat=True)
        assert "worker.zedang" in linked
    lay_places_and_people("Qianshou-2026-demo")
    with scope(actor):
        assert everything() == first


def test_it_refuses_outside_a_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo", password="Qianshou-2026-demo")


def test_the_credential_of_the_external_system_is_printed_once(settings, capsys):
    settings.PASSWORD_HASHERS, settings.DEMO = QUICK, True
    call_command("demo", password="Qianshou-2026-demo")
    call_command("demo_token", "external.demo")
    secret = capsys.readouterr().out.split()[-1]
    assert len(secret) >= 32
    with pytest.raises(CommandError):
        call_command("demo_token", "worker.zedang")


def test_the_measures_count_what_the_demonstration_laid(settings):
    settings.PASSWORD_HASHERS = QUICK
    lay_places_and_people("Qianshou-2026-demo")
    period = (date(2026, 1, 1), date(2027, 1, 1))
    compute_run("station", *period)
    actor = Actor.system("a test reads the measures")
    with scope(actor):
        maqiao = Station.objects.visible_to(actor).get(region_code="330481004")
        counted = {
            code: next(one.value for one in values(actor, f"stations.{code}", period) if one.subject_id == maqiao.pk)
            for code in ("running_station", "workers", "certified")
        }
    assert counted == {"running_station": 1, "workers": 6, "certified": 4}
