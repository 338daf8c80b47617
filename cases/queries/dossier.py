"""One client's file as this actor is shown it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from accounts.roles import Perm
from cases.enums import Category, ClientState, ConsentGiver, ConsentPurpose, Relation
from cases.models import Client, ClientCategory, ClientHistory, Consent
from cases.queries.masks import ERASED_NAME, sees_names, shown_name, shown_number
from cases.queries.people import station_names, user_names, worker_names
from core import audit
from core.errors import NotFound
from core.identifiers.documents import LABELS as DOCUMENT_LABELS
from core.identifiers.documents import DocumentType
from core.identifiers.masking import mask_address, mask_name, mask_phone
from core.identifiers.resident_id import age_on
from core.privacy import crypto
from core.privacy.identity import SEX_CHOICES, Particulars
from core.scoping import Actor

SEX_LABELS = {code.value: label for code, label in SEX_CHOICES}
FIELD_LABELS = {
    "name": "姓名", "document_type": "证件类型", "id_number": "证件号码", "no_document_reason": "无证件原因",
    "birth_date": "出生日期", "sex": "性别", "phone": "电话", "address": "住址", "community": "村（社区）",
    "guardian_name": "监护人", "guardian_phone": "监护人电话", "worker_id": "责任社工", "relation": "与户主关系",
    "state": "状态", "category": "类别", "valid_from": "起", "valid_to": "止", "household": "户",
    "purpose": "同意书", "given_on": "签署日期", "given_by": "谁同意", "withdrawn_on": "撤回日期",
    "merged_into": "合并到", "merged_from": "并入", "mismatch_reason": "与证件不一致的原因",
    "duplicate_reason": "不是同一人的理由",
}  # fmt: skip
MASKS = {
    "name": mask_name, "guardian_name": mask_name, "phone": mask_phone, "guardian_phone": mask_phone,
    "address": mask_address,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CategoryLine:
    id: UUID
    label: str
    valid_from: date
    valid_to: date | None
    evidence: str

    @property
    def is_open(self) -> bool:
        return self.valid_to is None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    id: UUID
    label: str
    text_version: str
    giver: str
    given_on: date
    witness: str
    withdrawn_on: date | None

    @property
    def stands(self) -> bool:
        return self.withdrawn_on is None


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    relation: str
    name: str
    age: int | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the time line or the history."""

    at: datetime
    by: str
    act: str
    reason: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClientPage:
    """What the page shows; every personal value is masked already unless this actor may see it."""

    id: UUID
    version: int
    number: str
    state: str
    state_label: str
    name: str
    sex: str
    age: int | None
    birth_date: date | None
    document: str
    masked: dict[str, str]
    community: str
    station_id: UUID
    station: str
    worker: str
    registered_on: date
    vouched_by: str
    is_example: bool
    household: str
    merged_into: UUID | None
    categories: list[CategoryLine]
    consents: list[ConsentLine]
    members: list[Member]

    @property
    def is_erased(self) -> bool:
        return self.state == ClientState.ERASED

    @property
    def is_active(self) -> bool:
        return self.state == ClientState.ACTIVE


def visible_client(actor: Actor, client_id: UUID) -> Client:
    """The row, or NotFound: missing and out of reach alike."""
    actor.require(Perm.CLIENT_READ)
    client = Client.objects.visible_to(actor).select_related("household").filter(pk=client_id).first()
    if client is None:
        raise NotFound()
    return client


def client_page(actor: Actor, client_id: UUID, *, how: str = "read") -> ClientPage:
    """The whole page; noted as a look at this file. Raises Forbidden, NotFound."""
    client = visible_client(actor, client_id)
    audit.note("client", [client.pk], how=how)
    today = timezone.localdate()
    said = client.particulars() if client.person_key else None
    return ClientPage(
        id=client.pk,
        version=client.version,
        number=client.number,
        state=client.state,
        state_label=ClientState(client.state).label,
        name=shown_name(actor, said.name) if said else ERASED_NAME,
        sex=SEX_LABELS.get(client.sex, "未知"),
        age=age_on(client.birth_date, today) if client.birth_date else None,
        birth_date=client.birth_date,
        document=DOCUMENT_LABELS[DocumentType(client.document_type)],
        masked=masked_particulars(said, client.birth_date, today),
        community=client.community,
        station_id=client.station_id,
        station=station_names(actor, [client.station_id]).get(client.station_id, ""),
        worker=worker_names(actor, [client.worker_id]).get(client.worker_id, "") if client.worker_id else "",
        registered_on=client.registered_on,
        vouched_by=client.vouched_by,
        is_example=client.is_example,
        household=client.household.number if client.household else "",
        merged_into=client.merged_into_id,
        categories=category_lines(actor, client),
        consents=consent_lines(actor, client),
        members=household_members(actor, client),
    )


def masked_particulars(said: Particulars | None, birth_date: date | None, today: date) -> dict[str, str]:
    """Numbers, telephones, addresses and guardians are masked for everybody; revealing is an act with a reason."""
    if said is None:
        return dict.fromkeys(("id_number", *MASKS), "")
    masked = {name: mask(getattr(said, name)) for name, mask in MASKS.items()}
    return masked | {"id_number": shown_number(said.id_number, birth_date, today)}


