"""Celery's shells: messages carry the number of an outbox row and nothing else (ADR 0006)."""

from celery import shared_task

from core.jobs import outbox, schedule


@shared_task(name="core.work", acks_late=True, ignore_result=True)
def work(outbox_id: int) -> None:
    outbox.perform(outbox_id)


@shared_task(name="core.tick", acks_late=True, ignore_result=True, expires=20)
def tick() -> None:
    # First what was left lying; what is taken now rings by itself when it is committed.
    outbox.ring_due()
    schedule.take_due()
