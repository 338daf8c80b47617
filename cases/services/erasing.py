"""Erasure: the person's key is destroyed, and with it every sealed value of the file, its history and its consents."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.utils import timezone

from cases.enums import ClientState
from cases.models import Client
from cases.services.dossier import lock_any, record, stated_reason
from core.errors import NotFound, Refused
from core.identifiers.documents import DocumentType
from core.identifiers.resident_id import Sex
from core.scoping import Actor, service


@service
def erase_client(actor: Actor, *, client_id: UUID, reason: str) -> Client:
    """Nothing personal is left; number, station and dates of the file stay as a mark that it was there.

    Raises Refused when it is erased already or another file was merged into it.
    """
    why = stated_reason(reason)
    client = lock_any(actor, client_id)
    if client.state == ClientState.ERASED:
        raise Refused("client_closed", "档案已依法清除。")
    rows = Client.objects.visible_to(actor)
    rows.filter(pk=client_id).update(
        person_key=None, sealed=b"", id_index=None, document_type=DocumentType.NONE, name_index=0, phone_index=None,
        initials="", birth_date=None, sex=Sex.UNKNOWN, community="", household=None, relation="", merged_into=None,
        state=ClientState.ERASED, version=F("version") + 1, updated_at=timezone.now(),
    )  # fmt: skip
    record(actor, "client.erase", [client], reason=why)
    found = rows.filter(pk=client_id).first()
    if found is None:
        raise NotFound()
    return found
