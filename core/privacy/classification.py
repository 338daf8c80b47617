"""Each text field says what it is: public, personal or sensitive. A test fails on a field that does not say.

What is sensitive (health, religion, under-14s, …) is kept sealed under the person's key, never as a plain column.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from django.db import models

FieldT = TypeVar("FieldT", bound="models.Field[Any, Any]")


class Privacy(StrEnum):
    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


def _classified(field: FieldT, privacy: Privacy) -> FieldT:
    field.privacy = privacy  # type: ignore[attr-defined]
    return field


def Public(field: FieldT) -> FieldT:
    """May be shown to anyone who may see the row."""
    return _classified(field, Privacy.PUBLIC)


def Personal(field: FieldT) -> FieldT:
    """About a person; masked by role, never in logs, never in the audit chain."""
    return _classified(field, Privacy.PERSONAL)


def Sensitive(field: FieldT) -> FieldT:
    """Sensitive in the sense of PIPL art. 28; sealed under the person's key."""
    return _classified(field, Privacy.SENSITIVE)


def privacy_of(field: models.Field[Any, Any]) -> Privacy | None:
    return getattr(field, "privacy", None)