def category_lines(actor: Actor, client: Client) -> list[CategoryLine]:
    rows = ClientCategory.objects.visible_to(actor).filter(client=client).order_by("valid_to", "-valid_from")
    return [
        CategoryLine(
            row.pk,
            Category(row.category).label,
            row.valid_from,
            row.valid_to,
            _opened(client, row.evidence, "evidence") if sees_names(actor) else "",
        )
        for row in rows
    ]


def _opened(client: Client, sealed: bytes | memoryview | None, what: str) -> str:
    if not sealed or not client.person_key:
        return ""
    context = f"client:{client.pk}:{what}".encode()
    return crypto.open_sealed(bytes(client.person_key), bytes(sealed), context=context).decode()


def consent_lines(actor: Actor, client: Client) -> list[ConsentLine]:
    rows = Consent.objects.visible_to(actor).filter(client=client).order_by("-given_on", "purpose")
    return [
        ConsentLine(
            row.pk,
            ConsentPurpose(row.purpose).label,
            row.text_version,
            ConsentGiver(row.given_by).label,
            row.given_on,
            row.witness,
            row.withdrawn_on,
        )
        for row in rows
    ]


def household_members(actor: Actor, client: Client) -> list[Member]:
    if client.household_id is None:
        return []
    today = timezone.localdate()
    rows = Client.objects.visible_to(actor).filter(household_id=client.household_id, person_key__isnull=False)
    rows = list(rows.order_by("created_at", "id")[:30])
    audit.note("client", [row.pk for row in rows if row.pk != client.pk], how="listed")
    return [
        Member(
            row.pk,
            Relation(row.relation).label if row.relation else "–",
            shown_name(actor, row.particulars().name),
            age_on(row.birth_date, today) if row.birth_date else None,
            row.pk == client.pk,
        )
        for row in rows
    ]


ACT_LABELS = {
    "household": "户籍关系", "category": "对象类别", "purpose": "同意书", "state": "状态", "merged_from": "合并",
}  # fmt: skip


def history(actor: Actor, client_id: UUID) -> list[Moment]:
    """Every change with what stood there, latest first, masked. An erased file has none left to read."""
    client = visible_client(actor, client_id)
    if not client.person_key:
        return []
    rows = list(ClientHistory.objects.visible_to(actor).filter(client=client).order_by("-version")[:200])
    names = user_names(row.created_by_id for row in rows)
    workers = worker_names(actor, _workers_in(client, rows))
    return [
        Moment(
            row.created_at,
            names.get(row.created_by_id, "系统"),
            next((label for name, label in ACT_LABELS.items() if name in row.changed), "修改资料"),
            row.reason,
            _differences(actor, json_of(client, row), workers),
        )
        for row in rows
    ]


def json_of(client: Client, row: ClientHistory) -> dict[str, dict[str, Any]]:
    return orjson.loads(_opened(client, row.sealed, "history"))


def _workers_in(client: Client, rows: list[ClientHistory]) -> list[UUID]:
    found = []
    for row in rows:
        if "worker_id" in row.changed:
            said = json_of(client, row)
            found += [UUID(side["worker_id"]) for side in said.values() if side.get("worker_id")]
    return found


def _differences(actor: Actor, said: dict[str, dict[str, Any]], workers: dict[UUID, str]) -> list[dict[str, str]]:
    before, after = said["before"], said["after"]
    return [
        {
            "label": FIELD_LABELS.get(name, name),
            "before": _in_words(actor, name, before.get(name), workers),
            "after": _in_words(actor, name, after.get(name), workers),
        }
        for name in sorted(
            {*before, *after}, key=lambda name: list(FIELD_LABELS).index(name) if name in FIELD_LABELS else 99
        )
    ]


def _place(name: str) -> int:
    """Fields in the order of the file; a field nobody named comes last."""
    names = list(FIELD_LABELS)
    return names.index(name) if name in FIELD_LABELS else len(names)


def _in_words(actor: Actor, name: str, value: Any, workers: dict[UUID, str]) -> str:
    if value in (None, ""):
        return ""
    text = str(value)
    if name == "name":
        return shown_name(actor, text)
    if name == "id_number":
        return shown_number(text, None, timezone.localdate())
    if name in MASKS:
        return MASKS[name](text)
    if name == "worker_id":
        return workers.get(UUID(text), "（已离岗）")
    return WORDS.get(name, {}).get(text, text)


WORDS: dict[str, dict[str, str]] = {
    "sex": {code.value: label for code, label in SEX_CHOICES},
    "document_type": {kind.value: label for kind, label in DOCUMENT_LABELS.items()},
    "category": dict(Category.choices),
    "purpose": dict(ConsentPurpose.choices),
    "given_by": dict(ConsentGiver.choices),
    "relation": dict(Relation.choices),
    "state": dict(ClientState.choices),
}
