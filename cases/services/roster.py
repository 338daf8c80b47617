"""A roster of clients: rows whose number is on the register update that file, all others are new people.

The same checks as page and API (`checking`, `screening`), in sets. One `Roster` lives through one file, so that a
number or a person standing twice in it is seen across chunks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import Max
from django.utils import timezone

from accounts.roles import Perm
from cases.enums import Category, ConsentGiver
from cases.models import ClientCategory, Consent
from cases.queries import indexes
from cases.services.checking import REASON_MIN, CategoryInput, Checked, ClientInput, Problem, check_input
from cases.services.clients import settle_unwritten
from cases.services.inserting import KIND, insert_clients
from cases.services.rewriting import Rewrite, Standing, rewrite, standing, text, write_down
from cases.services.rows import insert_set
from cases.services.screening import find_doubles, one_of, refuse_foreign_workers
from cases.services.updating import IDENTIFYING, PLAIN, RESEMBLING, SEALED
from core.identifiers.resident_id import normalise
from core.identifiers.uuid7 import uuid7_many
from core.privacy.crypto import vault
from core.scoping import Actor
from stations.models import Station

CREATED, UPDATED, SAME, WRONG, DOUBTFUL = "created", "updated", "same", "wrong", "doubtful"
DECIDED = "导入时人工核对，不是同一人"
EXPLAINED = "登记时已说明"
REASON = "名单导入"


@dataclass(slots=True, repr=False)
class RosterRow:
    """One row: what a new file would say, and which fields the row fills (only those change an existing file).

    `refused`: fields whose cell could not be read; the row is wrong then, and says nothing more about those fields.
    """

    number: int
    said: ClientInput
    given: Mapping[str, Any] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


@dataclass(slots=True, repr=False)
class Settled:
    """What a row comes to. `before` (sealed) says what an update changed, for taking it back."""

    number: int
    what: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    id: UUID | None = None
    version: int = 0
    before: bytes | None = None


class _New(NamedTuple):
    """A row of one who is not on the register yet."""

    row: RosterRow
    checked: Checked


@dataclass(slots=True, repr=False)
class _Change:
    """A row of one who is: the file, and what the row changes in it."""

    row: RosterRow
    file: Standing
    checked: Checked | None = None
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    categories: list[CategoryInput] = field(default_factory=list)


class Roster:
    """One reading of one file of clients, inside the caller's scope. Raises Forbidden without CLIENT_WRITE."""

    def __init__(self, actor: Actor) -> None:
        actor.require(Perm.CLIENT_WRITE)
        self.actor = actor
        self.today = timezone.localdate()
        self.keys = vault()
        self._numbers: dict[UUID, int] = {}
        self._people: dict[tuple[int, Any], int] = {}
        self._own: set[UUID] = set()

    def check(self, station: Station, rows: Sequence[RosterRow]) -> list[Settled]:
        """What would become of each row, in order; writes nothing."""
        news, changes, settled = self._sorted_out(station, rows, lock=False, chosen=frozenset())
        for one in news:
            settled[one.row.number] = verdict(one.row, one.checked, CREATED)
        for change in changes:
            settled[change.row.number] = self._verdict(change)
        return [settled[row.number] for row in rows]

    def apply(self, station: Station, rows: Sequence[RosterRow], chosen: frozenset[int]) -> list[Settled]:
        """Write the good rows, in order of the sheet's chunk; bad and doubtful ones say why they were not."""
        news, changes, settled = self._sorted_out(station, rows, lock=True, chosen=chosen)
        self._register(station, [one for one in news if not one.checked.problems and not one.row.refused])
        for one in news:
            settled[one.row.number] = verdict(one.row, one.checked, CREATED)
        found = [(change, self._verdict(change)) for change in changes]
        self._update([change for change, verdict_ in found if verdict_.what == UPDATED], settled)
        for change, verdict_ in found:
            settled.setdefault(change.row.number, verdict_)
        return [settled[row.number] for row in rows]

    # -- inside

    def _sorted_out(
        self, station: Station, rows: Sequence[RosterRow], *, lock: bool, chosen: frozenset[int]
    ) -> tuple[list[_New], list[_Change], dict[int, Settled]]:
        county = station.region_code[:6]
        index, keys = self.keys.blind_index, {}
        for row in rows:
            number = row.said.id_number
            if isinstance(number, str) and number:
                keys[row.number] = UUID(bytes=index(indexes.ID_KIND, normalise(number)))
        files = {
            file.id_index: file for file in standing(self.actor, "id_index", keys.values(), lock=lock)
            if file.id_county == county
        }  # fmt: skip
        news, changes, settled = [], [], {}
        for row in rows:
            key = keys.get(row.number)
            twice = self._twice(row, key)
            if twice:
                settled[row.number] = twice
                continue
            file = files.get(key) if key else None
            if file is None or file.id in self._own:
                news.append(self._new(row, key, chosen))
            else:
                changes.append(_Change(row, file))
        self._screen_news(station, news)
        self._screen_changes(changes, station, chosen)
        return news, changes, settled

    def _twice(self, row: RosterRow, key: UUID | None) -> Settled | None:
        if key is None:
            return None
        first = self._numbers.setdefault(key, row.number)
        if first == row.number:
            return None
        problem = Problem("id_number", "id_number_twice", f"与第 {first} 行证件号码相同，同一人只留一行。")
        return Settled(row.number, WRONG, [problem])

    def _new(self, row: RosterRow, key: UUID | None, chosen: frozenset[int]) -> _New:
        said = replace(row.said, duplicate_reason=DECIDED) if row.number in chosen else row.said
        checked = check_input(said, row=row.number, today=self.today)
        particulars, index64 = checked.particulars, self.keys.blind_index64
        checked.id_index = key if particulars.id_number else None
        if checked.id_index and particulars.id_number != said.id_number:
            checked.id_index = UUID(bytes=self.keys.blind_index(indexes.ID_KIND, particulars.id_number))
        checked.name_index = index64(indexes.NAME_KIND, particulars.name)
        checked.phone_index = index64(indexes.PHONE_KIND, particulars.phone) if particulars.phone else None
        return _New(row, checked)

    def _screen_news(self, station: Station, news: Sequence[_New]) -> None:
        checked = [one.checked for one in news]
        refuse_foreign_workers(self.actor, station, checked)
        if checked:
            find_doubles(self.actor, station.region_code[:6], checked)
        for row in checked:
            if row.doubles and self._own:
                self._forget_own(row)
            self._refuse_same_person(row)

    def _forget_own(self, row: Checked) -> None:
        """A file this very roster made a chunk ago is no file to be compared with: the check did not see it either."""
        row.doubles = [double for double in row.doubles if double.client_id not in self._own]
        if not row.doubles:
            row.problems = [problem for problem in row.problems if problem.code != "possible_duplicate"]

    def _refuse_same_person(self, row: Checked) -> None:
        if row.birth_date is None:
            return
        first = self._people.setdefault((row.name_index, row.birth_date), row.row)
        if first != row.row and len(row.said.duplicate_reason.strip()) < REASON_MIN and not row.doubles:
            message = f"与第 {first} 行姓名、出生日期相同，证件号码不同；请核对是不是同一人。"
            row.refuse("duplicate_reason", "possible_duplicate", message)

    def _screen_changes(self, changes: Sequence[_Change], station: Station, chosen: frozenset[int]) -> None:
        ids = [one.file.id for one in changes]
        consents = guardian_consents(self.actor, [i for i in changes if _may_be_child(i.file, self.today)])
        open_now = open_categories(self.actor, ids if any(one.row.said.categories for one in changes) else [])
        resembling = []
        for one in changes:
            facts, given = one.file.facts, one.row.given
            one.categories = [c for c in one.row.said.categories if (one.file.id, c.code) not in open_now]
            touched = {name for name, value in given.items() if facts[name] != value}
            if not touched:
                continue
            self._read_change(one, touched, consents, chosen)
            if one.checked and RESEMBLING & one.new.keys():
                resembling.append(one)
        refuse_foreign_workers(self.actor, station, [o.checked for o in changes if o.checked and "worker_id" in o.new])
        by_county: dict[str, list[Checked]] = {}
        for one in resembling:
            by_county.setdefault(one.file.id_county, []).append(one.checked)  # type: ignore[arg-type]
        for county, checked in by_county.items():
            find_doubles(self.actor, county, checked)
            for row in checked:
                if row.doubles:
                    self._forget_own(row)

    def _read_change(self, one: _Change, touched: set[str], consents: dict[UUID, Any], chosen: frozenset[int]) -> None:
        """The whole file as it would stand, checked like a new one."""
        said, file = one.row.said, one.file
        merged = ClientInput(
            **{**file.facts, **{name: one.row.given[name] for name in touched}},
            mismatch_reason=said.mismatch_reason if IDENTIFYING & touched else EXPLAINED,
            consent_on=said.consent_on or consents.get(file.id),
            categories=said.categories,
            registered_on=file.registered_on,
            duplicate_reason=DECIDED if one.row.number in chosen else said.duplicate_reason,
        )
        row = check_input(merged, row=one.row.number, today=self.today)
        row.id, row.id_index = file.id, file.id_index
        row.name_index = self.keys.blind_index64(indexes.NAME_KIND, row.particulars.name)
        phone = row.particulars.phone
        row.phone_index = self.keys.blind_index64(indexes.PHONE_KIND, phone) if phone else None
        one.checked = row
        after = stored(row)
        changed = [name for name in (*SEALED, *PLAIN) if file.facts[name] != after[name]]
        one.old = {name: file.facts[name] for name in changed}
        one.new = {name: after[name] for name in changed}

    def _verdict(self, one: _Change) -> Settled:
        found = verdict(one.row, one.checked, UPDATED if one.new or one.categories else SAME)
        if one.file.station_id != getattr(one.row, "station_id", one.file.station_id):
            found.notes.append(Problem("", "other_station", "已在范围内另一社工站建档，只更新资料，不转站。"))
        return found

    def _register(self, station: Station, news: Sequence[_New]) -> None:
        checked = [one.checked for one in news]
        if not checked:
            return
        insert_clients(self.actor, station, checked)
        settle_unwritten(self.actor, station, checked)
        done = [row for row in checked if row.id and not row.problems]
        self._own.update(row.id for row in done if row.id)
        places = [_Place(row.id, station.pk, station.region_code) for row in done]  # type: ignore[arg-type]
        write_down(self.actor, "client.register", places)

    def _update(self, changes: Sequence[_Change], settled: dict[int, Settled]) -> None:
        added = self._add_categories([one for one in changes if one.categories])
        rewrites = [Rewrite(one.file, one.old, one.new or {}) for one in changes]
        written = rewrite(self.actor, rewrites, act="client.update", reason=REASON)
        for one in changes:
            file = one.file
            if file.id not in written:
                settled[one.row.number] = Settled(one.row.number, WRONG, [_CHANGED_MEANWHILE])
                continue
            before = seal_before(file, one.old, added.get(file.id, []))
            settled[one.row.number] = Settled(one.row.number, UPDATED, [], [], file.id, file.version + 1, before)

    def _add_categories(self, changes: Sequence[_Change]) -> dict[UUID, list[str]]:
        given = [(one.file, category) for one in changes for category in one.categories]
        ids = uuid7_many(len(given))
        insert_set(
            "cases_clientcategory",
            {
                "id": ("uuid", ids),
                "client_id": ("uuid", [file.id for file, _ in given]),
                "station_id": ("uuid", [file.station_id for file, _ in given]),
                "region_code": ("text", [file.region_code for file, _ in given]),
                "category": ("text", [category.code for _, category in given]),
                "valid_from": ("date", [category.valid_from for _, category in given]),
            },
            fixed={"created_by_id": self.actor.user_id, "created_at": timezone.now()},
        )
        added: dict[UUID, list[str]] = {}
        for key, (file, category) in zip(ids, given, strict=True):
            added.setdefault(file.id, []).append(str(key))
            for one in changes:
                if one.file is file:
                    one.new["category"] = Category(category.code).label
                    one.old.setdefault("category", "")
                    break
        return added


