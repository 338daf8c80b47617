"""A fault of each kind, planted: every check must find it. A check that cannot fail is a wish."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.http import HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from cases.models import Client
from core.privacy.classification import Public
from core.scoping import Scoped
from tests.architecture import checks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    for name in ("config", "core", "accounts", "stations", "cases", "dashboards"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("core/errors.py", "import stations.models", "staircase"),
        ("stations/models/region.py", "import cases.models", "staircase"),
        ("stations/models/region.py", "import stations.queries.credentials", "Inside an app"),
        ("stations/queries/credentials.py", "import rest_framework", "neither web"),
        ("stations/services/credentials.py", "import celery", "neither web"),
        ("stations/drawer.py", "", "Inside an app"),
    ],
)
def test_an_import_that_goes_up_is_caught(copy_of_the_house, file, line, contract):
    with (copy_of_the_house / file).open("a") as target:
        target.write(f"\n{line}\n")
    done = lint(copy_of_the_house)
    assert done.returncode == 1
    assert contract in done.stdout


def test_a_drawer_a_long_file_and_a_long_function_are_caught(tmp_path):
    drawer, long = tmp_path / "utils.py", tmp_path / "closing.py"
    drawer.write_text("")
    long.write_text("def f():\n" + "    x = 1\n" * 401)
    assert checks.drawers_without_a_name([drawer, long]) == [str(drawer)]
    assert len(checks.long_files([drawer, long])) == 1
    assert len(checks.long_functions([drawer, long])) == 1


def test_a_key_that_goes_up_cascades_or_says_nothing_is_caught():
    class Planted(models.Model):
        client = models.ForeignKey(Client, on_delete=models.CASCADE)
        remark = models.TextField()
        said = Public(models.CharField(max_length=10))

        class Meta:
            app_label = "stations"
            apps = Apps()

    assert checks.keys_that_go_up([Planted]) == ["stations.Planted.client → cases.Client"]
    assert checks.cascades_across_records([Planted]) == ["stations.Planted.client"]
    assert checks.unclassified_fields([Planted]) == ["stations.Planted.remark"]
    assert checks.models_without_a_sentence([Planted]) == ["stations.Planted"]


@pytest.mark.django_db
def test_a_scoped_table_left_open_is_caught():
    class Open(Scoped):
        """A table somebody forgot to lock."""

        SCOPE_PATH = "station"

        class Meta:
            app_label = "stations"
            apps = Apps()
            db_table = "accounts_user"

    assert checks.unlocked_tables([Open]) == ["stations.Open: not locked", "stations.Open: nothing holds its place"]
    assert connection.vendor == "postgresql"


def test_a_view_that_says_nothing_is_caught():
    def planted(request):
        return HttpResponse()

    resolver = URLResolver(RegexPattern(r"^"), [path("planted/", planted)])
    assert checks.undeclared_views(resolver) == ["planted/"]
