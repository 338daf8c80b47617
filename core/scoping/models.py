"""What every scoped model has: the place it belongs to, on the row itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from core.scoping.query import ScopedManager


class RegionCodeField(models.CharField):
    """A division's code (2, 4, 6, 9 or 12 digits), compared byte by byte so that a prefix is a range."""

    def __init__(self, verbose_name: str = "区划代码", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("db_collation", "C")
        super().__init__(verbose_name, **kwargs)


class Scoped(models.Model):
    """A row that belongs to a place.

    `SCOPE_PATH` names the foreign key the place comes from; a composite key in the database (made by `SecureTable`)
    holds region code and station equal to the parent's, and carries a re-coding of the parent down to this row.
    """

    SCOPE_PATH: ClassVar[str]
    SCOPE_STATION: ClassVar[str] = "station_id"

    region_code = RegionCodeField()

    objects = ScopedManager()

    class Meta:
        abstract = True
