"""The outbox: what must happen after a commit is a row written in the same transaction (ADR 0006).

Redis only rings the bell. A short task runs in the transaction that marks its row done, so that it happens once; what
takes long has a life of its own (`core.jobs.running`) and is named here as a long task.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from core.errors import DomainError
from core.jobs.models import Outbox
from core.registries import Registry

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# What was rung and is still not done after this long is rung again: the worker died, or Redis forgot.
RING_AGAIN = timedelta(seconds=60)
RING_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Task:
    """`run` gets the row's arguments. A long task gets the row's id too and marks the row done itself."""

    run: Callable[..., Any]
    is_long: bool = False


tasks: Registry[Task] = Registry("outbox task")


def register_task(name: str, run: Callable[..., Any]) -> None:
    """A short task: `run(**arguments)` inside one transaction with its done-mark; it takes its own reach."""
    tasks.register(name, Task(run))


def enqueue(task: str, arguments: dict[str, Any] | None = None, *, due_at: datetime | None = None) -> Outbox:
    """Write down, in the running transaction, that this must happen (at `due_at`, or now). Arguments are ids only."""
    if not connection.in_atomic_block:
        raise RuntimeError("an outbox row belongs to the transaction of the change it follows")
    if task not in dict(tasks):
        raise ValueError(f"nobody registered the outbox task {task!r}")
    row = Outbox.objects.create(task=task, arguments=arguments or {}, due_at=due_at or timezone.now())
    if due_at is None:
        transaction.on_commit(lambda: ring(row.pk))
    return row


def ring(outbox_id: int) -> None:
    """Wake a worker. When Redis is away nothing is lost: the next tick finds the row."""
    try:
        current_app.send_task("core.work", args=[outbox_id], retry=False, ignore_result=True)
    except Exception as error:
        # Whatever ails the bell (kombu, redis-py and sockets each have their own words), the change stands committed.
        logger.warning("no bell for outbox row %s: %s", outbox_id, type(error).__name__)


def ring_due() -> list[int]:
    """Ring every row that is due and was not rung lately; returns their ids. Rings after its own commit."""
    now = timezone.now()
    with transaction.atomic():
        due = Outbox.objects.select_for_update(skip_locked=True).filter(
            Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN) | Q(rung_at__gt=now + RING_AGAIN),
            due_at__lte=now,
            done_at=None,
            parked_at=None,
        )
        ids = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:RING_AT_ONCE])
        Outbox.objects.filter(pk__in=ids).update(rung_at=now)
    for outbox_id in ids:
        ring(outbox_id)
    return ids


def perform(outbox_id: int) -> None:
    """Do what one row says, once: a second worker with the same row finds it locked or done and stops."""
    row = Outbox.objects.filter(pk=outbox_id, done_at=None, parked_at=None).first()
    if row is None:
        return
    task = tasks.get(row.task)
    if task and task.is_long:
        task.run(row.pk, **row.arguments)
        return
    _perform_short(outbox_id)


def _perform_short(outbox_id: int) -> None:
    with transaction.atomic():
        row = Outbox.objects.select_for_update(skip_locked=True).filter(pk=outbox_id, done_at=None).first()
        if row is None or row.parked_at or row.due_at > timezone.now():
            return
        try:
            with transaction.atomic():
                tasks[row.task].run(**row.arguments)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log_without_values(f"outbox task {row.task}", error)
            put_off(row, error)
        else:
            Outbox.objects.filter(pk=row.pk).update(done_at=timezone.now(), last_error="")


def put_off(row: Outbox, error: BaseException) -> None:
    """Try again later, each time later; after MAX_ATTEMPTS it is parked and waits for a person (健康页)."""
    attempts = row.attempts + 1
    now = timezone.now()
    Outbox.objects.filter(pk=row.pk).update(
        attempts=attempts,
        last_error=describe(error),
        due_at=now + min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT),
        rung_at=None,
        parked_at=now if attempts >= MAX_ATTEMPTS else None,
    )


def take_up_parked(outbox_id: int) -> None:
    """A person mended the cause: try the parked row again from the start."""
    Outbox.objects.filter(pk=outbox_id, parked_at__isnull=False).update(
        attempts=0, parked_at=None, rung_at=None, due_at=timezone.now()
    )


def describe(error: BaseException) -> str:
    """What may be kept of an error: its kind and code. Its words may quote personal values (a database's often do)."""
    return (f"{type(error).__name__} {error.code}" if isinstance(error, DomainError) else type(error).__name__)[:200]


def log_without_values(what: str, error: BaseException) -> None:
    """The kind of an error and where it was raised, never its message."""
    places = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s failed: %s\n%s", what, describe(error), places)
