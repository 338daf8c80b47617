"""What survives: Redis away, a worker killed in the middle, two beats at once. Real commits, real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from uuid import uuid4

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.db import connection, transaction

from core.jobs import outbox
from core.jobs import schedule as clock
from core.jobs.lines import is_held
from core.jobs.models import DueRun, Job, JobState, Notification, Outbox
from core.registries import Registry
from tests.database import ROOT, with_name

WORKER = """
import os, sys, time
import django; django.setup()
from core import registries
from core.jobs import services
from core.jobs.models import Notification
from core.jobs.outbox import perform
from core.scoping import Actor, NATION, scope

registries.actor_for_ids._items["membership"] = lambda user, membership: Actor(
    reach=NATION, user_id=user, membership_id=membership, permissions=frozenset({"home"}))

def run(actor, job, progress):
    "Twenty steps, one commit each; what a step did is how a restart knows where it stands."
    for step in range(20):
        with scope(actor):
            if not Notification.objects.filter(text=f"step {step}").exists():
                Notification.objects.create(user_id=job.user_id, text=f"step {step}")
                if step == 10 and job.attempts == 1:
                    time.sleep(60)
        progress(step + 1, 20)
    return services.JobResult(message="whole")

services.register_job("test.kill", run, permission="home")
perform(int(sys.argv[1]))
"""


@pytest.fixture
def committed(committed_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield committed_database


@pytest.fixture
def user(committed):
    from accounts.models import User

    return User.objects.create(username=f"k{uuid4().hex[:8]}", display_name="示范")


def worker(database: str, outbox_id: int) -> subprocess.Popen:
    urls = {name: with_name(url, database) for name, url in os.environ.items() if name.endswith("DATABASE_URL") and url}
    environment = {**os.environ, **urls, "QIANSHOU_ROLE": "job", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(outbox_id)], cwd=ROOT, env=environment)


def until(claim, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def test_a_job_killed_in_the_middle_is_taken_again_and_finished_once(committed, user):
    with transaction.atomic():
        job = Job.objects.create(kind="test.kill", title="杀", user=user, membership_id=uuid4())
        row = Outbox.objects.create(task="core.job", arguments={"job": str(job.pk)}, due_at=job.created_at)
    first = worker(committed, row.pk)
    until(lambda: Job.objects.get(pk=job.pk).done >= 1 and Notification.objects.filter(user=user).count() >= 10)
    assert is_held(job.pk)
    rival = worker(committed, row.pk)
    assert rival.wait(30) == 0
    assert Job.objects.get(pk=job.pk).attempts == 1
    first.send_signal(signal.SIGKILL)
    first.wait()
    until(lambda: not is_held(job.pk))
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING

    assert worker(committed, row.pk).wait(30) == 0
    job.refresh_from_db()
    row.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.message) == (JobState.DONE, 2, 20, "whole")
    steps = Notification.objects.filter(user=user, text__startswith="step").values_list("text", flat=True)
    assert sorted(steps) == sorted(f"step {number}" for number in range(20))
    assert row.done_at


def test_progress_is_seen_while_the_work_is_still_uncommitted(committed, user):
    from core.jobs.lines import Line, Progress

    job = Job.objects.create(kind="x", title="x", user=user, membership_id=uuid4(), state="running", attempts=1)
    other = connection.copy()
    with Line() as line, transaction.atomic():
        Notification.objects.create(user=user, text="uncommitted")
        Progress(line, job.pk, 1)(3, 9, "读取")
        with other.cursor() as cursor:
            cursor.execute("SELECT done, total FROM core_job WHERE id = %s", [job.pk])
            assert cursor.fetchone() == (3, 9)
            cursor.execute("SELECT count(*) FROM core_notification WHERE text = 'uncommitted'")
            assert cursor.fetchone() == (0,)
    other.close()


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/valkey.sock"])
def test_without_redis_the_row_is_kept_and_the_tick_finds_it(committed, monkeypatch, broker):
    monkeypatch.setattr(outbox.tasks, "_items", dict(outbox.tasks._items))
    outbox.register_task("test.redis", lambda: None)
    app = Celery("away", broker=broker, set_as_current=False)
    app.conf.broker_transport_options = current_app.conf.broker_transport_options
    monkeypatch.setattr(outbox, "current_app", app)
    started = time.monotonic()
    with transaction.atomic():
        row = outbox.enqueue("test.redis")
    assert time.monotonic() - started < 2
    assert row.pk in outbox.ring_due()
    assert Outbox.objects.get(pk=row.pk).done_at is None
    outbox.perform(row.pk)
    assert Outbox.objects.get(pk=row.pk).done_at


def test_two_beats_at_once_take_one_slot(committed, monkeypatch, silent_bell):
    monkeypatch.setattr(outbox.tasks, "_items", dict(outbox.tasks._items))
    monkeypatch.setattr(clock, "entries", Registry("schedule entry"))
    outbox.register_task("test.beat", lambda: None)
    for number in range(10):
        clock.schedule(f"beat{number}", "test.beat", daily="00:00")
    gate, taken = threading.Barrier(4), []

    def beat():
        gate.wait()
        taken.extend(clock.take_due())
        connection.close()

    beats = [threading.Thread(target=beat) for _ in range(4)]
    for one in beats:
        one.start()
    for one in beats:
        one.join()
    assert len(taken) == 10
    assert DueRun.objects.filter(job__startswith="beat").count() == 10
    assert Outbox.objects.filter(task="test.beat").count() == 10


def test_the_worker_signs_in_as_the_job_role_and_carries_ids_only():
    assert settings.DATABASE_URLS["job"]
    sent = []
    original = current_app.send_task
    current_app.send_task = lambda name, **more: sent.append((name, more["args"]))
    try:
        outbox.ring(7)
    finally:
        current_app.send_task = original
    assert sent == [("core.work", [7])]
