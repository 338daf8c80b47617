"""The roster: putting workers on it and changing what it says. Page, API and import come through the same door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.roles import Perm
from core import audit
from core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from core.identifiers.uuid7 import uuid7
from core.privacy import crypto
from core.privacy.identity import identity_columns
from core.scoping import Actor, service
from stations.enums import StationStatus
from stations.models import Organisation, Station, Worker
from stations.queries.indexes import KIND, number_index
from stations.services.checking import REASON_MIN, Checked, Problem, WorkerInput, check_worker

SEALED = ("name", "id_number", "phone", "address")
PLAIN = (
    "document_type", "birth_date", "sex", "post", "certificate", "certificate_number", "registered_on",
    "employment", "started_on", "left_on", "organisation_id",
)  # fmt: skip
EDITABLE = frozenset((*SEALED, *PLAIN, "mismatch_reason"))
IDENTIFYING = frozenset({"document_type", "id_number", "birth_date", "sex", "mismatch_reason"})
# Papers whose number follows GB 11643 and so tells birth date and sex.
TELLING = {"resident_id", "household_book", "hk_macao_permit", "taiwan_permit"}
CHUNK = 1000
EXPLAINED = "登记时已说明"
CHANGED_MEANWHILE = "这名社工的档案刚被别人改过；您填的内容没有丢，请核对后再保存。"
TAKEN_ELSEWHERE = Problem(
    "id_number",
    "id_number_not_accepted",
    "这个证件号码目前不能在本站登记。请核对原件；确认无误的，请联系区县主管部门核实。",
)
CONFLICTS = {"id_number_registered", "id_number_not_accepted", "changed_meanwhile"}


@dataclass(frozen=True, slots=True)
class WorkerChange:
    """What is to stand in a worker's record: field of WorkerInput → value, for the version somebody saw."""

    worker_id: UUID
    version: int
    fields: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "WorkerChange(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What became of one row (numbered as given, from 0). `id` is None when it was refused or only checked.

    `changed`: names of the fields an update changed. `before`: what stood in them, sealed under the person's key, for
    an import to keep; `open_before` reads it.
    """

    row: int
    id: UUID | None = None
    version: int = 1
    problems: tuple[Problem, ...] = ()
    changed: tuple[str, ...] = ()
    before: bytes | None = None

    @property
    def done(self) -> bool:
        return self.id is not None


@service
def register_worker(actor: Actor, *, station_id: UUID, said: WorkerInput) -> Worker:
    """Put one worker on the roster, or raise why not: Forbidden, NotFound, Refused, Invalid or Conflict by field."""
    [outcome] = register_workers(actor, station_id=station_id, rows=[said])
    if outcome.problems:
        raise refusal(outcome)
    return Worker.objects.visible_to(actor).get(pk=outcome.id)


@service
def register_workers(
    actor: Actor, *, station_id: UUID, rows: Sequence[WorkerInput], channel: str = ""
) -> list[Outcome]:
    """Put workers on the roster of one station; each good row is written, each bad one says why it was not.

    One transaction. Raises Forbidden, NotFound (station), Refused (station closed). A number registered beyond reach is
    answered neutrally: only that it cannot be registered here.
    """
    station = roster_station(actor, station_id)
    checked = _screen(actor, station, rows)
    good = [row for row in checked if not row.problems]
    for start in range(0, len(good), CHUNK):
        _insert(actor, station, good[start : start + CHUNK])
    _record(actor, "worker.register", station, [row.id for row in good if row.id], channel)
    return [Outcome(row.row, None if row.problems else row.id, problems=tuple(row.problems)) for row in checked]


def check_workers(actor: Actor, *, station_id: UUID, rows: Sequence[WorkerInput]) -> list[Outcome]:
    """What `register_workers` would refuse, without writing: an import's check. Within the caller's scope."""
    checked = _screen(actor, roster_station(actor, station_id), rows)
    return [Outcome(row.row, problems=tuple(row.problems)) for row in checked]


@service
def update_worker(actor: Actor, *, change: WorkerChange) -> Worker:
    """Change one record, or raise why not: NotFound, Conflict (`changed_meanwhile`), Invalid by field."""
    [outcome] = update_workers(actor, changes=[change])
    if outcome.problems:
        raise refusal(outcome)
    return Worker.objects.visible_to(actor).get(pk=change.worker_id)


@service
def update_workers(
    actor: Actor, *, changes: Sequence[WorkerChange], channel: str = "", check_only: bool = False
) -> list[Outcome]:
    """Change a set of records; each good one is written, each bad one says why it was not.

    A change that changes nothing writes nothing (`changed` is empty, the version stays).
    """
    actor.require(Perm.WORKER_MANAGE)
    rows = Worker.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    ids = [change.worker_id for change in changes]
    workers = {worker.pk: worker for worker in rows.filter(pk__in=ids, withdrawn_at=None).order_by("pk")}
    outcomes = [
        _change(place, change, workers.get(change.worker_id), check_only) for place, change in enumerate(changes)
    ]
    _record_changes(actor, workers, [outcome for outcome in outcomes if outcome.changed and outcome.done], channel)
    return outcomes


@service
def withdraw_workers(actor: Actor, *, seen: Sequence[tuple[UUID, int]], reason: str, channel: str = "") -> set[UUID]:
    """Take records entered by mistake off the roster: (id, version somebody saw). Returns those that went; a record
    touched since is left alone."""
    actor.require(Perm.WORKER_MANAGE)
    if len(reason.strip()) < REASON_MIN:
        raise Refused("reason_missing", "请写明原因（至少 4 个字）。")
    versions = dict(seen)
    rows = Worker.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    found = [
        worker
        for worker in rows.filter(pk__in=versions, withdrawn_at=None).order_by("pk")
        if worker.version == versions[worker.pk]
    ]
    ids = {worker.pk for worker in found}
    Worker.objects.visible_to(actor).filter(pk__in=ids).update(withdrawn_at=timezone.now(), version=F("version") + 1)
    for station, part in _by_station(found):
        _record(actor, "worker.withdraw", station, part, channel, reason=reason)
    return ids


@service
def transfer_worker(actor: Actor, *, worker_id: UUID, version: int, station_id: UUID) -> Worker:
    """The worker works at another station within the same reach from now on. Raises NotFound, Conflict, Refused."""
    station = roster_station(actor, station_id)
    worker = _lock(actor, worker_id)
    if worker.version != version:
        raise Conflict("changed_meanwhile", CHANGED_MEANWHILE)
    try:
        with transaction.atomic():
            Worker.objects.visible_to(actor).filter(pk=worker_id).update(
                station=station, region_code=station.region_code, id_county=station.region_code[:6], version=version + 1
            )
    except IntegrityError as error:
        raise Conflict(TAKEN_ELSEWHERE.code, TAKEN_ELSEWHERE.message) from error
    _record(actor, "worker.transfer", station, [worker_id], "", came_from=worker.region_code)
    return Worker.objects.visible_to(actor).get(pk=worker_id)


REVEALABLE = {"id_number": "证件号码", "phone": "电话", "address": "住址"}


@service
def reveal_worker(actor: Actor, *, worker_id: UUID, field: str, reason: str) -> str:
    """One value in full, and its audit row with the reason. Raises Forbidden, NotFound, Refused, Invalid."""
    actor.require(Perm.WORKER_MANAGE)
    if len(reason.strip()) < REASON_MIN:
        raise Refused("reason_missing", "请写明查看的原因（至少 4 个字）。")
    if field not in REVEALABLE:
        raise Invalid("field.unknown", "没有这一项。")
    worker = _lock(actor, worker_id)
    value: str = getattr(worker.particulars(), field)
    _record(actor, "worker.reveal", worker.station, [worker.pk], "", reason=reason, field=field)
    return value


def stands(worker: Worker) -> WorkerInput:
    """The record as an input would say it: what a form shows and a change starts from. Raises ErasedPerson."""
    particulars = worker.particulars()
    sealed = {name: getattr(particulars, name) for name in SEALED}
    return WorkerInput(**sealed, **{name: getattr(worker, name) for name in PLAIN})


def open_before(worker: Worker, before: bytes) -> dict[str, Any]:
    """What stood in the fields an update changed, as `WorkerChange.fields` takes it."""
    plain = crypto.open_sealed(bytes(worker.person_key or b""), before, context=_before_context(worker.pk))
    said = orjson.loads(plain)
    days = {"birth_date", "registered_on", "started_on", "left_on"}
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in said.items()}


def roster_station(actor: Actor, station_id: UUID) -> Station:
    """The station whose roster this is. Raises Forbidden, NotFound, Refused when it was closed."""
    actor.require(Perm.WORKER_MANAGE)
    station = Station.objects.visible_to(actor).filter(pk=station_id).first()
    if station is None:
        raise NotFound()
    if station.status == StationStatus.CLOSED:
        raise Refused("station_closed", f"{station.name}已撤销，不能登记社工。")
    return station


def refusal(outcome: Outcome) -> DomainError:
    """The one error of a row's problems, by field."""
    fields: dict[str, list[str]] = {}
    for problem in outcome.problems:
        fields.setdefault(problem.field, []).append(problem.message)
    first = outcome.problems[0]
    if first.code == "not_found":
        return NotFound()
    kind = Conflict if all(problem.code in CONFLICTS for problem in outcome.problems) else Invalid
    return kind(first.code, first.message, fields)


