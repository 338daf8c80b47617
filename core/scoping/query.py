"""The manager that refuses to become SQL until somebody said whose eyes look.

The guard sits on the SQL `Query`: guarding only the QuerySet leaks through Exists(), Subquery(), update(), delete().
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import BooleanField, Func, Q
from django.db.models.sql import Query

from core.scoping.actor import NATION, Actor
from core.scoping.transaction import current_actor


class Unscoped(Exception):
    """Programming error: a scoped table was asked without `.visible_to(actor)` or `.unscoped(reason)`."""


class ScopedQuery(Query):
    """A Query that knows whether its reach was said."""

    reach_said = False

    def _refuse_unsaid(self) -> None:
        if not self.reach_said:
            raise Unscoped(f"{self.model!r}: say .visible_to(actor) or .unscoped(reason) first")

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unsaid()
        return super().get_compiler(*args, **kwargs)

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unsaid()
        return super().as_sql(*args, **kwargs)

    def chain(self, klass: type | None = None) -> Any:
        # chain(UpdateQuery) and chain(DeleteQuery) leave this class behind: ask here, at the last moment.
        if klass is not None and not issubclass(klass, ScopedQuery):
            self._refuse_unsaid()
        return super().chain(klass)


class InReach(Func):
    """The policy's own expression, word for word, so that PostgreSQL sees one condition and not two."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *columns: Any, by_range: bool) -> None:
        self.template = (
            "(%(expressions)s >= app.lo() AND %(expressions)s < app.hi())"
            if by_range
            else "(%(expressions)s = ANY(app.stations()))"
        )
        super().__init__(*columns)


class ScopedQuerySet(models.QuerySet):
    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model=model, query=query or (ScopedQuery(model) if model else None), using=using, hints=hints)

    def visible_to(self, actor: Actor) -> Self:
        """Rows within this actor's reach; raises Unscoped unless the transaction carries that very reach."""
        if current_actor() != actor:
            raise Unscoped(f"{self.model.__name__}: this transaction does not carry {actor.role or 'nobody'}'s reach")
        seen = self._said()
        if actor.reach != NATION:
            column = "region_code" if actor.reach.is_range else self.model.SCOPE_STATION  # type: ignore[attr-defined]
            seen = seen.filter(Q(InReach(models.F(column), by_range=actor.reach.is_range)))
        return seen

    def unscoped(self, reason: str) -> Self:
        """Every row the database lets through, for a reason a stranger accepts. Row-level security still holds."""
        if len(reason) < 8:
            raise Unscoped("a reason a stranger accepts")
        return self._said()

    def _said(self) -> Self:
        said: Self = self._chain()  # type: ignore[attr-defined]
        said.query.reach_said = True  # type: ignore[attr-defined]
        return said


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Default manager of every scoped model."""


__all__ = ["InReach", "ScopedManager", "ScopedQuery", "ScopedQuerySet", "Unscoped"]
