"""Reading stations: lists, one station with everything dated about it, choices for forms and filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core.errors import NotFound
from core.scoping import Actor
from stations.enums import STATUS_MOVES, Certificate, Employment, OperatorRole, StationKind, StationStatus
from stations.models import (
    Organisation,
    Station,
    StationOperator,
    StationProfile,
    StationStatusChange,
    Worker,
)

# 海宁's staffing standard (001-07), shown as required against actual; a dated rule once rules are looked up here.
STAFF_REQUIRED, CERTIFIED_REQUIRED = 6, 4
MOST_CHOICES = 500


@dataclass(frozen=True, slots=True)
class Staffing:
    """Workers in post, and how many of them hold a certificate, against the standard (001-07)."""

    workers: int
    certified: int
    required: int = STAFF_REQUIRED
    certified_required: int = CERTIFIED_REQUIRED

    @property
    def is_met(self) -> bool:
        return self.workers >= self.required and self.certified >= self.certified_required


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a station on a day."""

    on: date
    what: str
    detail: str = ""
    icon: str = "circle-dot"


@dataclass(frozen=True, slots=True)
class StationPage:
    """One station with what its page shows; five queries."""

    station: Station
    profiles: list[StationProfile]
    operators: list[StationOperator]
    points: list[Station]
    steps: list[Step]
    staffing: Staffing
    moves: list[StationStatus]


def stations(actor: Actor) -> QuerySet[Station]:
    return Station.objects.visible_to(actor)


def station(actor: Actor, pk: UUID) -> Station:
    """Raises NotFound for one that is missing or beyond reach."""
    rows = Station.objects.visible_to(actor).select_related("region", "operator", "parent")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def station_page(actor: Actor, pk: UUID) -> StationPage:
    """Raises NotFound."""
    one = station(actor, pk)
    profiles = list(StationProfile.objects.visible_to(actor).filter(station=pk).order_by("-as_of"))
    operators = list(
        StationOperator.objects.visible_to(actor)
        .filter(station=pk)
        .select_related("organisation")
        .order_by("-valid_from")
    )
    changes = list(StationStatusChange.objects.visible_to(actor).filter(station=pk).order_by("-since", "-id"))
    points = list(Station.objects.visible_to(actor).filter(parent=pk).order_by("kind", "id"))
    moves = [status for status in StationStatus if status in STATUS_MOVES[StationStatus(one.status)]]
    return StationPage(
        one, profiles, operators, points, _steps(profiles, operators, changes), staffing(actor, pk), moves
    )


def staffing(actor: Actor, pk: UUID) -> Staffing:
    in_post = Worker.objects.visible_to(actor).filter(station=pk, employment=Employment.ACTIVE, withdrawn_at=None)
    counted = in_post.aggregate(workers=Count("pk"), certified=Count("pk", filter=~Q(certificate=Certificate.NONE)))
    return Staffing(**counted)


def _steps(
    profiles: list[StationProfile], operators: list[StationOperator], changes: list[StationStatusChange]
) -> list[Step]:
    """Everything dated, the latest first."""
    steps = [Step(row.since, f"状态：{row.get_status_display()}", row.reason, "flag") for row in changes]
    steps += [Step(row.as_of, "登记站点概况", row.source, "clipboard-list") for row in profiles]
    for row in operators:
        part = OperatorRole(row.role).label
        steps.append(Step(row.valid_from, f"{part}：{row.organisation.name}", "", "affiliate"))
        if row.valid_to:
            steps.append(Step(row.valid_to, f"{part}结束：{row.organisation.name}", "", "affiliate"))
    return sorted(steps, key=lambda step: step.on, reverse=True)


def station_choices(actor: Actor, *, kinds: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Stations within reach, for filters and forms; the first 500 (a wider reach chooses by region first)."""
    rows = Station.objects.visible_to(actor).exclude(status=StationStatus.CLOSED)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    named = rows.order_by("region_code", "id").values_list("pk", "name")[:MOST_CHOICES]
    return [(str(pk), name) for pk, name in named]


def parent_choices(actor: Actor) -> list[tuple[str, str]]:
    """Stations a point or room may hang on."""
    return station_choices(actor, kinds=(StationKind.STATION,))


def find_stations(actor: Actor, text: str, limit: int) -> list[Station]:
    """By a part of the name, or by initials."""
    by = {"initials__startswith": text.lower()} if text.isascii() else {"name__contains": text}
    rows = Station.objects.visible_to(actor).filter(**by).select_related("region")
    return list(rows.order_by("initials", "id")[:limit])


def operators_seen(actor: Actor) -> list[tuple[str, str]]:
    """Organisations that run a station within reach: the choices of a filter."""
    ids = Station.objects.visible_to(actor).exclude(operator=None).values("operator")
    rows = Organisation.objects.filter(pk__in=ids).order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows[:MOST_CHOICES]]
