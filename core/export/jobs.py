"""The jobs behind a list: its export, and a bulk act on more rows than a request waits for."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from core.export.writing import spec_of, write_export
from core.jobs.kinds import JobResult, register_job
from core.jobs.lines import Progress
from core.jobs.models import Job
from core.jobs.services import store_file
from core.lists import bulk
from core.scoping import Actor, scope

TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
KEPT_REFUSALS = 500


def register() -> None:
    """Both ask for no more than signing in here: the list's own permissions are asked when they run."""
    register_job("lists.export", run_export, permission="home")
    register_job("lists.bulk", run_bulk, permission="home")


def run_export(actor: Actor, job: Job, progress: Progress) -> JobResult:
    """Write the file afresh, keep it sealed, say how many rows it has."""
    format = job.parameters["format"]
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / f"export.{format}"
        count = write_export(
            actor, job.parameters, path, progress=lambda done: progress(done, None, f"已写 {done:,} 行")
        )
        progress(count, count, "正在封存文件")
        with scope(actor):
            name = f"{job.title.replace('/', '-')}-{timezone.localdate():%Y%m%d}.{format}"
            file = store_file(actor, name=name, content_type=TYPES[format], path=path)
    return JobResult(file=file, outcome={"rows": count}, message=f"共 {count:,} 行。")


def run_bulk(actor: Actor, job: Job, progress: Progress) -> JobResult:
    """The act on chunks of rows, each in its own transaction. A verb finds rows it has done already and refuses them,
    so that a job run again does no harm."""
    spec = spec_of(job.parameters["list"])
    act = bulk.act_of(spec, actor, job.parameters["act"])
    ids = [UUID(text) for text in job.parameters["ids"]]
    refused = 0
    kept: list[dict[str, str]] = []
    for start in range(0, len(ids), bulk.INLINE):
        with scope(actor):
            refusals = act.run(actor, ids[start : start + bulk.INLINE])
        refused += len(refusals)
        kept += [{"id": str(refusal.id), "message": refusal.message} for refusal in refusals][
            : KEPT_REFUSALS - len(kept)
        ]
        progress(min(start + bulk.INLINE, len(ids)), len(ids), act.label)
    outcome = {"done": len(ids) - refused, "refused": refused, "refusals": kept}
    return JobResult(outcome=outcome, message=f"办成 {len(ids) - refused:,} 行，没有办 {refused:,} 行。")
