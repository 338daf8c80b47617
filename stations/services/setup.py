"""The first run: an authority, its territory, three administrators, the first station; all or nothing, once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import ADMINISTRATORS
from accounts.services import issue_slip, open_account
from accounts.services.accounts import problems_of
from accounts.services.slips import PrintedSlip
from core import audit
from core.errors import Invalid, NotFound
from core.scoping import Actor, scope
from stations.models import Installation, Region
from stations.services.memberships import give_membership
from stations.services.stations import StationInput, open_station

LOCK = 726003
FIELDS = {"username": "username", "display_name": "name"}


@dataclass(frozen=True, slots=True)
class Administrator:
    role: str
    username: str
    display_name: str


def is_open() -> bool:
    """Whether nobody has signed up yet."""
    return not User.objects.exists()


def token_path() -> Path:
    return settings.SECRETS / "setup_token"


def make_token() -> str:
    """The secret that guards the first run; made once and kept beside the other secrets."""
    path = token_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n")
    return path.read_text().strip()


def token_fits(given: str) -> bool:
    """Whether this is the secret; without one made, nothing fits."""
    path = token_path()
    kept = path.read_text().strip() if path.exists() else ""
    return bool(kept) and secrets.compare_digest(given.strip().encode(), kept.encode())


def set_up(
    *, authority: str, region_code: str, administrators: Sequence[Administrator], station_name: str, station_region: str
) -> list[PrintedSlip]:
    """Do it all. Raises NotFound once anybody exists, Invalid by field, and as the services it calls."""
    actor = Actor.system("first-run wizard")
    with scope(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if not is_open():
            raise NotFound()
        region = check_place(region_code)
        check_administrators(administrators)
        check_station(region.code, station_region)
        Installation.objects.create(authority=authority.strip(), level=region.level, region=region)
        users = [_administrator(actor, said, region) for said in administrators]
        open_station(actor, said=StationInput(name=station_name, region_code=station_region))
        slips = [issue_slip(actor, user=user) for user in users]
        audit.record(actor, "installation.set_up", region_code=region.code, level=region.level)
    with suppress(OSError):  # secrets may be mounted read-only; the token opens nothing any more
        token_path().unlink()
    return slips


def check_place(region_code: str) -> Region:
    region = Region.objects.filter(pk=region_code).first()
    if region is None or region.is_pseudo:
        raise Invalid("unknown_region", "没有这个区划。", {"region": ["请从列表中选择辖区。"]})
    return region


def check_administrators(said: Sequence[Administrator]) -> None:
    """Three roles, three people (三员分立, standards §8.2)."""
    if {person.role for person in said} != set(ADMINISTRATORS) or len(said) != len(ADMINISTRATORS):
        raise Invalid("three_administrators", "须设系统、安全、审计三名管理员。")
    names, logins = [p.display_name.strip() for p in said], [p.username.strip().lower() for p in said]
    fields: dict[str, list[str]] = {}
    for at, person in enumerate(said):
        wrong = problems_of(logins[at], names[at])
        fields |= {f"{person.role}_{FIELDS[name]}": says for name, says in wrong.items()}
        if names[at] in names[:at]:
            fields[f"{person.role}_name"] = ["三名管理员须是三个不同的人。"]
        if logins[at] in logins[:at]:
            fields[f"{person.role}_username"] = ["登录名不能相同。"]
    if fields:
        raise Invalid("bad_administrators", "三名管理员的信息有误。", fields)


def check_station(region_code: str, station_region: str) -> None:
    if len(station_region) != 9 or not station_region.startswith(region_code):
        says = "第一个社工站须在辖区内的一个乡镇（街道）。"
        raise Invalid("station_outside", says, {"station_region": [says]})


def _administrator(actor: Actor, said: Administrator, region: Region) -> User:
    user = open_account(actor, username=said.username, display_name=said.display_name)
    give_membership(actor, user=user, role=said.role, region=region, valid_from=timezone.localdate())
    return user
