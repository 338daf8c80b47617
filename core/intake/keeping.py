"""What an import leaves in its own tables, written in sets: problems with masked values, rows with sealed values."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from core.intake.kinds import BLANK, CREATE, DOUBLE, ERROR, SAME, UPDATE, Fate, Written
from core.intake.models import ImportBatch
from core.intake.reading import Sheet, SheetRow

PROBLEMS = """
INSERT INTO core_importproblem (batch_id, station_id, region_code, row, "column", severity, code, message, masked_row)
SELECT %s, %s, %s, one.row, one.name, one.severity, one.code, left(one.message, 200), one.masked
FROM jsonb_to_recordset(%s::jsonb) AS one(row int, name text, severity text, code text, message text, masked jsonb)
"""
ROWS = """
INSERT INTO core_importedrow (batch_id, station_id, region_code, row, object_id, created, version_after, before)
SELECT %s, %s, %s, one.* FROM unnest(%s::int[], %s::uuid[], %s::bool[], %s::int[], %s::bytea[]) AS one
"""


class Tally:
    """What a pass found, in numbers and one letter a row."""

    def __init__(self) -> None:
        self.fates: Counter[str] = Counter()
        self.columns: dict[str, Counter[str]] = {}
        self.samples: dict[str, str] = {}
        self.notes = 0
        self._letters = bytearray()

    def add(self, fates: Iterable[Fate]) -> None:
        for fate in fates:
            self.fates[fate.what] += 1
            self._letters += BLANK.encode() * (fate.number - 1 - len(self._letters))
            self._letters += fate.what.encode()
            for problem in fate.problems:
                if problem.severity == "error":
                    self.columns.setdefault(problem.column, Counter())[problem.code] += 1
                    self.samples.setdefault(problem.code, problem.message)
                self.notes += problem.severity == "note"

    def counts(self) -> dict[str, Any]:
        """Numbers only; messages are sentences of ours and hold no value of a cell but what they were made to show."""
        return {
            "read": sum(self.fates.values()),
            "create": self.fates[CREATE],
            "update": self.fates[UPDATE],
            "same": self.fates[SAME],
            "error": self.fates[ERROR],
            "double": self.fates[DOUBLE],
            "note": self.notes,
            "cells": sum(sum(codes.values()) for codes in self.columns.values()),
            "columns": {name: dict(codes.most_common()) for name, codes in self.columns.items()},
        }

    def packed(self) -> bytes:
        return zlib.compress(bytes(self._letters))


def row_numbers(batch: ImportBatch, what: str) -> list[int]:
    """The sheet's row numbers with this fate ("" for all that are not blank)."""
    letters = zlib.decompress(bytes(batch.fates)) if batch.fates else b""
    wanted = what.encode()
    return [
        at for at, letter in enumerate(letters, start=1) if (letter == wanted[0] if wanted else letter != ord(BLANK))
    ]


def keep_problems(batch: ImportBatch, sheet: Sheet, rows: Sequence[SheetRow], fates: Sequence[Fate]) -> None:
    found = []
    for row, fate in zip(rows, fates, strict=True):
        if fate.problems:
            masked = sheet.masked(row)
            for name, code, message, severity in fate.problems:
                found.append(
                    {"row": fate.number, "name": name, "severity": severity, "code": code, "message": message,
                     "masked": masked}
                )  # fmt: skip
    if found:
        with connection.cursor() as cursor:
            cursor.execute(PROBLEMS, [batch.pk, batch.station_id, batch.region_code, orjson.dumps(found).decode()])


def keep_written(batch: ImportBatch, fates: Iterable[Fate]) -> None:
    done = [fate for fate in fates if fate.object_id]
    if not done:
        return
    arrays = (
        array(str(fate.number) for fate in done),
        array(str(fate.object_id) for fate in done),
        array("t" if fate.what == CREATE else "f" for fate in done),
        array(str(fate.version) for fate in done),
        array(f'"\\\\x{fate.before.hex()}"' if fate.before else "NULL" for fate in done),
    )
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [batch.pk, batch.station_id, batch.region_code, *arrays])


def array(items: Iterable[str]) -> str:
    return "{" + ",".join(items) + "}"


def written_of(row: Mapping[str, Any]) -> Written:
    before = row["before"]
    return Written(
        row["row"],
        row["object_id"],
        row["created"],
        row["version_after"],
        bytes(before) if before is not None else None,
    )
