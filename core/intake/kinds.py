"""What can be imported: each app declares its kinds, and how their rows are checked, written and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from core.registries import Registry
from core.scoping import Actor

# Fates of a row, one letter each: they are kept as a string the length of the sheet.
CREATE, UPDATE, SAME, ERROR, DOUBLE, BLANK = "c", "u", "s", "e", "d", "-"


class Place(NamedTuple):
    """Where rows may be imported to: a station within reach, or (station_id None) the whole of the reach."""

    station_id: UUID | None
    region_code: str
    label: str


class RowProblem(NamedTuple):
    """What is wrong with one cell (`column` names the field) or the whole row (""). severity: error, double, note."""

    column: str
    code: str
    message: str
    severity: str = "error"


@dataclass(slots=True, repr=False)
class SheetRow:
    """One row of the sheet, read: `values` holds what its cells say by field, `problems` the cells nobody can read."""

    number: int
    cells: list[str]
    kinds: str
    values: dict[str, Any]
    problems: list[RowProblem]


@dataclass(slots=True, repr=False)
class Fate:
    """What becomes, or became, of one row. After writing, `object_id`, `version` and (for an update) `before`,
    sealed."""

    number: int
    what: str
    problems: Sequence[RowProblem] = ()
    object_id: UUID | None = None
    version: int = 0
    before: bytes | None = None


class Written(NamedTuple):
    """A row an import wrote, as kept: which record, at which version it stood then, what stood there before
    (sealed)."""

    row: int
    object_id: UUID
    created: bool
    version_after: int
    before: bytes | None


class Pass(Protocol):
    """One reading of one sheet, chunk by chunk in order, inside one scope; it remembers earlier chunks (doubles)."""

    def check(self, rows: Sequence[SheetRow]) -> list[Fate]:
        """What would become of these rows; writes nothing."""

    def apply(self, rows: Sequence[SheetRow], chosen: frozenset[int]) -> list[Fate]:
        """Write the good rows. `chosen`: rows a person decided are nobody's double."""


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of roster.

    `places(actor)`: where this actor may import to. `start(actor, place)`: a fresh `Pass`. `undo(actor, written)`: take
    rows back, return the record ids that went back (others were touched since and stay). `labels(actor, ids)`: id →
    (words without personal values, URL). `words`: problem code → two or three words for the tally.
    """

    code: str
    title: str
    unit: str
    permission: str
    resource: type
    places: Callable[[Actor], list[Place]]
    start: Callable[[Actor, Place], Pass]
    undo: Callable[[Actor, Sequence[Written]], set[UUID]]
    labels: Callable[[Actor, Sequence[UUID]], Mapping[UUID, tuple[str, str]]]
    words: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    list_url: str = ""
    record: str = "档案"


kinds: Registry[ImportKind] = Registry("import kind")


def register_import(kind: ImportKind) -> ImportKind:
    """Declare a kind (in the app's `imports`, loaded from its `ready()`)."""
    return kinds.register(kind.code, kind)


def kinds_for(actor: Actor) -> list[ImportKind]:
    return [kind for kind in kinds.values() if actor.may(kind.permission)]
