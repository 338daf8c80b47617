"""The test environment: hostile where production is (web role, reach blanked between requests), quick elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests import database

pytest_plugins = ["tests.personas"]


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"qs_test_{os.environ.get('QS_TEST_SUFFIX', '')}_{worker}".replace("__", "_")
    with django_db_blocker.unblock():
        database.clone(name)
        with database.pointed_at(name):
            yield
        database.drop(name)


@pytest.fixture(scope="module")
def committed_database(request: pytest.FixtureRequest, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database of this module's own, for tests that need real commits; the tests clean up by never looking back."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"qs_test_{os.environ.get('QS_TEST_SUFFIX', '')}_{worker}_{request.module.__name__.rsplit('.', 1)[-1]}"
    name = name.replace("__", "_").lower()[:60]
    with django_db_blocker.unblock():
        database.clone(name)
        with database.pointed_at(name):
            yield name
        database.drop(name)
