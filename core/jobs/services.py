"""Long work, asked for by a person: start it, cancel it, keep its file; and the outbox behind it (ADR 0006).

register_job("roster.export", run, permission=Perm.CLIENT_EXPORT)      in an app's offers or tasks
start_job(actor, kind="roster.export", title="导出 服务对象", parameters={…ids…})
run_job(job.pk)                                                        in a test: runs it here and now
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from core import audit
from core.errors import NotFound, Refused
from core.jobs.files import KEEP_DAYS, OpenFile, forget_file, open_file, read_file, store_file, sweep_files
from core.jobs.kinds import JobKind, JobResult, kinds, register_job
from core.jobs.lines import Cancelled, Progress, Superseded
from core.jobs.models import Job, JobState, Notification, Outbox
from core.jobs.outbox import enqueue, register_task
from core.jobs.running import run_job
from core.registries import actor_for_ids
from core.scoping import Actor, service

__all__ = [
    "KEEP_DAYS",
    "Cancelled",
    "JobKind",
    "JobResult",
    "OpenFile",
    "Progress",
    "Superseded",
    "cancel_job",
    "enqueue",
    "forget_file",
    "mark_read",
    "notify",
    "open_file",
    "open_result",
    "read_file",
    "register_job",
    "register_task",
    "run_job",
    "start_job",
    "store_file",
    "sweep_files",
]

# One person's jobs that have not ended yet; more would only wait for each other.
MOST_WAITING = 20


@service
def start_job(actor: Actor, *, kind: str, title: str, parameters: dict[str, Any] | None = None) -> Job:
    """Ask for long work; it begins after the commit. `parameters` hold ids and choices, no personal values.

    Raises Forbidden without the kind's permission, Refused when too many of this person's jobs wait already.
    """
    actor.require(kinds[kind].permission)
    if actor.user_id is None or actor.membership_id is None:
        raise Refused("job_needs_a_person", "后台任务只能由登录的人发起。")
    open_jobs = Job.objects.filter(user=actor.user_id, state__in=[JobState.QUEUED, JobState.RUNNING])
    if open_jobs.count() >= MOST_WAITING:
        raise Refused("too_many_jobs", "您有太多任务还没有完成，请等它们结束或取消几个。")
    job = Job.objects.create(
        kind=kind,
        title=title[:200],
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        region_code=actor.reach.lo if len(actor.reach.lo) > 1 else "",
        parameters=parameters or {},
    )
    enqueue("core.job", {"job": str(job.pk)})
    audit.record(actor, "job.start", kind="job", ids=[job.pk], job_kind=kind)
    return job


@service
def cancel_job(actor: Actor, *, job_id: UUID) -> Job:
    """A waiting job is cancelled at once, a running one at its next step. Raises NotFound, Refused when ended."""
    job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id, user=actor.user_id).first()
    if job is None:
        raise NotFound()
    if job.is_ended:
        raise Refused("job_ended", "任务已经结束，不能再取消。")
    job.cancel_asked_at = job.cancel_asked_at or timezone.now()
    if job.state == JobState.QUEUED:
        job.state, job.finished_at, job.message = JobState.CANCELLED, timezone.now(), "已取消。"
        Outbox.objects.filter(task="core.job", arguments__job=str(job.pk)).update(done_at=timezone.now())
    job.save(update_fields=["cancel_asked_at", "state", "finished_at", "message"])
    audit.record(actor, "job.cancel", kind="job", ids=[job.pk], job_kind=job.kind)
    return job


def open_result(actor: Actor, job_id: UUID) -> OpenFile:
    """The file a job made, for its owner, as long as the membership it was made under still holds. Raises NotFound."""
    job = Job.objects.filter(pk=job_id, user=actor.user_id, state=JobState.DONE, result__isnull=False).first()
    resolve = actor_for_ids.get("membership")
    if job is None or resolve is None or resolve(job.user_id, job.membership_id) is None:
        raise NotFound("file_not_found", "文件不存在，或您已不能下载。")
    assert job.result_id
    return open_file(actor, job.result_id)


def notify(user_ids: list[int], *, text: str, url: str = "") -> None:
    """A short word to these people, in the running transaction; no personal values in `text`."""
    Notification.objects.bulk_create(Notification(user_id=user_id, text=text[:200], url=url) for user_id in user_ids)


@service
def mark_read(actor: Actor, *, ids: list[int] | None = None) -> int:
    """Mark these of one's own notifications read, or all of them; returns how many were new."""
    mine = Notification.objects.filter(user=actor.user_id, read_at=None)
    if ids is not None:
        mine = mine.filter(pk__in=ids)
    return mine.update(read_at=timezone.now())
