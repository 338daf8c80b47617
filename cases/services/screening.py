"""Comparing a set of rows with the files there are: numbers taken, and people who may be on the register already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cases.enums import ClientState
from cases.models import Client
from cases.queries import indexes
from cases.services.checking import REASON_MIN, Checked, ClientInput, Double, check_input
from core.privacy.crypto import Vault, vault
from core.scoping import Actor
from stations.enums import Employment
from stations.models import Station, Worker

CHUNK = 5000
SAYS_HOW = {"number": "证件号码相同", "name": "姓名和出生日期相同", "phone": "电话相同"}


def screen(actor: Actor, station: Station, rows: Sequence[ClientInput]) -> list[Checked]:
    today, keys = timezone.localdate(), vault()
    checked = [check_input(said, row=place, today=today) for place, said in enumerate(rows)]
    for row in checked:
        index(row, keys)
    _refuse_repeats(checked)
    refuse_foreign_workers(actor, station, checked)
    for start in range(0, len(checked), CHUNK):
        find_doubles(actor, station.region_code[:6], checked[start : start + CHUNK])
    return checked


def index(row: Checked, keys: Vault) -> None:
    """The keyed indexes of what the row says."""
    said = row.particulars
    row.id_index = UUID(bytes=keys.blind_index(indexes.ID_KIND, said.id_number)) if said.id_number else None
    row.name_index = keys.blind_index64(indexes.NAME_KIND, said.name)
    row.phone_index = keys.blind_index64(indexes.PHONE_KIND, said.phone) if said.phone else None


def _refuse_repeats(checked: Iterable[Checked]) -> None:
    """The same number twice in one set: the second is refused."""
    first: dict[UUID, int] = {}
    for row in checked:
        if row.id_index is None:
            continue
        before = first.setdefault(row.id_index, row.row)
        if before != row.row:
            row.refuse("id_number", "id_number_twice", f"证件号码与本次第 {before + 1} 条相同。")


def refuse_foreign_workers(actor: Actor, station: Station, checked: Iterable[Checked]) -> None:
    named = {row.said.worker_id for row in checked} - {None}
    if not named:
        return
    here = Worker.objects.visible_to(actor).filter(station=station, pk__in=named, employment=Employment.ACTIVE)
    known = set(here.values_list("pk", flat=True))
    for row in checked:
        if row.said.worker_id and row.said.worker_id not in known:
            row.refuse("worker_id", "worker.unknown", "责任社工须是本站在岗的社工。")


def find_doubles(actor: Actor, county: str, rows: Sequence[Checked]) -> None:
    """Compare a set with the active files within reach: equal numbers are refused, likely doubles ask for a reason.

    A row that carries an id is a file already; it is no double of itself.
    """
    found = _like(actor, rows)
    by_number = {(f["id_index"], f["id_county"]): f for f in found if f["id_index"]}
    by_name: dict[tuple[int, date | None], list[dict]] = {}
    by_phone: dict[int, list[dict]] = {}
    for file in found:
        by_name.setdefault((file["name_index"], file["birth_date"]), []).append(file)
        if file["phone_index"] is not None:
            by_phone.setdefault(file["phone_index"], []).append(file)
    for row in rows:
        same = by_number.get((row.id_index, county)) if row.id_index else None
        if same and same["id"] != row.id:
            _refuse_registered(row, same)
            continue
        alike = {f["id"]: (f, "name") for f in by_name.get((row.name_index, row.birth_date), ())}
        if row.phone_index is not None:
            alike |= {f["id"]: (f, "phone") for f in by_phone.get(row.phone_index, ()) if not _one_household(row, f)}
        row.doubles = [Double(key, f["number"], how) for key, (f, how) in alike.items() if key != row.id]
        if row.doubles and len(row.said.duplicate_reason.strip()) < REASON_MIN:
            _refuse_double(row)


def one_of(column: str, kind: str, values: Iterable[Any]) -> RawSQL:
    """`column = ANY(array)`: Django's `__in` adapts five thousand parameters one by one. The column is our own word."""
    literal = "{" + ",".join(map(str, values)) + "}"
    return RawSQL(f"cases_client.{column} = ANY(%s::{kind}[])", [literal], output_field=BooleanField())


def _like(actor: Actor, rows: Sequence[Checked]) -> list[dict[str, Any]]:
    wanted = (
        one_of("id_index", "uuid", {row.id_index for row in rows if row.id_index}),
        one_of("name_index", "bigint", {row.name_index for row in rows}),
        one_of("phone_index", "bigint", {row.phone_index for row in rows if row.phone_index is not None}),
    )
    columns = ("id", "number", "id_index", "id_county", "name_index", "phone_index", "birth_date", "household__number")
    active = Client.objects.visible_to(actor).filter(state=ClientState.ACTIVE)
    found: dict[UUID, dict[str, Any]] = {}
    # Three index scans; one OR over three columns would read the whole register.
    for condition in wanted:
        found |= {file["id"]: file for file in active.filter(condition).values(*columns)}
    return list(found.values())


def _one_household(row: Checked, file: dict[str, Any]) -> bool:
    """People of one household may share a telephone."""
    return bool(row.said.household_number) and row.said.household_number == file["household__number"]


def _refuse_registered(row: Checked, file: dict[str, Any]) -> None:
    row.doubles = [Double(file["id"], file["number"], "number")]
    message = f"这个证件号码已在档案 {file['number']} 登记，请打开该档案，不要重复建档。"
    row.refuse("id_number", "id_number_registered", message)


def _refuse_double(row: Checked) -> None:
    first = row.doubles[0]
    message = f"可能与档案 {first.number} 是同一人（{SAYS_HOW[first.how]}）；确认不是同一人的，请写明理由。"
    row.refuse("duplicate_reason", "possible_duplicate", message)
