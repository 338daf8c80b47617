"""The transaction that carries an actor's reach to PostgreSQL.

Session-level SET behind a transaction pooler served other streets' rows in trials, so everything here is local to the
transaction: `set_config(…, true)`, the role included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import connection, transaction

from core.scoping.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[Actor | None] = ContextVar("scope_actor", default=None)

ENTER = """
SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true), set_config('app.stations', %s, true),
       set_config('app.grants', %s, true), set_config('app.user_id', %s, true),
       set_config('role', %s, true)
"""
READ_ONLY = "set_config('transaction_read_only', 'on', true)"


def current_actor() -> Actor | None:
    """The actor whose reach the running transaction carries, or None."""
    return _current.get()


def _uuid_array(values: tuple) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _carry(actor: Actor | None, *, read_only: bool = False) -> None:
    """Hand the actor's reach to the running transaction; None takes every reach away again."""
    if actor is None:
        parameters: tuple = ("", "", "", "", "", "none")
    else:
        reach = actor.reach
        parameters = (
            reach.lo,
            reach.hi,
            "" if reach.is_range else _uuid_array(reach.stations),
            _uuid_array(actor.grants),
            str(actor.user_id or ""),
            reach.database_role,
        )
    with connection.cursor() as cursor:
        cursor.execute(f"{ENTER}, {READ_ONLY}" if read_only else ENTER, parameters)


@contextmanager
def scope(actor: Actor, *, read_only: bool = False) -> Iterator[None]:
    """One transaction (or savepoint) in which the database knows this actor's reach.

    Entering again as the same actor opens a savepoint; entering as another switches and switches back afterwards.
    """
    outer = _current.get()
    with transaction.atomic():
        if outer is not actor or read_only:
            _carry(actor, read_only=read_only)
        token = _current.set(actor)
        try:
            yield
        finally:
            _current.reset(token)
        # Inside an outer transaction (a hand-over, a test) the settings would outlive this block.
        if outer is not actor and len(connection.savepoint_ids) > 0:
            _carry(outer)


def service(verb: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Make a function a write of the domain: it runs whole, or not at all, within its actor's reach."""

    @wraps(verb)
    def run(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        with scope(actor):
            return verb(actor, *args, **kwargs)

    return run
