"""The three jobs of an import. Each runs in one transaction: killed at any line, it has done nothing and starts
anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import audit
from core.errors import DomainError, NotFound
from core.intake.keeping import Tally, keep_problems, keep_written, written_of
from core.intake.kinds import ImportKind, Place, RowProblem, kinds
from core.intake.models import ImportBatch, ImportedRow, ImportProblem, ImportState
from core.intake.reading import CHUNK, Sheet, in_the_clear
from core.intake.sheets import XLSX, write_marked_copy
from core.jobs.files import store_file
from core.jobs.kinds import JobResult
from core.jobs.lines import Cancelled, Progress
from core.jobs.models import Job
from core.scoping import Actor, scope

CHECK, APPLY, UNDO = "import.check", "import.apply", "import.undo"
# A job that failed or was cancelled leaves its batch where a person can go on from.
AFTER_FAILURE = {CHECK: ImportState.FAILED, APPLY: ImportState.CHECKED, UNDO: ImportState.IMPORTED}
AFTER_CANCEL = {CHECK: ImportState.CANCELLED, APPLY: ImportState.CHECKED, UNDO: ImportState.IMPORTED}
Run = Callable[[Actor, Job, Progress], JobResult]


def settling(run: Run) -> Run:
    """When the job ends without success, its batch says so too; a dead process leaves both as they were."""

    @wraps(run)
    def guarded(actor: Actor, job: Job, progress: Progress) -> JobResult:
        try:
            return run(actor, job, progress)
        except Cancelled:
            _settle(actor, job, AFTER_CANCEL[job.kind], "")
            raise
        except DomainError as error:
            _settle(actor, job, AFTER_FAILURE[job.kind], error.message)
            raise

    return guarded


def _settle(actor: Actor, job: Job, state: ImportState, says: str) -> None:
    with scope(actor):
        batch = locked_batch(actor, UUID(job.parameters["batch"]))
        counts = {**batch.counts, "failure": says} if says else batch.counts
        ImportBatch.objects.visible_to(actor).filter(pk=batch.pk).update(state=state, counts=counts)


def locked_batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    """The batch, locked. Raises NotFound out of reach, Forbidden without its kind's permission."""
    rows = ImportBatch.objects.visible_to(actor).select_for_update(of=("self",))
    batch = rows.select_related("file").filter(pk=batch_id).first()
    if batch is None or batch.kind not in dict(kinds):
        raise NotFound()
    actor.require(kinds[batch.kind].permission)
    return batch


def place_of(actor: Actor, kind: ImportKind, batch: ImportBatch) -> Place:
    """Where the rows go; asked anew, since the station may have left the reach meanwhile."""
    for place in kind.places(actor):
        if place.station_id == batch.station_id:
            return place
    raise NotFound()


@settling
def run_check(actor: Actor, job: Job, progress: Progress) -> JobResult:
    """Read every row, write down what is wrong; nothing else changes."""
    with scope(actor):
        batch = locked_batch(actor, UUID(job.parameters["batch"]))
        if batch.state != ImportState.UPLOADED:
            return JobResult()
        kind = kinds[batch.kind]
        ImportProblem.objects.visible_to(actor).filter(batch=batch).delete()
        task, tally = kind.start(actor, place_of(actor, kind, batch)), Tally()
        progress(0, None, "正在检查")
        with in_the_clear(batch.file) as path:
            sheet = Sheet(kind.resource, path)
            for rows in sheet.chunks():
                fates = task.check(rows)
                tally.add(fates)
                keep_problems(batch, sheet, rows, fates)
                progress(sum(tally.fates.values()), None, "正在检查")
            batch.marked = mark(actor, kind, batch, path)
        batch.counts, batch.fates = _with_words(kind, tally), tally.packed()
        batch.state, batch.checked_at = ImportState.CHECKED, timezone.now()
        batch.save(update_fields=["counts", "fates", "state", "checked_at", "marked"])
        audit.record(
            actor,
            "import.check",
            region_code=batch.region_code,
            station_id=batch.station_id,
            batch=str(batch.pk),
            kind=kind.code,
            rows=batch.counts["read"],
            errors=batch.counts["error"],
        )
    counts = batch.counts
    return JobResult(
        outcome={"batch": str(batch.pk)},
        message=f"读到 {counts['read']} 行，有错 {counts['error']} 行，疑似重复 {counts['double']} 行。",
    )


def _with_words(kind: ImportKind, tally: Tally) -> dict[str, Any]:
    counts = tally.counts()
    counts["words"] = {code: kind.words.get(code, message[:16]) for code, message in tally.samples.items()}
    return counts


