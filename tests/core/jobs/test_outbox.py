"""The outbox never forgets and never does twice; the schedule takes each slot once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.jobs import outbox, queries
from core.jobs import schedule as clock
from core.jobs.models import DueRun, Notification, Outbox
from core.registries import Registry

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def done(monkeypatch):
    """A task `test.note` that writes down its argument, and `test.fail` that never works."""
    monkeypatch.setattr(outbox.tasks, "_items", dict(outbox.tasks._items))
    did: list = []

    def fail(**_):
        Notification.objects.create(user_id=1, text="must be rolled back")
        raise Refused("no", "不行 540502199001011234")

    outbox.register_task("test.note", lambda **arguments: did.append(arguments))
    outbox.register_task("test.fail", fail)
    return did


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(clock, "entries", Registry("schedule entry"))


def put(task: str, **more) -> Outbox:
    with transaction.atomic():
        return outbox.enqueue(task, {"id": 7}, **more)


def test_a_row_is_done_once_however_often_it_is_rung(done):
    row = put("test.note")
    for _ in range(3):
        outbox.perform(row.pk)
    assert done == [{"id": 7}]
    row.refresh_from_db()
    assert row.done_at


def test_a_row_waits_until_it_is_due(done, silent_bell):
    row = put("test.note", due_at=timezone.now() + dt.timedelta(hours=1))
    outbox.perform(row.pk)
    assert (done, outbox.ring_due()) == ([], [])
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert outbox.ring_due() == [row.pk]


def test_an_unknown_task_is_refused_before_it_is_written(done):
    with pytest.raises(ValueError, match="nobody registered"):
        put("test.unknown")


def test_a_failure_rolls_back_its_effect_waits_longer_each_time_and_is_parked_at_last(done):
    row = put("test.fail")
    waits = []
    for _ in range(outbox.MAX_ATTEMPTS):
        now = timezone.now()
        outbox.perform(row.pk)
        row.refresh_from_db()
        waits.append((row.due_at - now).total_seconds())
        Outbox.objects.filter(pk=row.pk).update(due_at=now)
    assert [round(wait) for wait in waits] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert (row.last_error, bool(row.parked_at), row.done_at) == ("Refused no", True, None)
    assert not Notification.objects.exists()
    assert [parked.pk for parked in queries.queue_health().parked] == [row.pk]


def test_a_parked_row_is_tried_again_when_somebody_says_so(done, silent_bell):
    row = put("test.fail")
    Outbox.objects.filter(pk=row.pk).update(parked_at=timezone.now(), attempts=8)
    assert outbox.ring_due() == []
    outbox.take_up_parked(row.pk)
    assert outbox.ring_due() == [row.pk]


def test_a_row_rung_just_now_is_left_alone_and_rung_again_later(done, silent_bell):
    row = put("test.note")
    assert (outbox.ring_due(), outbox.ring_due()) == ([row.pk], [])
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)):
        assert outbox.ring_due() == [row.pk]
    assert silent_bell == [row.pk, row.pk]


def test_a_clock_set_back_after_a_ring_does_not_silence_the_row(done, silent_bell):
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        row = put("test.note", due_at=timezone.now() - dt.timedelta(days=2))
        assert outbox.ring_due() == [row.pk]
    assert outbox.ring_due() == [row.pk]


@pytest.mark.parametrize(
    ("entry", "now", "slot"),
    [
        (clock.Entry("t", every=dt.timedelta(minutes=1)), "2026-11-21T10:05:59", "2026-11-21T10:05"),
        (clock.Entry("t", at=dt.time(2, 30)), "2026-11-21T02:29", "2026-11-20T02:30"),
        (clock.Entry("t", at=dt.time(2, 30)), "2026-11-21T02:30", "2026-11-21T02:30"),
        (clock.Entry("t", at=dt.time(3), day=28), "2026-03-01T00:00", "2026-02-28T03:00"),
        (clock.Entry("t", at=dt.time(3), day=1), "2026-01-01T02:59", "2025-12-01T03:00"),
    ],
)
def test_the_newest_slot_is_found_by_beijings_clock(entry, now, slot):
    at = dt.datetime.fromisoformat(now).replace(tzinfo=BEIJING)
    assert entry.latest(at) == dt.datetime.fromisoformat(slot).replace(tzinfo=BEIJING)


def test_one_slot_is_taken_once(done, entries):
    clock.schedule("a", "test.note", every=dt.timedelta(minutes=1))
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, 0, 30, tzinfo=BEIJING), tick=False):
        assert len(clock.take_due()) == 1
        assert clock.take_due() == []
    assert (DueRun.objects.count(), Outbox.objects.count()) == (1, 1)


def test_a_clock_stepped_back_runs_nothing_twice_and_nothing_older(done, entries):
    clock.schedule("a", "test.note", every=dt.timedelta(minutes=1))
    for minute in (10, 5, 9, 10):
        with time_machine.travel(dt.datetime(2026, 11, 21, 10, minute, tzinfo=BEIJING), tick=False):
            clock.take_due()
    assert DueRun.objects.count() == 1


@pytest.mark.parametrize(("each", "slots"), [(False, [5]), (True, [3, 4, 5])])
def test_after_a_downtime_the_newest_slot_runs_or_each_if_the_entry_says_so(done, entries, each, slots):
    clock.schedule("a", "test.note", daily="02:00", each_slot=each)
    with time_machine.travel(dt.datetime(2026, 11, 2, 12, tzinfo=BEIJING), tick=False):
        clock.take_due()
    with time_machine.travel(dt.datetime(2026, 11, 5, 12, tzinfo=BEIJING), tick=False):
        taken = clock.take_due()
    assert [slot.day for _, slot in taken] == slots
    if each:
        assert Outbox.objects.last().arguments == {"slot": "2026-11-05T02:00:00+08:00"}


def test_pruning_keeps_the_newest_slot_of_each_entry(done, entries):
    old = timezone.now() - dt.timedelta(days=30)
    DueRun.objects.create(job="rare", slot=old)
    DueRun.objects.create(job="often", slot=old)
    DueRun.objects.create(job="often", slot=timezone.now())
    clock.prune()
    assert sorted(DueRun.objects.values_list("job", flat=True)) == ["often", "rare"]


def test_an_entry_says_exactly_one_rhythm(entries):
    with pytest.raises(ValueError, match="exactly one"):
        clock.schedule("a", "test.note", daily="02:00", every=dt.timedelta(minutes=1))


def test_the_house_schedules_name_tasks_that_exist():
    assert {entry.task for entry in clock.entries.values()} <= set(dict(outbox.tasks))
    assert len(clock.entries.values()) >= 5
