"""A throwaway database for one entry: cloned from the migrated template, used as the web role, dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import database


@contextmanager
def throwaway(name: str) -> Iterator[str]:
    """A database of this name for as long as the block runs; Django's connection stands in it as the web role."""
    full = f"qs_bench_{os.environ.get('QS_TEST_SUFFIX', '')}_{name}".replace("__", "_")
    database.clone(full)
    try:
        with database.pointed_at(full):
            yield full
    finally:
        database.drop(full)


@contextmanager
def as_owner(name: str) -> Iterator[Any]:
    """A cursor of the owner in that database, for peers' tables and for ANALYZE."""
    session = database.connect(os.environ["DATABASE_URL"], name)
    with session.cursor() as cursor:
        yield cursor
    session.close()
