"""Who may see which rows: an actor's reach, the transaction that carries it, the manager that refuses without it."""

from core.scoping.actor import NATION, Actor, Reach
from core.scoping.models import RegionCodeField, Scoped
from core.scoping.query import ScopedManager, ScopedQuerySet, Unscoped
from core.scoping.transaction import current_actor, scope, service

__all__ = [
    "NATION",
    "Actor",
    "Reach",
    "RegionCodeField",
    "Scoped",
    "ScopedManager",
    "ScopedQuerySet",
    "Unscoped",
    "current_actor",
    "scope",
    "service",
]
