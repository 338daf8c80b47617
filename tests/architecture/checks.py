"""What import-linter cannot see: functions that return what is wrong, run over the house and over planted faults."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import AppConfig
from django.db import connection, models
from django.urls import URLPattern, URLResolver

from core.privacy.classification import privacy_of
from core.scoping import Scoped

STAIRCASE = ["core", "accounts", "stations", "cases", "volunteers", "charity", "pairing", "evaluation", "dashboards"]
BANNED_NAMES = {"utils", "helpers", "managers", "signals", "constants", "misc", "common"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
TEXT_FIELDS = (models.CharField, models.TextField, models.BinaryField)
FRAMEWORK_VIEWS = ("django.", "rest_framework.", "drf_spectacular.", "import_export.")


def drawers_without_a_name(files: Iterable[Path]) -> list[str]:
    return [str(path) for path in files if path.stem in BANNED_NAMES or path.parent.name in BANNED_NAMES]


def long_files(files: Iterable[Path]) -> list[str]:
    return [f"{path} ({lines})" for path in files if (lines := len(path.read_text().splitlines())) > LONGEST_FILE]


def long_functions(files: Iterable[Path]) -> list[str]:
    return [
        f"{path}:{node.lineno} {node.name} ({node.end_lineno - node.lineno + 1})"
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]


def keys_that_go_up(model_list: Iterable[type[models.Model]]) -> list[str]:
    """Foreign keys from a lower app to a higher one, written as strings or not. (To the user is the one allowed.)"""
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in model_list
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.auto_created
        and step(field.related_model) > step(model) and field.related_model._meta.label != "accounts.User"
    ]  # fmt: skip


def step(model: type[models.Model]) -> int:
    label = model._meta.app_label
    return STAIRCASE.index(label) if label in STAIRCASE else -1


def cascades_across_records(model_list: Iterable[type[models.Model]]) -> list[str]:
    """Keys that would delete a row of another app with its target; only a part goes with its whole."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in model_list
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.auto_created
        and getattr(field.remote_field, "on_delete", None) is models.CASCADE
        and field.related_model._meta.app_label not in (model._meta.app_label, "accounts")
    ]  # fmt: skip


def unclassified_fields(model_list: Iterable[type[models.Model]]) -> list[str]:
    """Text fields that do not say whether they are public, personal or sensitive (choices are public by kind)."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in model_list
        for field in model._meta.local_fields
        if isinstance(field, TEXT_FIELDS) and not field.choices and privacy_of(field) is None
        and not is_self_explaining(field) and model._meta.managed
    ]  # fmt: skip


def is_self_explaining(field: models.Field) -> bool:
    """Region codes are public; hashes and digests of the trail, foreign packages' columns and passwords name nobody."""
    from core.scoping import RegionCodeField

    return isinstance(field, RegionCodeField) or field.name in SELF_EXPLAINING


SELF_EXPLAINING = {"password", "digests", "previous", "hash", "digest", "token_key", "body"}


def models_without_a_sentence(model_list: Iterable[type[models.Model]]) -> list[str]:
    return [
        m._meta.label
        for m in model_list
        if not (m.__doc__ or "").strip() or (m.__doc__ or "").startswith(m.__name__ + "(")
    ]


def unlocked_tables(model_list: Iterable[type[models.Model]]) -> list[str]:
    """Scoped models whose table lacks FORCE row-level security, its two policies, or the key that holds its place."""
    found = []
    for model in model_list:
        if not issubclass(model, Scoped):
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT relrowsecurity AND relforcerowsecurity
                   AND (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid AND polname IN ('by_range','by_list')) = 2
                   AND NOT has_table_privilege('qianshou_web', c.oid, 'SELECT')
                   AND NOT has_table_privilege('qianshou_job', c.oid, 'SELECT')
                FROM pg_class c WHERE oid = to_regclass(%s)""",
                [model._meta.db_table],
            )
            row = cursor.fetchone()
            if not row or not row[0]:
                found.append(f"{model._meta.label}: not locked")
            if not has_place_key(cursor, model):
                found.append(f"{model._meta.label}: nothing holds its place")
    return found


def has_place_key(cursor, model: type[models.Model]) -> bool:
    cursor.execute(
        """SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'f'
           AND (conname LIKE '%%_same_place' OR conname LIKE '%%_region')""",
        [model._meta.db_table],
    )
    return cursor.fetchone() is not None


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


def undeclared_views(resolver: URLResolver) -> list[str]:
    """Routes whose view says neither `@access(…)` nor `@public`, nor (REST) what each action needs."""
    return [
        path
        for path, entry in routes(resolver)
        if not is_declared(entry.callback) and not entry.callback.__module__.startswith(FRAMEWORK_VIEWS)
    ]


def is_declared(view) -> bool:
    resource = getattr(view, "cls", None)
    if resource is not None and hasattr(view, "actions"):
        return getattr(resource, "is_public", False) or all(
            action in resource.needs for action in view.actions.values()
        )
    return hasattr(view, "access")


def own_models(apps: Iterable[AppConfig]) -> list[type[models.Model]]:
    return [model for app in apps if app.name in STAIRCASE for model in app.get_models()]
