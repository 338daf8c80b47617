"""Looking behind the mask: an act with a reason, which the person can read in 谁看过我的档案."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Perm
from cases.enums import ClientState
from cases.models import Client
from cases.services.dossier import record, stated_reason
from core.errors import Invalid, NotFound
from core.privacy.crypto import ErasedPerson
from core.scoping import Actor, service

REVEALABLE = {
    "name": "姓名",
    "id_number": "证件号码",
    "phone": "电话",
    "address": "住址",
    "guardian_name": "监护人姓名",
    "guardian_phone": "监护人电话",
}


@service
def reveal(actor: Actor, *, client_id: UUID, field: str, reason: str, channel: str = "") -> str:
    """One value in full, and the audit row `client.reveal` with the reason, or neither.

    Raises Forbidden, Invalid (not a revealable field), Refused (`reason_missing`), NotFound, ErasedPerson.
    """
    actor.require(Perm.CLIENT_REVEAL)
    why = stated_reason(reason)
    if field not in REVEALABLE:
        raise Invalid("field.unknown", "没有这一项。")
    client = Client.objects.visible_to(actor).filter(pk=client_id).first()
    if client is None:
        raise NotFound()
    if client.state == ClientState.ERASED:
        raise ErasedPerson()
    value: str = getattr(client.particulars(), field)
    record(actor, "client.reveal", [client], reason=why, channel=channel, field=field)
    return value
