"""Running one job, from whoever rings to its end; safe to be killed at any line and run again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from core.errors import DomainError
from core.jobs.kinds import JobKind, JobResult, kinds
from core.jobs.lines import Cancelled, Line, Progress, Superseded
from core.jobs.models import ENDED, Job, JobState, Notification, Outbox
from core.jobs.outbox import Task, describe, log_without_values, tasks
from core.registries import actor_for_ids
from core.scoping import Actor

PAGE = "/jobs/"
# A job that took its worker down with it this often is not given another.
MOST_ATTEMPTS = 5


def run_job(job_id: UUID, outbox_id: int | None = None) -> Job:
    """Take the job if nobody else holds it, run it, write down how it ended; returns the job as it stands then.

    The lock belongs to a connection of this process: when the process dies, the next tick may give the job to another.
    """
    with Line() as line:
        if line.take_lock(job_id):
            job = _take(job_id)
            if job is not None:
                _run(job, line)
            _close_outbox(job_id, outbox_id)
    return Job.objects.get(pk=job_id)


def _run_from_outbox(outbox_id: int, job: str) -> None:
    run_job(UUID(job), outbox_id)


tasks.register("core.job", Task(_run_from_outbox, is_long=True))


def _take(job_id: UUID) -> Job | None:
    """QUEUED, or RUNNING under a dead process → RUNNING as a new attempt; None when there is nothing to run."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or job.is_ended:
            return None
        if job.cancel_asked_at:
            _end(job, JobState.CANCELLED, message="已取消。")
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _end(job, JobState.FAILED, code="interrupted", message="多次中断，没有完成，请联系系统管理员。")
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=job.started_at or timezone.now()
        )
        job.refresh_from_db()
        return job


def _run(job: Job, line: Line) -> None:
    """Every end is written only if this attempt still holds the job."""
    progress = Progress(line, job.pk, job.attempts)
    try:
        actor, kind = _who_and_what(job)
        result = kind.run(actor, job, progress)
        progress.flush()
    except Superseded:
        return
    except Cancelled:
        _end(job, JobState.CANCELLED, message="已取消。")
    except (OperationalError, InterfaceError):
        # The database went away: the job stays RUNNING and is taken again.
        raise
    except DomainError as error:
        _end(job, JobState.FAILED, code=error.code, message=error.message)
    except Exception as error:
        log_without_values(f"job {job.kind} {job.pk}", error)
        _end(job, JobState.FAILED, code=describe(error)[:64], message="没有完成；请稍后再试，仍不行请联系系统管理员。")
    else:
        _end(job, JobState.DONE, result=result)


def _who_and_what(job: Job) -> tuple[Actor, JobKind]:
    """The same person as the same membership, if it still holds and still may."""
    kind = kinds.get(job.kind)
    resolve = actor_for_ids.get("membership")
    actor = resolve(job.user_id, job.membership_id) if resolve else None
    if kind is None:
        raise DomainError("unknown_job", "系统不认识这种任务。")
    if actor is None:
        raise DomainError("membership_ended", "发起任务时的任职已经失效，任务停止。")
    actor.require(kind.permission)
    return replace(actor, facts={**actor.facts, "channel": "job"}), kind


def _end(job: Job, state: str, *, code: str = "", message: str = "", result: JobResult | None = None) -> None:
    result = result or JobResult(message=message)
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, attempts=job.attempts).exclude(state__in=ENDED)
        ended = mine.update(
            state=state,
            error_code=code,
            message=(result.message or message)[:200],
            result=result.file,
            outcome=result.outcome,
            finished_at=timezone.now(),
        )
        if ended:
            _tell_owner(job, state)


def _tell_owner(job: Job, state: str) -> None:
    if state == JobState.CANCELLED:
        return
    kind = kinds.get(job.kind)
    word = "已完成" if state == JobState.DONE else "没有完成"
    Notification.objects.create(
        user_id=job.user_id,
        text=f"{job.title}：{word}"[:200],
        url=kind.page(job) if kind and kind.page else f"{PAGE}{job.pk}/",
    )


def _close_outbox(job_id: UUID, outbox_id: int | None) -> None:
    if outbox_id and not Job.objects.filter(pk=job_id).exclude(state__in=ENDED).exists():
        Outbox.objects.filter(pk=outbox_id).update(done_at=timezone.now())
