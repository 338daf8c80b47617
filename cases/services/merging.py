"""Two files of one person: the second points to the first, and can be taken apart again."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from cases.enums import ClientState
from cases.models import Client
from cases.services.dossier import SAYS_STATE, keep_change, lock_any, stated_reason
from cases.services.updating import is_number_taken
from core.errors import Conflict, Refused
from core.scoping import Actor, service


@service
def merge_clients(actor: Actor, *, client_id: UUID, into_id: UUID, reason: str) -> Client:
    """`client_id` is the same person as `into_id`: it stays as it is and points there. Returns the file that remains.

    Raises Refused (itself, not active, other files point to it), NotFound, reason_missing.
    """
    why = stated_reason(reason)
    if client_id == into_id:
        raise Refused("merge.itself", "不能与自己合并。")
    # Both in key order, so that two merges crosswise wait instead of locking each other out.
    first, second = (lock_any(actor, one) for one in sorted((client_id, into_id)))
    client, into = (first, second) if first.pk == client_id else (second, first)
    for one in (client, into):
        if one.state != ClientState.ACTIVE:
            raise Refused("client_closed", f"{SAYS_STATE[ClientState(one.state)]}，不能合并。")
    if Client.objects.visible_to(actor).filter(merged_into=client).exists():
        raise Refused("merge.chain", "已有档案合并到这一份，请反过来合并。")
    columns = {"state": ClientState.MERGED, "merged_into_id": into.pk}
    before, after = {"state": client.state}, {"state": "merged", "merged_into": into.number}
    keep_change(actor, client, "client.merge", before=before, after=after, reason=why, set_columns=columns)
    return keep_change(actor, into, "client.merge_receive", before={}, after={"merged_from": client.number}, reason=why)


@service
def unmerge_client(actor: Actor, *, client_id: UUID, reason: str) -> Client:
    """Take a merge back: the file stands on its own again. Raises Refused (not merged), Conflict (taken since)."""
    why = stated_reason(reason)
    client = lock_any(actor, client_id)
    if client.state != ClientState.MERGED:
        raise Refused("merge.not_merged", "这份档案没有合并过。")
    columns = {"state": ClientState.ACTIVE, "merged_into_id": None}
    try:
        with transaction.atomic():
            return keep_change(
                actor, client, "client.unmerge", before={"state": "merged"}, after={"state": "active"},
                reason=why, set_columns=columns,
            )  # fmt: skip
    except IntegrityError as error:
        if not is_number_taken(error):
            raise
        raise Conflict("id_number_registered", "这个证件号码现在属于另一份在册档案，不能拆分。") from error
