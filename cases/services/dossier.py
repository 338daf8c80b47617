"""What every change of one file does: lock it, move its version, keep what stood there under seal, write it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from accounts.roles import Perm
from cases.enums import ClientState
from cases.models import Client, ClientHistory
from cases.services.inserting import KIND, seal_history
from core import audit
from core.errors import Conflict, NotFound, Refused
from core.privacy.crypto import vault
from core.scoping import Actor

CHANGED_MEANWHILE = "这份档案刚被别人改过，请刷新后核对再保存；您填的内容没有丢。"
SAYS_STATE = {
    ClientState.WITHDRAWN: "档案已撤回",
    ClientState.MERGED: "档案已合并到另一份",
    ClientState.ERASED: "档案已依法清除",
}


def lock_client(actor: Actor, client_id: UUID, *, version: int | None = None, needs: str = Perm.CLIENT_WRITE) -> Client:
    """The file, locked and active. Raises Forbidden, NotFound, Conflict (`changed_meanwhile`), Refused."""
    client = lock_any(actor, client_id, needs=needs)
    if version is not None and client.version != version:
        raise Conflict("changed_meanwhile", CHANGED_MEANWHILE)
    if client.state != ClientState.ACTIVE:
        raise Refused("client_closed", f"{SAYS_STATE[ClientState(client.state)]}，不能再改。")
    return client


def lock_any(actor: Actor, client_id: UUID, *, needs: str = Perm.CLIENT_WRITE) -> Client:
    """The file in whatever state, locked. Raises Forbidden, NotFound."""
    actor.require(needs)
    client = Client.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=client_id).first()
    if client is None:
        raise NotFound()
    return client


def keep_change(
    actor: Actor,
    client: Client,
    act: str,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
    channel: str = "",
    set_columns: Mapping[str, Any] | None = None,
) -> Client:
    """Write the change of a locked file: columns, version, sealed history, audit row; re-read as the actor."""
    rows = Client.objects.visible_to(actor)
    rows.filter(pk=client.pk).update(**(set_columns or {}), version=F("version") + 1, updated_at=timezone.now())
    changed = sorted({*before, *after})
    if client.person_key:
        ClientHistory.objects.create(
            **part_of(actor, client),
            version=client.version + 1,
            changed=changed,
            sealed=seal_history(client.pk, bytes(client.person_key), dict(before), dict(after), vault()),
            reason=reason,
        )
    record(actor, act, [client], reason=reason, channel=channel, fields=changed)
    found = rows.filter(pk=client.pk).first()
    if found is None:
        raise NotFound()
    return found


def record(
    actor: Actor, act: str, clients: Sequence[Client], *, reason: str = "", channel: str = "", **details: Any
) -> None:
    """One audit row for files of one place."""
    first = clients[0]
    audit.record(
        actor,
        act,
        kind=KIND,
        ids=[client.pk for client in clients],
        region_code=first.region_code,
        station_id=first.station_id,
        reason=reason,
        channel=channel,
        **details,
    )


def part_of(actor: Actor, client: Client) -> dict[str, Any]:
    """What each row of a dossier says about whose it is and where it stands."""
    return {
        "client_id": client.pk,
        "station_id": client.station_id,
        "region_code": client.region_code,
        "created_by_id": actor.user_id,
    }


def stated_reason(reason: str, least: int = 4) -> str:
    """The reason, trimmed. Raises Refused when it says nothing."""
    text = reason.strip()
    if len(text) < least:
        raise Refused(
            "reason_missing", f"请写明原因（至少 {least} 个字）。", {"reason": [f"请写明原因（至少 {least} 个字）。"]}
        )
    if len(text) > 200:
        raise Refused("reason_too_long", "原因最多 200 个字。", {"reason": ["原因最多 200 个字。"]})
    return text
