"""What can be counted: each app declares its measures over its own table; what they are for is evaluation's to say.

register_subject("station", "stations_station")
register_measure(Measure("clients.registered", "新登记服务对象", "人", table="cases_client", subject="station_id",
                         filter="registered_on >= %(start)s AND registered_on < %(end)s", …))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from core.registries import Registry
from core.scoping import Actor

Drill = Callable[[Actor, str, date, date], str]
PARAMETERS = re.compile(r"%\((?!start\)s|end\)s)|%(?!\(|%)")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number per subject and period, and how to list the records behind it.

    `expression` is an SQL aggregate over `table`, `filter` an SQL condition on its rows; both may use %(start)s and
    %(end)s (end is not included). `subject` is the column naming the subject. `additive`: sums over places and months
    mean something; its `when` and `place` columns then feed the region-tree sums (`TrackSums`). `drill(actor,
    region_code, start, end)` is the address of the list behind the number.
    """

    code: str
    name: str
    unit: str
    table: str
    grain: str = "station"
    subject: str = "station_id"
    expression: str = "count(*)"
    filter: str = "TRUE"
    additive: bool = False
    places: int = 0
    drill: Drill | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted for: a table with an id and the region code it stands under."""

    kind: str
    table: str
    id_column: str = "id"
    place: str = "region_code"


measures: Registry[Measure] = Registry("measure")
subjects: Registry[Subject] = Registry("measured subject")


def register_subject(kind: str, table: str, *, id_column: str = "id", place: str = "region_code") -> None:
    subjects.register(kind, Subject(kind, table, id_column, place))


def register_measure(measure: Measure) -> None:
    if PARAMETERS.search(measure.expression + measure.filter):
        raise ValueError(f"{measure.code}: only %(start)s and %(end)s, and %% for a percent sign")
    measures.register(measure.code, measure)


def measures_of(grain: str) -> Sequence[Measure]:
    """The declared measures of one kind of subject, in the order of a row's places."""
    return [measure for measure in measures.values() if measure.grain == grain]
