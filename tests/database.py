"""Test databases: one migrated template per state of the migrations, cloned for each worker (and for each test module
that needs real commits). Tests sign in as the web role, never as the owner."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg2
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["*/migrations/*.py", "*/sql/*.sql", "core/scoping/operations.py", "core/management/commands/roles.py",
           "stations/data/*"]  # fmt: skip


def fingerprint() -> str:
    """Changes when anything that makes the empty database changes."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def with_name(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def connect(url: str, name: str) -> Any:
    """A session of this URL's login in the database of this name; the server may be named by a socket's folder."""
    login = environ.Env.db_url_config(url)
    session = psycopg2.connect(
        dbname=name,
        user=login["USER"],
        password=login["PASSWORD"] or None,
        host=login["HOST"] or login.get("OPTIONS", {}).get("host") or None,
        port=login["PORT"] or None,
    )
    session.autocommit = True
    return session


@contextmanager
def maintenance() -> Iterator[Any]:
    """A session of the owner outside any test database."""
    session = connect(os.environ["DATABASE_URL"], "postgres")
    with session.cursor() as cursor:
        yield cursor
    session.close()


def ensure_template() -> str:
    """The name of a migrated database with the territory in it; made once, under a lock, whoever comes first."""
    name = f"qs_template_{fingerprint()}"
    with maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(726001)")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"DROP DATABASE IF EXISTS {name}_making WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}_making")
            _fill(f"{name}_making")
            cursor.execute(f"ALTER DATABASE {name}_making RENAME TO {name}")
    return name


def _fill(name: str) -> None:
    urls = {key: with_name(os.environ[key], name) for key in os.environ if key.endswith("DATABASE_URL")}
    environment = {**os.environ, **urls, "QIANSHOU_ROLE": "owner"}
    for command in (["roles"], ["migrate", "-v0"], ["load_territory"], ["load_rules"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)


def clone(name: str) -> None:
    template = ensure_template()
    with maintenance() as cursor:
        # CREATE DATABASE wants its template unused: copies take turns.
        cursor.execute("SELECT pg_advisory_lock(726002)")
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


def drop(name: str) -> None:
    with maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def pointed_at(name: str, role: str = "web") -> Iterator[None]:
    """Let Django's connection use this database as this role."""
    before = dict(connection.settings_dict)
    login = environ.Env.db_url_config(settings.DATABASE_URLS[role])
    connection.close()
    connection.settings_dict.update({key: login.get(key) or "" for key in ("USER", "PASSWORD", "HOST", "PORT")})
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
