"""What a person sees of their jobs and notifications, and what an administrator sees of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from core.errors import NotFound
from core.jobs.models import DueRun, Job, JobState, Notification, Outbox
from core.scoping import Actor

# Beat knocks every 20 s and some entry is due each minute: a queue older than this stands still.
STANDS_STILL = timedelta(minutes=5)


def own_jobs(actor: Actor) -> QuerySet[Job]:
    """One's own jobs, newest first, whichever membership asked for them."""
    return Job.objects.filter(user=actor.user_id).select_related("result").order_by("-id")


def own_job(actor: Actor, job_id: UUID) -> Job:
    """Raises NotFound for anybody else's."""
    job = own_jobs(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound()
    return job


def running_jobs(actor: Actor) -> int:
    """How many of one's own jobs have not ended."""
    return own_jobs(actor).filter(state__in=[JobState.QUEUED, JobState.RUNNING]).count()


def own_notifications(actor: Actor) -> QuerySet[Notification]:
    return Notification.objects.filter(user=actor.user_id).order_by("-id")


def unread_count(actor: Actor) -> int:
    return own_notifications(actor).filter(read_at=None).count()


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How the queue stands: what waits, since when, when something scheduled was last taken, what was given up."""

    waiting: int
    oldest_due: datetime | None
    last_taken: datetime | None
    parked: tuple[Outbox, ...]

    @property
    def is_standing(self) -> bool:
        """Whether nobody works the queue."""
        limit = timezone.now() - STANDS_STILL
        return bool(self.oldest_due and self.oldest_due < limit) or not (self.last_taken and self.last_taken > limit)


def queue_health() -> QueueHealth:
    """For the health page and the health check; no rows of any person are read."""
    due = Q(done_at=None, parked_at=None, due_at__lte=timezone.now())
    # A long job keeps its row open while it runs: that is no standstill.
    idle = due & ~Q(task="core.job")
    seen = Outbox.objects.aggregate(waiting=Count("pk", filter=due), oldest=Min("due_at", filter=idle))
    newest = DueRun.objects.order_by("-taken_at").first()
    parked = Outbox.objects.filter(parked_at__isnull=False, done_at=None).order_by("-parked_at")[:50]
    return QueueHealth(seen["waiting"], seen["oldest"], newest.taken_at if newest else None, tuple(parked))
