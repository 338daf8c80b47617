"""What the field can count: stations in operation and the people who work there, as known on the day of the run.

The staffing standard (001-07) compares two of these (`workers`, `certified`) with its rule; it is no number of its own.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from core.frame import url
from core.measures.known import Drill, Measure, register_measure, register_subject
from core.scoping import Actor
from stations.enums import StationKind

IN_POST = (
    "withdrawn_at IS NULL AND (started_on IS NULL OR started_on < %(end)s) AND (left_on IS NULL OR left_on >= %(end)s)"
)
CERTIFIED = "certificate <> 'none' AND (registered_on IS NULL OR registered_on < %(end)s)"
OPERATING = "status = 'running' AND (founded_on IS NULL OR founded_on < %(end)s)"


@cache
def listed(route: str, query: str) -> Drill:
    """The list behind a number: the same rows, below the division asked."""

    def drill(actor: Actor, region_code: str, start: date, end: date) -> str:
        return f"{url(route)}?region={region_code}&{query}"

    return drill


def register() -> None:
    register_subject("station", "stations_station")
    for kind in StationKind:
        register_measure(
            Measure(
                f"stations.running_{kind.value}",
                f"运行中的{kind.label}",
                "个",
                table="stations_station",
                subject="id",
                filter=f"kind = '{kind.value}' AND {OPERATING}",
                drill=listed("stations:stations", f"kind={kind.value}&status=running"),
            )
        )
    workers: tuple[tuple[str, str, str, str], ...] = (
        ("workers", "在岗社工", IN_POST, "employment=active"),
        ("certified", "在岗持证社工", f"{IN_POST} AND {CERTIFIED}", "certified=yes&employment=active"),
    )
    for code, name, condition, query in workers:
        register_measure(
            Measure(
                f"stations.{code}",
                name,
                "人",
                table="stations_worker",
                filter=condition,
                drill=listed("stations:workers", query),
            )
        )
