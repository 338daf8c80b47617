"""What kinds of long work there are: each app says how its own is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.jobs.models import Job, StoredFile
from core.registries import Registry


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a job leaves: a file to fetch, facts without personal values, one sentence for its owner."""

    file: StoredFile | None = None
    outcome: dict[str, Any] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True, slots=True)
class JobKind:
    """`run(actor, job, progress)` opens its own scopes; `page(job)` is where its owner is sent when it ended."""

    run: Callable[..., JobResult]
    permission: str
    page: Callable[[Job], str] | None = None


kinds: Registry[JobKind] = Registry("job kind")


def register_job(
    kind: str,
    run: Callable[..., JobResult],
    *,
    permission: str,
    page: Callable[[Job], str] | None = None,
) -> None:
    """Declare a kind of job; `permission` is asked when it is started and again when it runs.

    `run(actor: Actor, job: Job, progress: Progress) -> JobResult` is called outside any transaction and opens
    `scope(actor)` itself, per chunk where it writes. It may be killed at any line and is then called again with the
    same job: what it had committed is still there, so it must find out how far it came (an import looks at the rows
    its batch wrote already; an export starts afresh). It lets Cancelled and Superseded pass.
    """
    kinds.register(kind, JobKind(run, permission, page))
