"""Reading the territory: the tree, the search, one division. Divisions are public, numbers of stations the actor's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils import timezone

from core.errors import NotFound
from core.scoping import Actor
from core.scoping.actor import prefix_end
from stations.enums import StationKind, StationStatus
from stations.models import Region, RegionCount, Station

MOST_FOUND = 20
MOST_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class PlaceOption:
    """A division to choose: `leaf` when nothing stands below it, `path` names what it lies in."""

    code: str
    name: str
    leaf: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One division below another, with what of it the actor reaches."""

    region: Region
    children: int
    stations: int


def valid_on(day: date | None = None) -> Q:
    """Divisions that hold on a day (today)."""
    day = day or timezone.localdate()
    return Q(Q(valid_to=None) | Q(valid_to__gt=day), Q(valid_from=None) | Q(valid_from__lte=day))


def region(actor: Actor, code: str) -> Region:
    """One division, whether it still holds or not. Raises NotFound."""
    found = Region.objects.select_related("parent", "successor").filter(pk=code).first()
    if found is None:
        raise NotFound()
    return found


def children_of(actor: Actor, parent: str) -> QuerySet[Region]:
    """The valid divisions right below (provinces for ""), in code order; stand-ins for a missing level are left out and
    what lies below them comes up in their place."""
    below = Region.objects.filter(parent=parent or None)
    stand_ins = below.filter(is_pseudo=True)
    # Two stand-ins may follow each other (省直辖, then a county level): what lies below comes up two steps.
    rows = Region.objects.filter(
        Q(parent=parent or None) | Q(parent__in=stand_ins) | Q(parent__parent__in=stand_ins, parent__is_pseudo=True)
    )
    return rows.filter(valid_on(), is_pseudo=False).order_by("code")


def child_options(actor: Actor, parent: str) -> list[PlaceOption]:
    """What the cascade offers below a division."""
    below = Region.objects.filter(valid_on(), parent=OuterRef("pk"))
    rows = children_of(actor, parent).annotate(has_children=Exists(below))
    return [PlaceOption(code, name, not has) for code, name, has in rows.values_list("code", "name", "has_children")]


def path_to(actor: Actor, code: str) -> list[PlaceOption]:
    """From the province down to the division itself, stand-ins left out."""
    codes = [code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code)]
    rows = Region.objects.filter(pk__in=codes, is_pseudo=False).order_by("code")
    return [PlaceOption(row.code, row.name) for row in rows]


def find_regions(
    actor: Actor, text: str, *, top: str = "", limit: int = MOST_FOUND, ended: bool = False
) -> list[Region]:
    """Divisions by name, full pinyin, initials or code; several words must all be met.

    Nearest first: the exact name, then what begins with it, higher levels before lower."""
    words = text[:MOST_CHARACTERS].split()
    if not words:
        return []
    rows = Region.objects.filter(is_pseudo=False)
    if not ended:
        rows = rows.filter(valid_on())
    if top:
        rows = rows.filter(code__gte=top, code__lt=prefix_end(top))
    for word in words[:-1]:
        rows = rows.filter(_word(word, "full_name"))
    last = words[-1]
    return list(rows.filter(_word(last, "name")).annotate(rank=_rank(last), depth=Length("code")).order_by(
        "rank", "depth", "code")[:limit])  # fmt: skip


def search_options(actor: Actor, text: str, top: str = "") -> list[PlaceOption]:
    """What the search field of a form offers."""
    return [
        PlaceOption(row.code, row.name, path=row.full_name.removesuffix(row.name))
        for row in find_regions(actor, text, top=top)
    ]


def rows_below(actor: Actor, parent: str) -> list[RegionRow]:
    """The divisions right below, each with how many lie below it and how many of the actor's stations stand there."""
    rows = list(children_of(actor, parent))
    if not rows:
        return []
    inside = _numbers_below([row.code for row in rows])
    stations = _stations_by_place(actor, parent)
    return [
        RegionRow(row, inside.get(row.code, 0), sum(n for code, n in stations if code.startswith(row.code)))
        for row in rows
    ]


def counts_of(actor: Actor, code: str) -> QuerySet[RegionCount]:
    """Official numbers of a division, the newest first."""
    return RegionCount.objects.filter(region=code).order_by("what", "-as_of")


def stations_running_below(actor: Actor, code: str) -> int:
    """Stations (not points or rooms) in operation at or below a division, as far as the actor reaches."""
    rows = Station.objects.visible_to(actor).filter(kind=StationKind.STATION, status=StationStatus.RUNNING)
    return rows.filter(region_code__gte=code, region_code__lt=prefix_end(code)).count()


def _numbers_below(codes: list[str]) -> dict[str, int]:
    """How many divisions lie right below each, what stands below a stand-in counted to the division above it."""
    twice = Q(parent__is_pseudo=True, parent__parent__is_pseudo=True)
    above = Case(
        When(twice, then=F("parent__parent__parent")),
        When(parent__is_pseudo=True, then=F("parent__parent")),
        default=F("parent"),
    )
    rows = Region.objects.filter(valid_on(), is_pseudo=False).annotate(above=above).filter(above__in=codes)
    return dict(rows.values("above").annotate(number=Count("pk")).values_list("above", "number"))


def _stations_by_place(actor: Actor, parent: str) -> list[tuple[str, int]]:
    rows = Station.objects.visible_to(actor).filter(kind=StationKind.STATION).exclude(status=StationStatus.CLOSED)
    if parent:
        rows = rows.filter(region_code__gte=parent, region_code__lt=prefix_end(parent))
    return list(rows.values("region_code").annotate(number=Count("pk")).values_list("region_code", "number"))


def _word(word: str, column: str) -> Q:
    if word.isascii() and word.isdecimal():
        return Q(code__startswith=word)
    if word.isascii():
        key = word.lower()
        return (
            Q(pinyin__startswith=key) | Q(initials__startswith=key) if column == "name" else Q(full_name__contains=word)
        )
    return Q(**{f"{column}__contains": word})


def _rank(word: str) -> Case:
    key = word.lower()
    return Case(
        When(Q(name=word) | Q(code=word) | Q(pinyin=key), then=Value(0)),
        When(Q(name__startswith=word) | Q(initials=key), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
