"""REST lists of 50 with total against plain DRF viewsets, and what reach costs (manager and row-level security)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from unittest.mock import patch

from django.db import connection, transaction
from django.test import Client, override_settings

from accounts.roles import ROLES
from bench import people
from bench.database import as_owner, throwaway
from bench.table import Row, faster, within
from bench.timing import alternate
from core.scoping import Actor, ScopedQuerySet, scope
from stations.models import Membership
from stations.services.credentials import issue_credential

ENTRY = "rest_list"
CLIENTS, ROUNDS = 300_000, 60
STATIONS = 3_000


def run(factor: float) -> list[Row]:
    """Whole answers in process, both sides with a token of the same user, 50 rows and the total."""
    from bench.peers import plain_api

    with throwaway(ENTRY) as database, override_settings(ROOT_URLCONF="bench.peers.plain_api"):
        return _measure(database, plain_api, int(STATIONS * factor) or 100, int(CLIENTS * factor) or 1000)


def _measure(database: str, peer: ModuleType, stations: int, clients: int) -> list[Row]:
    from bench.peers.plain_list import TABLES

    with as_owner(database) as owner:
        owner.execute(TABLES + peer.STATIONS)
    caller = credential()
    places = people.stations(stations)
    people.stations_in_clear(places)
    with scope(Actor.system("bench: the peer's stations")), connection.cursor() as cursor:
        cursor.execute(peer.FILL)
    for chunk in people.clients(places, 0, clients):
        people.in_clear(chunk)
    with as_owner(database) as owner:
        owner.execute(
            "VACUUM ANALYZE cases_client, cases_clientcategory, bench_client, stations_station, bench_station"
        )
    times = alternate(
        {
            "stations": lambda: asked(caller, "/api/v1/stations/"),
            "plain stations": lambda: asked(caller, "/plain-api/stations/"),
            "clients": lambda: asked(caller, "/api/v1/clients/"),
            "plain clients": lambda: asked(caller, "/plain-api/clients/"),
        },
        rounds=ROUNDS,
    )
    return [
        faster(f"REST list of {stations:,} stations", ours=times["stations"], peer=times["plain stations"], unit="ms",
               times=4),
        faster(f"REST list of {clients:,} clients", ours=times["clients"], peer=times["plain clients"], unit="ms",
               times=2.5),
        scope_cost(database, caller),
    ]  # fmt: skip


def scope_cost(database: str, caller: Client) -> Row:
    """The same answer with both locks on, and with both taken off (the web role reads the table directly)."""
    with as_owner(database) as owner:
        owner.execute("""
            GRANT SELECT ON cases_client, cases_clientcategory, stations_station, stations_worker TO qianshou_web;
            CREATE POLICY bench_open ON cases_client TO qianshou_web USING (true);
            CREATE POLICY bench_open ON cases_clientcategory TO qianshou_web USING (true);
            CREATE POLICY bench_open ON stations_station TO qianshou_web USING (true);
            CREATE POLICY bench_open ON stations_worker TO qianshou_web USING (true);
        """)
    times = alternate(
        {
            "on": lambda: asked(caller, "/api/v1/clients/"),
            "off": lambda: unlocked(caller, "/api/v1/clients/"),
        },
        rounds=ROUNDS,
    )
    return within("reach (manager and row-level security) on a list", ours=times["on"] / times["off"], limit=1.10,
                  unit="×", says="costs < 10 %")  # fmt: skip


def unlocked(caller: Client, url: str) -> None:
    with patch("core.scoping.transaction._carry", lambda actor, **_: None), without_manager():
        asked(caller, url)


@contextmanager
def without_manager() -> Iterator[None]:
    with patch.object(ScopedQuerySet, "visible_to", lambda rows, actor: rows._said()), transaction.atomic():
        yield


def credential() -> Client:
    """An official's rights by token, so that both sides pass the same kind of door."""
    user = people.member("official")
    user.is_system = True
    user.save()
    scopes = frozenset(map(str, ROLES["official"].permissions))
    membership = Membership.objects.get(user=user)
    _, secret = issue_credential(
        Actor.system("bench"), membership=membership, name="bench", scopes=scopes, per_minute=1_000_000
    )
    return Client(headers={"authorization": f"Token {secret}"})


def asked(caller: Client, url: str) -> None:
    answer = caller.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code} {answer.content[:200]!r}")
