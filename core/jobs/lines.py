"""The line a running job holds beside its work: its lock, and progress that others can see at once."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.db import connection

EVERY_SECONDS = 0.5
WRITE = """
UPDATE core_job SET done = %s, total = %s, message = %s
WHERE id = %s AND attempts = %s AND state = 'running' RETURNING cancel_asked_at IS NOT NULL
"""
HELD = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid = ((%(key)s::bigint >> 32) & 4294967295)::bigint::oid
    AND objid = (%(key)s::bigint & 4294967295)::bigint::oid)
"""


class Cancelled(Exception):
    """Its owner asked the job to stop; raised by `progress`, never to be swallowed by a job's body."""


class Superseded(Exception):
    """Another worker took the job over (this one was thought dead); whatever it was doing must not be finished."""


class Line:
    """A connection of its own, outside every transaction of the work: it dies with the process, and so does the lock.

    Where the caller already stands in a transaction (a test), the caller's connection serves.
    """

    def __init__(self) -> None:
        self.is_own = not connection.in_atomic_block
        self.connection: Any = connection.copy() if self.is_own else connection

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_own:
            self.connection.close()

    def take_lock(self, job_id: UUID) -> bool:
        """Whether this process holds the job now; it holds it until the line ends."""
        if not self.is_own:
            return True
        return bool(self.ask("SELECT pg_try_advisory_lock(%s)", [lock_key(job_id)])[0])

    def ask(self, statement: str, parameters: list[Any]) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchone()


class Progress:
    """`progress(done, total, message)`: call it as often as you like, it writes twice a second.

    Raises Cancelled when the owner asked for it, so that calling it between chunks makes a job cancellable.
    """

    def __init__(self, line: Line, job_id: UUID, attempt: int) -> None:
        self._line = line
        self._job = job_id
        self._attempt = attempt
        self._written = 0.0
        self._last: tuple[int, int, str] = (0, 0, "")

    def __call__(self, done: int, total: int | None = None, message: str | None = None) -> None:
        self._last = (
            done,
            self._last[1] if total is None else total,
            self._last[2] if message is None else message[:200],
        )
        if time.monotonic() - self._written >= EVERY_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write now what was said last."""
        row = self._line.ask(WRITE, [*self._last, self._job, self._attempt])
        self._written = time.monotonic()
        if row is None:
            raise Superseded
        if row[0]:
            raise Cancelled


def lock_key(job_id: UUID) -> int:
    """The advisory lock of one job: the random half of its id."""
    return int.from_bytes(job_id.bytes[8:], "big", signed=True)


def is_held(job_id: UUID) -> bool:
    """Whether some living process holds the job."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"key": lock_key(job_id)})
        return bool(cursor.fetchone()[0])
