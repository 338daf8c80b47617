"""Objects of each kind at each place, made as the system; each carries a text nobody out of reach may ever read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.identifiers.resident_id import expected_check
from core.scoping import Actor, scope

# own street, sibling street of the same county, another province, a third province
PLACES = {"zedang": "540502001", "sibling": "540502101", "province": "330481004", "third": "440304004"}
JOB_OWNERS = ("worker.zedang", "head.maqiao")
MISSING = {
    "measure": "no.such.measure",
    "account": "999999999",
    "outbox": "999999999",
    "region": "990000",
    "rule": "no.such.rule",
}
NOBODY = "01970000-0000-7000-8000-000000000000"
SYSTEM = Actor.system("objects of the matrix")


@dataclass(frozen=True)
class Thing:
    """One object: where it stands (None: not a scoped kind) and what gives it away."""

    kind: str
    label: str
    id: str
    region_code: str | None = None
    station_id: UUID | None = None
    parent: str = ""
    canaries: tuple[str, ...] = ()
    owner: int | None = None

    def within(self, actor: Actor) -> bool:
        """Whether this actor may come near it: by its place, or because it is this person's own."""
        if self.owner is not None:
            return self.owner == actor.user_id
        return self.region_code is not None and actor.reach.covers(self.region_code, self.station_id)


def missing(kind: str) -> Thing:
    return Thing(kind, "missing", MISSING.get(kind, NOBODY), parent=NOBODY)


def lay_objects() -> list[Thing]:
    """Station, worker, client (one active, one withdrawn) and consent at each of PLACES."""
    with scope(SYSTEM):
        placed = [thing for serial, (label, code) in enumerate(PLACES.items()) for thing in _at(serial, label, code)]
    return placed + [_job(username) for username in JOB_OWNERS]


def _job(username: str) -> Thing:
    """A job somebody asked for, cancelled before it began: nobody else may see its title."""
    from core.jobs.models import Job, JobState
    from tests.personas import ensure_membership

    held, canary = ensure_membership(username), f"金丝雀任务{username}"
    job = Job.objects.create(
        kind="matrix", title=canary, user=held.user, membership_id=held.pk, state=JobState.CANCELLED
    )
    return Thing("job", username, str(job.pk), canaries=(str(job.pk), canary), owner=held.user_id)


def _number(code: str, serial: int) -> str:
    digits = f"{code[:4]}991980010{1 + serial % 9}{200 + serial:03}"
    return digits + expected_check(digits)


def _at(serial: int, label: str, code: str) -> list[Thing]:
    from cases.models import Consent
    from cases.services import withdraw_client
    from cases.services.checking import ClientInput
    from cases.services.clients import register_client
    from stations.services.checking import WorkerInput
    from stations.services.workers import register_worker
    from tests.personas import ensure_station

    station, canary = ensure_station(code), f"金丝雀{label}"
    type(station).objects.visible_to(SYSTEM).filter(pk=station.pk).update(address=canary, name=f"{canary}站")
    worker = register_worker(SYSTEM, station_id=station.pk, said=WorkerInput(
        name="示范社工", id_number=_number(code, serial), phone="13900010000", post=f"{canary}岗",
        started_on=date(2023, 1, 3), is_example=True))  # fmt: skip
    people = [register_client(SYSTEM, station_id=station.pk, said=ClientInput(
        name="示范" + "甲乙"[turn], id_number=_number(code, 20 + 2 * serial + turn), address=canary,
        community=canary, consent_on=date(2026, 1, 5), is_example=True)) for turn in (0, 1)]  # fmt: skip
    withdraw_client(SYSTEM, client_id=people[1].pk, version=people[1].version, reason="矩阵用的撤下的档案")
    consent = Consent.objects.visible_to(SYSTEM).filter(client=people[0]).first()

    def thing(kind: str, row: Any, how: str = "", parent: str = "") -> Thing:
        texts = (canary,) if kind == "station" else ()
        return Thing(kind, label + how, str(row.pk), code, station.pk, parent, (str(row.pk), *texts))

    return [thing("station", station), thing("worker", worker), thing("client", people[0]),
            thing("client", people[1], "-withdrawn"), thing("consent", consent, parent=str(people[0].pk))]  # fmt: skip
