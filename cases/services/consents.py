"""Consents: given by the person or the guardian, withdrawn as easily as given (PIPL art. 15, 29, 31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import orjson
from django.utils import timezone

from cases.enums import ConsentGiver, ConsentPurpose
from cases.models import Client, Consent
from cases.services.checking import GUARDIAN_BELOW
from cases.services.dossier import keep_change, lock_any, lock_client, part_of
from cases.services.inserting import KIND
from core.errors import Conflict, Invalid, NotFound
from core.identifiers import IdentifierProblem
from core.identifiers.names import normalise_person_name
from core.identifiers.phone import check_phone
from core.identifiers.resident_id import age_on
from core.privacy import crypto
from core.scoping import Actor, service


@dataclass(frozen=True, slots=True)
class ConsentInput:
    """What was agreed to, by whom, on which day, to which version of the text."""

    purpose: str
    given_by: str
    given_on: date
    text_version: str = "1"
    guardian_name: str = ""
    guardian_phone: str = ""
    witness: str = ""


@service
def give_consent(actor: Actor, *, client_id: UUID, said: ConsentInput, channel: str = "") -> Client:
    """Keep a consent. Under 14 only a guardian's counts, with name and phone. Raises Invalid, Conflict."""
    client = lock_client(actor, client_id)
    _check(client, said)
    standing = Consent.objects.visible_to(actor).filter(
        client=client, purpose=said.purpose, text_version=said.text_version, withdrawn_on=None
    )
    if standing.exists():
        raise Conflict("consent.given_already", "这一版同意书已经签过，而且没有撤回。")
    Consent.objects.create(
        **part_of(actor, client),
        purpose=said.purpose,
        text_version=said.text_version,
        given_by=said.given_by,
        guardian=_sealed_guardian(client, said),
        given_on=said.given_on,
        witness=said.witness,
    )
    after = {"purpose": said.purpose, "given_on": said.given_on.isoformat(), "given_by": said.given_by}
    return keep_change(actor, client, "client.consent_give", before={}, after=after, channel=channel)


@service
def withdraw_consent(actor: Actor, *, client_id: UUID, consent_id: UUID, channel: str = "") -> Client:
    """Take a consent back, from today, no reason asked (PIPL art. 15). Raises NotFound, Conflict (done already)."""
    client = lock_any(actor, client_id)
    rows = Consent.objects.visible_to(actor).filter(client=client)
    consent = rows.select_for_update(of=("self",)).filter(pk=consent_id).first()
    if consent is None:
        raise NotFound()
    if consent.withdrawn_on:
        raise Conflict("consent.withdrawn", "这份同意书已经撤回。")
    today = timezone.localdate()
    rows.filter(pk=consent_id).update(withdrawn_on=today, withdrawn_by_id=actor.user_id or 0)
    before = {"purpose": consent.purpose, "withdrawn_on": None}
    after = {"purpose": consent.purpose, "withdrawn_on": today.isoformat()}
    return keep_change(actor, client, "client.consent_withdraw", before=before, after=after, channel=channel)


def _check(client: Client, said: ConsentInput) -> None:
    fields: dict[str, list[str]] = {}
    if said.purpose not in ConsentPurpose.values:
        fields["purpose"] = ["没有这种用途。"]
    if said.given_by not in ConsentGiver.values:
        fields["given_by"] = ["请选择本人或监护人。"]
    if said.given_on > timezone.localdate():
        fields["given_on"] = ["同意日期不能晚于今天。"]
    child = client.birth_date is not None and age_on(client.birth_date, said.given_on) < GUARDIAN_BELOW
    if child and said.given_by != ConsentGiver.GUARDIAN:
        fields["given_by"] = ["未满 14 周岁须由监护人同意（个人信息保护法第三十一条）。"]
    if said.given_by == ConsentGiver.GUARDIAN:
        fields |= _guardian_problems(said)
    if fields:
        raise Invalid("consent.invalid", next(iter(fields.values()))[0], fields)


def _guardian_problems(said: ConsentInput) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    if not said.guardian_name.strip():
        fields["guardian_name"] = ["请填写监护人姓名。"]
    phone = check_phone(said.guardian_phone)
    if isinstance(phone, IdentifierProblem):
        fields["guardian_phone"] = [phone.message]
    return fields


def _sealed_guardian(client: Client, said: ConsentInput) -> bytes | None:
    if said.given_by != ConsentGiver.GUARDIAN:
        return None
    phone = check_phone(said.guardian_phone)
    number = "" if isinstance(phone, IdentifierProblem) else phone.number
    text = orjson.dumps({"name": normalise_person_name(said.guardian_name), "phone": number})
    return crypto.seal(bytes(client.person_key or b""), text, context=f"{KIND}:{client.pk}:guardian".encode())