def mark(actor: Actor, kind: ImportKind, batch: ImportBatch, path: Path) -> Any:
    """The table back with its errors marked, kept for whoever sent it; None when there is nothing to mark."""
    found: dict[int, list[RowProblem]] = {}
    columns = ("row", "column", "code", "message", "severity")
    rows = ImportProblem.objects.visible_to(actor).filter(batch=batch).exclude(severity="note").order_by("row", "id")
    for row, *rest in rows.values_list(*columns).iterator():
        found.setdefault(row, []).append(RowProblem(*rest))
    if not found:
        return None
    with _scratch() as target:
        write_marked_copy(target, Sheet(kind.resource, path), found)
        name = f"{Path(batch.file.name).stem}_标注错误.xlsx"
        return store_file(actor, name=name, content_type=XLSX, path=target)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A file in memory for a workbook on its way to be sealed."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "marked.xlsx"


@settling
def run_apply(actor: Actor, job: Job, progress: Progress) -> JobResult:
    """Read the file again, validate again, write the good rows: all of it in one transaction (ADR 0011)."""
    with scope(actor):
        batch = locked_batch(actor, UUID(job.parameters["batch"]))
        if batch.state != ImportState.IMPORTING:
            return JobResult()
        kind = kinds[batch.kind]
        checked = batch.counts
        chosen = frozenset(checked.get("chosen", ()))
        ImportProblem.objects.visible_to(actor).filter(batch=batch).delete()
        task, tally = kind.start(actor, place_of(actor, kind, batch)), Tally()
        with in_the_clear(batch.file) as path:
            sheet = Sheet(kind.resource, path)
            for rows in sheet.chunks():
                progress(sum(tally.fates.values()), checked["read"], "正在导入")
                fates = task.apply(rows, chosen)
                tally.add(fates)
                keep_problems(batch, sheet, rows, fates)
                keep_written(batch, fates)
        progress(checked["read"], checked["read"], "正在保存")
        batch.counts, batch.fates = {**_with_words(kind, tally), "checked": _numbers(checked)}, tally.packed()
        batch.state, batch.imported_at = ImportState.IMPORTED, timezone.now()
        batch.save(update_fields=["counts", "fates", "state", "imported_at"])
        audit.record(
            actor,
            "import.apply",
            region_code=batch.region_code,
            station_id=batch.station_id,
            batch=str(batch.pk),
            kind=kind.code,
            created=batch.counts["create"],
            updated=batch.counts["update"],
        )
    counts = batch.counts
    skipped = counts["error"] + counts["double"]
    says = f"新增 {counts['create']}，更新 {counts['update']}，跳过 {skipped} 行。"
    return JobResult(outcome={"batch": str(batch.pk)}, message=says)


def _numbers(counts: dict[str, Any]) -> dict[str, int]:
    return {name: value for name, value in counts.items() if isinstance(value, int)}


@settling
def run_undo(actor: Actor, job: Job, progress: Progress) -> JobResult:
    """Withdraw what was created, restore what was updated; what somebody touched since stays and is listed."""
    with scope(actor):
        batch = locked_batch(actor, UUID(job.parameters["batch"]))
        if batch.state != ImportState.UNDOING:
            return JobResult()
        kind = kinds[batch.kind]
        rows = ImportedRow.objects.visible_to(actor).filter(batch=batch, undone_at=None)
        total, done, undone, last = rows.count(), 0, 0, 0
        fields = ("id", "row", "object_id", "created", "version_after", "before")
        while chunk := list(rows.filter(id__gt=last).order_by("id").values(*fields)[:CHUNK]):
            last = chunk[-1]["id"]
            back = kind.undo(actor, [written_of(row) for row in chunk])
            ids = [row["id"] for row in chunk if row["object_id"] in back]
            ImportedRow.objects.visible_to(actor).filter(id__in=ids).update(undone_at=timezone.now())
            done, undone = done + len(chunk), undone + len(ids)
            progress(done, total, "正在撤销")
        batch.counts = {**batch.counts, "undone": undone, "kept": total - undone}
        batch.state, batch.undone_at = ImportState.UNDONE, timezone.now()
        batch.save(update_fields=["counts", "state", "undone_at"])
        audit.record(actor, "import.undo", region_code=batch.region_code, station_id=batch.station_id,
                     batch=str(batch.pk), kind=kind.code, undone=undone, kept=total - undone)  # fmt: skip
    return JobResult(outcome={"batch": str(batch.pk)}, message=f"撤销 {undone} 行，保留 {total - undone} 行。")