# -- inside


def _screen(actor: Actor, station: Station, rows: Sequence[WorkerInput]) -> list[Checked]:
    today = timezone.localdate()
    checked = [check_worker(said, row=place, today=today) for place, said in enumerate(rows)]
    _refuse_unknown_organisations(checked)
    first: dict[UUID, int] = {}
    for row in checked:
        if not row.particulars.id_number:
            continue
        row.id_index = number_index(row.particulars.id_number)
        if first.setdefault(row.id_index, row.row) != row.row:
            message = f"与第 {first[row.id_index] + 1} 行证件号码相同，同一人只留一行。"
            row.refuse("id_number", "id_number_twice", message)
    here = Worker.objects.visible_to(actor).filter(id_county=station.region_code[:6], withdrawn_at=None)
    known = dict(here.filter(id_index__in=first).values_list("id_index", "station__name"))
    for row in checked:
        if row.id_index in known:
            message = f"这个证件号码已登记为{known[row.id_index]}的社工，请打开该档案，不要重复登记。"
            row.refuse("id_number", "id_number_registered", message)
    return checked


def _refuse_unknown_organisations(checked: Iterable[Checked]) -> None:
    named = {row.said.organisation_id for row in checked if row.said.organisation_id}
    known = set(Organisation.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    for row in checked:
        if row.said.organisation_id and row.said.organisation_id not in known:
            row.refuse("organisation", "organisation.unknown", "没有这个机构，请重新选择。")


def _insert(actor: Actor, station: Station, rows: list[Checked]) -> None:
    for row in rows:
        row.id = uuid7()
    # One order for everybody: two sets with the same numbers wait for each other instead of locking crosswise.
    ordered = sorted(rows, key=lambda row: row.id_index or row.id)  # type: ignore[arg-type,return-value]
    Worker.objects.unscoped("INSERT; WITH CHECK asks the reach").bulk_create(
        [_worker(station, row) for row in ordered], ignore_conflicts=True
    )
    written = set(Worker.objects.visible_to(actor).filter(pk__in=[row.id for row in rows]).values_list("pk", flat=True))
    for row in rows:
        if row.id not in written:
            row.problems.append(TAKEN_ELSEWHERE)
            row.id = None


def _worker(station: Station, row: Checked) -> Worker:
    assert row.id is not None
    columns = identity_columns(row.particulars, kind=KIND, row_id=row.id, region_code=station.region_code)
    return Worker(
        id=row.id,
        station_id=station.pk,
        region_code=station.region_code,
        is_example=row.said.is_example,
        **columns,
        **_plain(row),
    )


def _plain(row: Checked) -> dict[str, Any]:
    own = {"document_type": row.document_type, "birth_date": row.birth_date, "sex": row.sex}
    said = row.said
    text = {name: getattr(said, name).strip() for name in ("post", "certificate_number")}
    rest = {name: getattr(said, name) for name in PLAIN if name not in own and name not in text}
    return own | text | rest


def _change(place: int, change: WorkerChange, worker: Worker | None, check_only: bool) -> Outcome:
    if worker is None:
        return Outcome(place, problems=(Problem("", "not_found", NotFound().message),))
    if worker.version != change.version:
        return Outcome(place, problems=(Problem("", "changed_meanwhile", CHANGED_MEANWHILE),))
    if unknown := change.fields.keys() - EDITABLE:
        return Outcome(place, problems=(Problem(min(unknown), "field.unknown", "没有这一项，或不能这样改。"),))
    before = stands(worker)
    said = replace(before, **_follow_number(before, change.fields), **change.fields)
    if not IDENTIFYING & change.fields.keys():
        said = replace(said, mismatch_reason=EXPLAINED)
    row = check_worker(said, row=place, today=timezone.localdate())
    if change.fields.get("organisation_id"):
        _refuse_unknown_organisations([row])
    if row.problems:
        return Outcome(place, problems=tuple(row.problems))
    after = {name: getattr(row.particulars, name) for name in SEALED} | _plain(row)
    changed = tuple(name for name in (*SEALED, *PLAIN) if getattr(before, name) != after[name])
    if not changed or check_only:
        return Outcome(place, None if check_only else worker.pk, worker.version, changed=changed)
    return _write(place, worker, row, {name: getattr(before, name) for name in changed})


def _follow_number(before: WorkerInput, given: dict[str, Any]) -> dict[str, Any]:
    """A corrected number that tells birth date and sex corrects them too, unless they are given."""
    if "id_number" not in given or given.get("document_type", before.document_type) not in TELLING:
        return {}
    return {name: value for name, value in (("birth_date", None), ("sex", "")) if name not in given}


def _write(place: int, worker: Worker, row: Checked, old: dict[str, Any]) -> Outcome:
    key = bytes(worker.person_key or b"")
    columns = _plain(row)
    if old.keys() & set(SEALED):
        columns |= identity_columns(
            row.particulars, kind=KIND, row_id=worker.pk, region_code=worker.region_code, person_key=key
        )
    rows = Worker.objects.unscoped("the row was locked within reach").filter(pk=worker.pk, version=worker.version)
    # Only another number can meet the unique index; a savepoint a row would cost more than the row.
    guard = transaction.atomic() if "id_number" in old else nullcontext()
    try:
        with guard:
            rows.update(**columns, version=worker.version + 1)
    except IntegrityError:
        return Outcome(place, problems=(TAKEN_ELSEWHERE,))
    plain = orjson.dumps(old, default=str)
    before = crypto.seal(key, plain, context=_before_context(worker.pk))
    return Outcome(place, worker.pk, worker.version + 1, changed=tuple(old), before=before)


def _before_context(worker_id: UUID) -> bytes:
    return f"{KIND}:{worker_id}:before".encode()


def _lock(actor: Actor, worker_id: UUID) -> Worker:
    rows = Worker.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    worker = rows.filter(pk=worker_id, withdrawn_at=None).first()
    if worker is None:
        raise NotFound()
    return worker


def _by_station(workers: Iterable[Worker]) -> list[tuple[Station, list[UUID]]]:
    found: dict[UUID, tuple[Station, list[UUID]]] = {}
    for worker in workers:
        found.setdefault(worker.station_id, (worker.station, []))[1].append(worker.pk)
    return list(found.values())


def _record_changes(actor: Actor, workers: dict[UUID, Worker], outcomes: Sequence[Outcome], channel: str) -> None:
    if not outcomes:
        return
    changed = {outcome.id: outcome.changed for outcome in outcomes}
    for station, part in _by_station([workers[pk] for pk in changed if pk]):
        fields = sorted({name for pk in part for name in changed[pk]})
        _record(actor, "worker.update", station, part, channel, fields=fields)


def _record(
    actor: Actor, act: str, station: Station, ids: Sequence[UUID], channel: str, *, reason: str = "", **details: Any
) -> None:
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        audit.record(
            actor, act, kind=KIND, ids=part, region_code=station.region_code, station_id=station.pk, channel=channel,
            reason=reason[:200], count=len(part), **details,
        )  # fmt: skip
