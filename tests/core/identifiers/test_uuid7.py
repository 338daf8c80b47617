import os
import threading
import time
from uuid import RFC_4122

from core.identifiers import uuid7 as module
from core.identifiers.uuid7 import uuid7, uuid7_many


def test_keys_are_version_seven_and_carry_the_time(monkeypatch):
    # Other tests travel in time, and keys of one process never step back.
    monkeypatch.setattr(module, "_last_millisecond", 0)
    before = time.time_ns() // 1_000_000
    key = uuid7()
    after = time.time_ns() // 1_000_000
    assert (key.version, key.variant) == (7, RFC_4122)
    assert before <= key.int >> 80 <= after + 1


def test_keys_grow_across_single_and_bulk_calls():
    keys = [uuid7(), *uuid7_many(5000), uuid7(), *uuid7_many(1), uuid7()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert all(key.version == 7 and key.variant == RFC_4122 for key in keys)
    assert uuid7_many(0) == []


def test_keys_grow_when_the_clock_steps_back(monkeypatch):
    first = uuid7()
    monkeypatch.setattr(module.time, "time_ns", lambda: 1_000_000_000)
    assert uuid7() > first


def test_a_counter_that_runs_over_carries_on_in_order(monkeypatch):
    monkeypatch.setattr(module, "_counter", (1 << 42) - 3)
    monkeypatch.setattr(module, "_last_millisecond", time.time_ns() // 1_000_000 + 10_000)
    keys = uuid7_many(8)
    assert keys == sorted(set(keys))
    assert uuid7() > keys[-1]


def test_threads_never_share_a_key():
    found: list = []
    threads = [threading.Thread(target=lambda: found.extend([uuid7() for _ in range(2000)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 16000


def test_a_forked_child_makes_other_keys():
    reading, writing = os.pipe()
    uuid7()
    child = os.fork()
    if child == 0:
        os.write(writing, b"".join(uuid7().bytes for _ in range(100)))
        os._exit(0)
    ours = {uuid7().bytes for _ in range(100)}
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        theirs = stream.read()
    assert len(theirs) == 1600
    assert not ours & {theirs[n : n + 16] for n in range(0, 1600, 16)}
