"""Imports as people look at them; every value shown is masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.errors import NotFound
from core.intake.columns import Column, columns_of
from core.intake.keeping import row_numbers
from core.intake.kinds import CREATE, SAME, UPDATE, ImportKind, kinds
from core.intake.models import ImportBatch, ImportedRow, ImportProblem
from core.intake.reading import Sheet, in_the_clear
from core.scoping import Actor

PAGE = 50
SEVERITIES = ("error", "double", "note")
FATES = {"create": CREATE, "update": UPDATE, "same": SAME, "all": ""}


@dataclass(slots=True)
class ShownRow:
    """A row on the check page: masked cells by field, and what is wrong with which."""

    number: int
    cells: dict[str, str]
    says: dict[str, list[str]] = field(default_factory=dict)
    taken: bool = False


@dataclass(slots=True)
class ShownRows:
    """One page of rows."""

    rows: list[ShownRow]
    total: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * PAGE, self.total)

    @property
    def has_next(self) -> bool:
        return self.last < self.total


def my_batches(actor: Actor) -> QuerySet[ImportBatch]:
    """The imports this person uploaded, within today's reach and of kinds the role still may."""
    codes = [kind.code for kind in kinds.values() if actor.may(kind.permission)]
    rows = ImportBatch.objects.visible_to(actor).select_related("file", "job").defer("fates")
    return rows.filter(user_id=actor.user_id, kind__in=codes)


def batch_within_reach(actor: Actor, batch_id: UUID) -> tuple[ImportBatch, ImportKind]:
    """Raises NotFound out of reach, Forbidden without the kind's permission."""
    rows = ImportBatch.objects.visible_to(actor).select_related("file", "job", "marked")
    batch = rows.filter(pk=batch_id).first()
    if batch is None or batch.kind not in dict(kinds):
        raise NotFound()
    kind = kinds[batch.kind]
    actor.require(kind.permission)
    return batch, kind


def batch_result(actor: Actor, batch_id: UUID) -> dict[str, Any]:
    """State and numbers of one import, for the API."""
    batch, kind = batch_within_reach(actor, batch_id)
    numbers = {name: value for name, value in batch.counts.items() if isinstance(value, int)}
    return {"id": batch.pk, "kind": kind.code, "state": batch.state, "counts": numbers, "station_id": batch.station_id,
            "created_at": batch.created_at, "imported_at": batch.imported_at, "undone_at": batch.undone_at}  # fmt: skip


def problems_of(actor: Actor, batch: ImportBatch) -> QuerySet[ImportProblem]:
    return ImportProblem.objects.visible_to(actor).filter(batch=batch)


def problem_rows(actor: Actor, batch: ImportBatch, severity: str, column: str | None, page: int) -> ShownRows:
    """Rows with problems of one severity (and one column), a page at a time by row number."""
    found = problems_of(actor, batch).filter(severity=severity)
    if column is not None:
        found = found.filter(column=column)
    numbers = found.values_list("row", flat=True).distinct().order_by("row")
    total = numbers.count()
    page = max(1, min(page, -(-total // PAGE) or 1))
    here = list(numbers[(page - 1) * PAGE : page * PAGE])
    chosen = set(batch.counts.get("chosen", ()))
    rows: dict[int, ShownRow] = {}
    shown = problems_of(actor, batch).filter(row__in=here).order_by("row", "id")
    for problem in shown.values("row", "column", "message", "masked_row"):
        number = problem["row"]
        row = rows.setdefault(number, ShownRow(number, problem["masked_row"], taken=number in chosen))
        row.says.setdefault(problem["column"], []).append(problem["message"])
    return ShownRows(list(rows.values()), total, page)


def rows_of_fate(actor: Actor, batch: ImportBatch, kind: ImportKind, what: str, page: int) -> ShownRows:
    """Rows that have this fate, read from the sealed file itself: no copy of them stands anywhere (ADR 0011)."""
    numbers = row_numbers(batch, FATES[what])
    page = max(1, min(page, -(-len(numbers) // PAGE) or 1))
    here = numbers[(page - 1) * PAGE : page * PAGE]
    rows = []
    if here and batch.file.gone_at is None:
        wanted, last = set(here), here[-1]
        with in_the_clear(batch.file) as path:
            sheet = Sheet(kind.resource, path)
            for row in sheet.rows():
                if row.number in wanted:
                    rows.append(ShownRow(row.number, sheet.masked(row)))
                if row.number >= last:
                    break
    return ShownRows(rows, len(numbers), page)


def written_rows(actor: Actor, batch: ImportBatch) -> QuerySet[ImportedRow]:
    return ImportedRow.objects.visible_to(actor).filter(batch=batch).order_by("row", "id")


def kept_rows(actor: Actor, batch: ImportBatch, kind: ImportKind, most: int = 200) -> list[dict[str, Any]]:
    """Rows an undo left alone because somebody touched them since: row number, words, URL."""
    rows = list(written_rows(actor, batch).filter(undone_at=None).values("row", "object_id", "created")[:most])
    labels = kind.labels(actor, [row["object_id"] for row in rows])
    return [{**row, "label": labels.get(row["object_id"], ("", ""))} for row in rows]


def shown_columns(kind: ImportKind, rows: Sequence[ShownRow], most: int = 7) -> list[Column]:
    """The columns worth a place on the screen: those declared so, those with a problem first among them."""
    wrong = {name for row in rows for name in row.says}
    columns = columns_of(kind.resource)
    picked = [column for column in columns if column.attribute in wrong]
    picked += [column for column in columns if column.shown and column not in picked]
    kept = {column.attribute for column in picked[: max(most, len(wrong))]}
    return [column for column in columns if column.attribute in kept]
