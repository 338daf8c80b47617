"""What the first page of each role says, read from the apps below and from what they registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.roles import Perm
from cases.enums import ClientState
from cases.models import Client
from core import frame, registries
from core.jobs.models import Job
from core.lists.counting import Count, quick_count
from core.registries import MenuEntry, Todo
from core.scoping import Actor
from stations.enums import Employment, StationStatus
from stations.models import Station, Worker

HOME_PANELS = "home"
RECENT_JOBS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that opens its list."""

    label: str
    count: Count
    unit: str
    url: str

    @property
    def kpi(self) -> dict[str, str]:
        value = f"{'约 ' if self.count.approx else ''}{self.count.number:,}"
        return {"label": self.label, "value": value, "unit": self.unit, "href": self.url}


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What somebody who has nothing yet does first."""

    text: str
    label: str
    url: str


def figures(actor: Actor) -> list[Figure]:
    """The few numbers within reach, each only for those who may open its list; counted within a bound."""
    found = []
    for label, unit, permission, rows, url in _counted(actor):
        if actor.may(permission):
            found.append(Figure(label, quick_count(rows(actor)), unit, url))
    return found


def _counted(actor: Actor) -> Sequence[tuple]:
    return (
        (
            "运行中的社工站（室、点）",
            "个",
            Perm.STATION_READ,
            running_stations,
            frame.url("stations:stations", "stations:station_list"),
        ),
        ("在岗社工", "人", Perm.WORKER_READ, active_workers, frame.url("stations:workers", "stations:worker_list")),
        ("在册服务对象", "人", Perm.CLIENT_READ, active_clients, frame.url("cases:clients")),
    )


def running_stations(actor: Actor) -> QuerySet[Station]:
    return Station.objects.visible_to(actor).filter(status=StationStatus.RUNNING)


def active_workers(actor: Actor) -> QuerySet[Worker]:
    return Worker.objects.visible_to(actor).filter(employment=Employment.ACTIVE, withdrawn_at=None)


def active_clients(actor: Actor) -> QuerySet[Client]:
    return Client.objects.visible_to(actor).filter(state=ClientState.ACTIVE)


def recent_jobs(actor: Actor) -> list[Job]:
    """My last few exports and imports."""
    return list(Job.objects.filter(user_id=actor.user_id).order_by("-id")[:RECENT_JOBS])


def panels(actor: Actor) -> list[tuple[str, str]]:
    """Label and address of what apps put on the first page, each under its own permission."""
    found = [
        (panel.label, frame.url(panel.url_name))
        for panel in registries.panels.values()
        if panel.place == HOME_PANELS and actor.may(panel.permission)
    ]
    return [(label, url) for label, url in found if url]


def next_todo(waiting: Sequence[Todo]) -> Todo | None:
    """What comes first: what is late, then what was registered first."""
    return waiting[0] if waiting else None


def first_step(actor: Actor, counted: Sequence[Figure]) -> FirstStep | None:
    """For an empty house: the one thing this role does first. None when there is something already."""
    empty = {figure.label for figure in counted if not figure.count.number}
    steps = (
        ("运行中的社工站（室、点）", Perm.STATION_MANAGE, "还没有运行中的社工站。先登记一个站，其他事都从它开始。",
         "新增社工站", "stations:station_new"),
        ("在岗社工", Perm.WORKER_MANAGE, "站里还没有社工。可以逐个登记，也可以用花名册一次导入。", "新增社工",
         "stations:worker_new"),
        ("在册服务对象", Perm.CLIENT_WRITE, "还没有服务对象。登记第一位，或用花名册一次导入。", "登记服务对象",
         "cases:client_new"),
    )  # fmt: skip
    for label, permission, text, button, name in steps:
        if label in empty and actor.may(permission) and frame.url(name):
            return FirstStep(text, button, frame.url(name))
    return None


def often(actor: Actor) -> list[tuple[MenuEntry, str]]:
    """What this role opens most: the entries of its phone bar."""
    shown_elsewhere = ("/", frame.url("core:todo"))
    return [(entry, url) for entry, url in frame.allowed_entries(actor) if entry.phone and url not in shown_elsewhere]
