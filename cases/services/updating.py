"""Changing what a file says: in sets, against the version somebody saw, with what stood there kept under seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.roles import Perm
from cases.enums import ClientState, ConsentGiver
from cases.models import Client, ClientHistory, Consent
from cases.services.checking import Checked, ClientInput, Problem, check_input
from cases.services.clients import TAKEN_ELSEWHERE, ClientChange, Outcome, refusal
from cases.services.dossier import CHANGED_MEANWHILE, SAYS_STATE, keep_change, part_of, record, stated_reason
from cases.services.inserting import KIND, seal_history
from cases.services.screening import find_doubles, index, refuse_foreign_workers
from core.errors import Conflict, NotFound, Refused
from core.privacy.crypto import vault
from core.privacy.identity import identity_columns
from core.scoping import Actor, service
from stations.models import Station

SEALED = ("name", "id_number", "phone", "address", "no_document_reason", "guardian_name", "guardian_phone")
PLAIN = ("document_type", "birth_date", "sex", "community", "relation", "worker_id")
IDENTIFYING = frozenset({"document_type", "id_number", "birth_date", "sex"})
RESEMBLING = frozenset({"name", "birth_date", "phone", "id_number"})
EXPLAINING = frozenset({"mismatch_reason", "duplicate_reason"})
EDITABLE = frozenset((*SEALED, *PLAIN)) | EXPLAINING


@service
def update_client(actor: Actor, *, change: ClientChange, channel: str = "") -> Client:
    """Change one file, or raise why not: NotFound, Conflict (`changed_meanwhile`), Refused, Invalid by field."""
    [outcome] = update_clients(actor, changes=[change], channel=channel)
    if outcome.problems:
        raise _refusal(outcome)
    return Client.objects.visible_to(actor).get(pk=change.client_id)


@service
def update_clients(actor: Actor, *, changes: Sequence[ClientChange], channel: str = "") -> list[Outcome]:
    """Change a set of files; each good one is written, each bad one says why it was not.

    A change that changes nothing writes nothing. `Outcome.before` holds the changed fields as they stood.
    """
    actor.require(Perm.CLIENT_WRITE)
    files = _locked(actor, [change.client_id for change in changes])
    consents = _guardian_consents(actor, list(files))
    outcomes = []
    for place, change in enumerate(changes):
        outcomes.append(_change_one(actor, place, change, files.get(change.client_id), consents, channel))
    return outcomes


@service
def withdraw_client(actor: Actor, *, client_id: UUID, version: int, reason: str, channel: str = "") -> Client:
    """Take a file off the register (entered by mistake, moved away); it can be restored."""
    [outcome] = withdraw_clients(actor, seen=[(client_id, version)], reason=reason, channel=channel)
    if outcome.problems:
        raise _refusal(outcome)
    return Client.objects.visible_to(actor).get(pk=client_id)


@service
def withdraw_clients(
    actor: Actor, *, seen: Sequence[tuple[UUID, int]], reason: str, channel: str = ""
) -> list[Outcome]:
    """Take files off the register: (id, version somebody saw). A file touched since is left alone and says so."""
    return _move(actor, seen, reason, channel, ClientState.ACTIVE, ClientState.WITHDRAWN, "client.withdraw")


@service
def restore_clients(actor: Actor, *, seen: Sequence[tuple[UUID, int]], reason: str, channel: str = "") -> list[Outcome]:
    """Put withdrawn files back on the register."""
    return _move(actor, seen, reason, channel, ClientState.WITHDRAWN, ClientState.ACTIVE, "client.restore")


@service
def restore_client(actor: Actor, *, client_id: UUID, version: int, reason: str, channel: str = "") -> Client:
    """Put one withdrawn file back. Raises as `withdraw_client`, and Conflict when its number was registered since."""
    [outcome] = restore_clients(actor, seen=[(client_id, version)], reason=reason, channel=channel)
    if outcome.problems:
        raise _refusal(outcome)
    return Client.objects.visible_to(actor).get(pk=client_id)


def stands(client: Client) -> ClientInput:
    """The file as an input would say it: what a form shows and a change starts from. Raises ErasedPerson."""
    particulars = client.particulars()
    sealed = {name: getattr(particulars, name) for name in SEALED}
    open_columns = {name: getattr(client, name) for name in PLAIN}
    return ClientInput(**sealed, **open_columns, registered_on=client.registered_on)


# -- inside


def _refusal(outcome: Outcome) -> Exception:
    code = outcome.problems[0].code
    if code == "not_found":
        return NotFound()
    if code == "client_closed":
        return Refused(code, outcome.problems[0].message)
    if code == "changed_meanwhile":
        return Conflict(code, outcome.problems[0].message)
    return refusal(outcome)


def _locked(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Client]:
    """In key order, so that two sets wait for each other instead of locking crosswise."""
    rows = Client.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return {client.pk: client for client in rows}


def _guardian_consents(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, date]:
    given = Consent.objects.visible_to(actor).filter(client__in=ids, given_by=ConsentGiver.GUARDIAN)
    return dict(given.values("client_id").annotate(on=Max("given_on")).values_list("client_id", "on"))


def _standing_problem(client: Client | None, version: int, state: ClientState = ClientState.ACTIVE) -> Problem | None:
    if client is None:
        return Problem("", "not_found", "没有找到，或不在您的范围内。")
    if client.version != version:
        return Problem("", "changed_meanwhile", CHANGED_MEANWHILE)
    if client.state != state:
        said = SAYS_STATE.get(ClientState(client.state), "档案在册")
        return Problem("", "client_closed", f"{said}，不能这样改。")
    return None


def _change_one(
    actor: Actor,
    place: int,
    change: ClientChange,
    client: Client | None,
    consents: dict[UUID, date],
    channel: str,
) -> Outcome:
    problem = _standing_problem(client, change.version)
    if problem or client is None:
        return Outcome(place, problems=(problem,) if problem else ())
    unknown = change.fields.keys() - EDITABLE - {"consent_on", "witness", "consent_version"}
    if unknown:
        return Outcome(place, problems=(Problem(min(unknown), "field.unknown", "没有这一项，或不能这样改。"),))
    before = stands(client)
    row = _checked(actor, place, client, replace(before, **change.fields), consents, change.fields.keys())
    if row.problems:
        return Outcome(place, problems=tuple(row.problems), doubles=tuple(row.doubles))
    after = _stored(row)
    changed = [name for name in (*SEALED, *PLAIN) if getattr(before, name) != after[name]]
    if not changed:
        return Outcome(place, client.pk, client.number, client.version, before={})
    old = {name: getattr(before, name) for name in changed}
    try:
        with transaction.atomic():
            _write(actor, client, row, old, {name: after[name] for name in changed}, change.reason, channel)
    except IntegrityError as error:
        if not is_number_taken(error):
            raise
        return Outcome(place, problems=(TAKEN_ELSEWHERE,))
    return Outcome(place, client.pk, client.number, client.version + 1, before=old)


def _checked(
    actor: Actor, place: int, client: Client, said: ClientInput, consents: dict[UUID, date], touched: Any
) -> Checked:
    """The whole file as it would stand, checked like a new one; an old disagreement was explained back then."""
    if not IDENTIFYING & set(touched):
        said = replace(said, mismatch_reason="登记时已说明")
    if not said.consent_on and client.pk in consents:
        said = replace(said, consent_on=consents[client.pk])
    row = check_input(said, row=place, today=timezone.localdate())
    row.id = client.pk
    index(row, vault())
    if "worker_id" in touched and said.worker_id != client.worker_id:
        station = Station.objects.visible_to(actor).get(pk=client.station_id)
        refuse_foreign_workers(actor, station, [row])
    before = stands(client)
    if any(getattr(before, name) != getattr(said, name) for name in RESEMBLING & set(touched)):
        find_doubles(actor, client.id_county, [row])
    return row


def _stored(row: Checked) -> dict[str, Any]:
    said = row.said
    own = {"document_type": str(row.document_type), "birth_date": row.birth_date, "sex": row.sex}
    given = {"community": said.community.strip(), "relation": said.relation, "worker_id": said.worker_id}
    return {name: getattr(row.particulars, name) for name in SEALED} | own | given


def _write(
    actor: Actor, client: Client, row: Checked, old: dict[str, Any], new: dict[str, Any], reason: str, channel: str
) -> None:
    key = bytes(client.person_key or b"")
    columns = identity_columns(
        row.particulars, kind=KIND, row_id=client.pk, region_code=client.region_code, person_key=key
    )
    stored = _stored(row)
    columns |= {name: stored[name] for name in PLAIN}
    version = client.version + 1
    now = timezone.now()
    written = Client.objects.visible_to(actor).filter(pk=client.pk, version=client.version)
    if not written.update(**columns, version=version, updated_at=now):
        raise Conflict("changed_meanwhile", CHANGED_MEANWHILE)
    explained = {name: text for name in EXPLAINING if (text := getattr(row.said, name)) and text != "登记时已说明"}
    sealed = seal_history(client.pk, key, _text(old), _text({**new, **explained}), vault())
    ClientHistory.objects.create(
        **part_of(actor, client), version=version, changed=sorted(new), sealed=sealed, reason=reason[:200]
    )
    record(actor, "client.update", [client], reason=reason, channel=channel, fields=sorted(new))


def _text(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if value is None or isinstance(value, str) else str(value) for name, value in values.items()}


def _move(
    actor: Actor,
    seen: Sequence[tuple[UUID, int]],
    reason: str,
    channel: str,
    state: ClientState,
    to: ClientState,
    act: str,
) -> list[Outcome]:
    actor.require(Perm.CLIENT_WRITE)
    why = stated_reason(reason)
    files = _locked(actor, [client_id for client_id, _ in seen])
    outcomes = []
    for place, (client_id, version) in enumerate(seen):
        client = files.get(client_id)
        problem = _standing_problem(client, version, state)
        if problem or client is None:
            outcomes.append(Outcome(place, problems=(problem,) if problem else ()))
            continue
        outcomes.append(_move_one(actor, place, client, to, act, why, channel))
    return outcomes


def _move_one(actor: Actor, place: int, client: Client, to: ClientState, act: str, why: str, channel: str) -> Outcome:
    try:
        with transaction.atomic():
            keep_state(actor, client, to, act, why, channel)
    except IntegrityError as error:
        if not is_number_taken(error):
            raise
        return Outcome(place, problems=(TAKEN_ELSEWHERE,))
    return Outcome(place, client.pk, client.number, client.version + 1)


def is_number_taken(error: IntegrityError) -> bool:
    return "client_once_a_county" in str(error)


def keep_state(actor: Actor, client: Client, to: ClientState, act: str, why: str, channel: str) -> None:
    before, after = {"state": client.state}, {"state": to.value}
    keep_change(actor, client, act, before=before, after=after, reason=why, channel=channel, set_columns={"state": to})
