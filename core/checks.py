"""Refusing to start on a database that would undo the house's promises (ADR 0003, assurance "Backup")."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

ASK = """
SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, current_setting('synchronous_commit'),
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
               AND pg_has_role(session_user, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = session_user
"""
# Only these sign in to do people's work; the owner migrates, the backup reads.
BOUND_ROLES = {"web", "job"}


def problems(role: str) -> list[tuple[str, str]]:
    """What is wrong with the login this process uses: (code, sentence)."""
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        is_super, bypasses, creates_roles, commit, owns = cursor.fetchone()
    found = []
    if commit == "off":
        found.append(("E003", "synchronous_commit is off: an answer 'saved' could be lost in a crash."))
    if role not in BOUND_ROLES:
        return found
    if is_super or bypasses or creates_roles:
        found.append(("E001", f"The {role} login is a superuser, bypasses row-level security or creates roles."))
    if owns:
        found.append(("E002", f"The {role} login owns tables, so row-level security could be switched off by it."))
    return found


@checks.register(checks.Tags.database)
def check_login(databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """`manage.py check --database default`."""
    if not databases:
        return []
    return [checks.Error(says, id=f"qianshou.{code}") for code, says in problems(settings.ROLE)]


def refuse_unsafe_start(role: str) -> None:
    """Raise before the first request. An unreachable database raises by itself."""
    found = problems(role)
    connection.close()
    if found:
        raise ImproperlyConfigured(" ".join(f"[qianshou.{code}] {says}" for code, says in found))
