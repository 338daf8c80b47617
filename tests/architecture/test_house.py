"""The house as it stands: each check runs over the whole tree and finds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from tests.architecture import checks

ROOT = Path(__file__).resolve().parents[2]
HOUSE = [
    path
    for folder in ("config", "core", "accounts", "stations", "cases", "dashboards", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]
MODELS = checks.own_models(apps.get_app_configs())


def test_imports_only_go_down():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("check", [checks.drawers_without_a_name, checks.long_files, checks.long_functions])
def test_every_file_is_a_room_with_a_name_and_a_size(check):
    assert check(HOUSE) == []


@pytest.mark.parametrize(
    "check",
    [
        checks.keys_that_go_up,
        checks.cascades_across_records,
        checks.unclassified_fields,
        checks.models_without_a_sentence,
    ],
)
def test_every_model_keeps_the_house_rules(check):
    assert check(MODELS) == []


@pytest.mark.django_db
def test_every_scoped_table_is_locked():
    assert checks.unlocked_tables(MODELS) == []


def test_every_view_says_who_may_open_it():
    assert checks.undeclared_views(get_resolver()) == []