class _Place(NamedTuple):
    id: UUID
    station_id: UUID
    region_code: str


_CHANGED_MEANWHILE = Problem("", "changed_meanwhile", "这份档案刚被别人改过，没有更新；请重新导入这一行。")


def verdict(row: RosterRow, checked: Checked | None, good: str) -> Settled:
    """Wrong, doubtful or good; what a cell that could not be read would cause besides is not said twice."""
    problems = [p for p in (checked.problems if checked else []) if p.field not in row.refused]
    if row.refused or any(problem.code != "possible_duplicate" for problem in problems):
        return Settled(row.number, WRONG, [p for p in problems if p.code != "possible_duplicate"])
    if problems:
        return Settled(row.number, DOUBTFUL, problems)
    created = checked.id if checked and good == CREATED else None
    return Settled(row.number, good, id=created, version=1 if created else 0)


def stored(row: Checked) -> dict[str, Any]:
    """Every changeable field in the form it is stored in."""
    said = row.said
    own = {"document_type": str(row.document_type), "birth_date": row.birth_date, "sex": row.sex}
    given = {"community": said.community.strip(), "relation": said.relation, "worker_id": said.worker_id}
    return {name: getattr(row.particulars, name) for name in SEALED} | own | given


def seal_before(file: Standing, old: Mapping[str, Any], categories: list[str]) -> bytes:
    """What an update changed, under the person's own key: erasing the person erases it too."""
    fields = text({name: value for name, value in old.items() if name != "category"})
    plain = orjson.dumps({"fields": fields, "categories": categories})
    return vault().seal(file.key, plain, context=before_context(file.id))


def before_context(client_id: UUID) -> bytes:
    return f"{KIND}:{client_id}:imported".encode()


def _may_be_child(file: Standing, today: Any) -> bool:
    birth = file.facts["birth_date"]
    return birth is None or today.year - birth.year <= 15


def guardian_consents(actor: Actor, changes: Sequence[_Change]) -> dict[UUID, Any]:
    """Client → day of the guardian's latest consent."""
    ids = [one.file.id for one in changes]
    if not ids:
        return {}
    given = Consent.objects.visible_to(actor).filter(client__in=ids, given_by=ConsentGiver.GUARDIAN)
    return dict(given.values("client_id").annotate(on=Max("given_on")).values_list("client_id", "on"))


def open_categories(actor: Actor, ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    if not ids:
        return set()
    rows = ClientCategory.objects.visible_to(actor).filter(valid_to=None, client_id__in=ids)
    return set(rows.values_list("client_id", "category"))


__all__ = ["Roster", "RosterRow", "Settled", "one_of"]
