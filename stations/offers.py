"""What the stations app offers the frame."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.queries.reach import account_in_reach, accounts_visible
from accounts.roles import Perm
from core import frame, registries
from core.jobs import outbox, schedule
from core.registries import Found, MenuEntry, SearchSource, Todo, TodoSource
from core.scoping import Actor
from stations import actors, measures
from stations.queries import credentials, memberships, organisations, regions, stations, waiting, workers
from stations.services import recoding


def register() -> None:
    registries.actor_for_request.register("session", actors.actor_from_session)
    registries.actor_for_ids.register("membership", actors.actor_by_ids)
    finder = registries.CredentialFinder(credentials.find_credential, credentials.actor_of_credential)
    registries.actor_for_token.register("token", finder)
    entries = (
        ("accounts", MenuEntry("设置", "账号与任职", "stations:accounts", "user-shield", Perm.ACCOUNT_READ)),
        ("roles", MenuEntry("设置", "角色说明", "accounts:roles", "list-details", Perm.HOME)),
        ("back_office", MenuEntry("设置", "后台", "admin:index", "database", Perm.ACCOUNT_READ)),
    )
    for code, entry in entries:
        registries.menu.register(f"stations.{code}", entry)
    register_field()
    measures.register()
    outbox.register_task(recoding.TASK, recoding.follow_successors)
    schedule.schedule(recoding.TASK, recoding.TASK, daily="00:10")
    account_in_reach.register("membership", memberships.is_manageable)
    accounts_visible.register("membership", memberships.accounts_of_reach)


def register_field() -> None:
    """Places and people: menu, search, what waits."""
    entries = (
        (
            "stations",
            MenuEntry("站点", "社工站", "stations:stations", "building-community", Perm.STATION_READ, phone=True),
        ),
        ("workers", MenuEntry("站点", "社工队伍", "stations:workers", "id-badge", Perm.WORKER_READ)),
        ("organisations", MenuEntry("站点", "机构", "stations:organisations", "affiliate", Perm.ORGANISATION_READ)),
        ("regions", MenuEntry("设置", "行政区划", "stations:regions", "map-pin", Perm.REGION_READ)),
    )
    for code, entry in entries:
        registries.menu.register(f"stations.{code}", entry)
    for code, source in (
        ("stations", SearchSource("社工站", Perm.STATION_READ, find_stations)),
        ("workers", SearchSource("社工", Perm.WORKER_READ, find_workers)),
        ("organisations", SearchSource("机构", Perm.ORGANISATION_READ, find_organisations)),
        ("regions", SearchSource("区划", Perm.REGION_READ, find_regions)),
    ):
        registries.searches.register(f"stations.{code}", source)
    registries.todos.register("stations.operators", TodoSource(Perm.STATION_MANAGE, operators_missing))
    registries.todos.register("stations.registrations", TodoSource(Perm.WORKER_MANAGE, registrations_ending))


def find_stations(actor: Actor, text: str, limit: int) -> Sequence[Found]:
    rows = stations.find_stations(actor, text, limit)
    return [Found(one.name, frame_url("station", one.pk), one.region.full_name) for one in rows]


def find_workers(actor: Actor, text: str, limit: int) -> Sequence[Found]:
    rows = workers.find_workers(actor, text, limit)
    return [Found(name, frame_url("worker", one.pk), one.station.name) for one, name in rows]


def find_organisations(actor: Actor, text: str, limit: int) -> Sequence[Found]:
    rows = organisations.find_organisations(actor, text, limit)
    return [Found(one.name, frame_url("organisation", one.pk), one.credit_code) for one in rows]


def find_regions(actor: Actor, text: str, limit: int) -> Sequence[Found]:
    rows = regions.find_regions(actor, text, limit=limit)
    return [Found(one.name, frame_url("region", one.code), one.full_name) for one in rows]


def frame_url(name: str, key: object) -> str:
    return reverse(f"stations:{name}", args=[key])


def operators_missing(actor: Actor) -> Sequence[Todo]:
    """For those who appoint operators: an official, not the station itself."""
    number = waiting.stations_without_operator(actor) if actor.reach.is_range else 0
    where = f"{frame.url('stations:stations')}?kind=station&status=running"
    return [Todo("运行中的社工站没有登记承接机构", number, where, icon="affiliate")] if number else []


def registrations_ending(actor: Actor) -> Sequence[Todo]:
    over, soon = waiting.registrations_ending(actor)
    where = f"{frame.url('stations:workers')}?certified=yes&employment=active"
    found = []
    if over:
        found.append(Todo("社工证书登记已满三年", over, where, tone="late", icon="certificate"))
    if soon:
        found.append(Todo("社工证书登记三个月内到期", soon, where, tone="waiting", icon="certificate"))
    return found
