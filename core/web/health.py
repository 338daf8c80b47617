"""Whether this process can work: database, Redis, migrations. Public, and says nothing but that."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from core.access import public

# Migrations are applied before a process starts and never undone below it: once seen applied, they stay so.
_migrated = False


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def redis() -> bool:
    return cache.get("health") is None  # asks the server; an unreachable one raises


def migrations() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


PARTS: dict[str, Callable[[], bool]] = {"database": database, "redis": redis, "migrations": migrations}


@public
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, else 503; each part by name."""
    parts = {name: _answers(check) for name, check in PARTS.items()}
    return JsonResponse({"ok": all(parts.values()), **parts}, status=200 if all(parts.values()) else 503)


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever it is, the part does not answer; why stands in the server's own log
        return False
