"""Forms somebody had begun: sealed on the server, for their owner only, gone once the form is sent."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from core.errors import Invalid
from core.lists.models import Draft
from core.lists.terms import open_alone, person_id, seal_alone
from core.privacy.crypto import TamperedValue
from core.scoping import Actor, service

KEY = re.compile(r"[a-z0-9_.:-]{1,120}\Z")
MOST_BYTES = 64 * 1024


@service
def keep_draft(actor: Actor, form_key: str, data: QueryDict) -> None:
    """Seal what stands in the form now, over what was kept before. Raises Invalid on a strange key or over 64 KB."""
    plain = data.urlencode().encode()
    if not KEY.match(form_key) or len(plain) > MOST_BYTES:
        raise Invalid("bad_draft", "草稿太大或无法识别，没有保存。")
    sealed = seal_alone(plain, context=_context(actor, form_key))
    Draft.objects.update_or_create(user_id=person_id(actor), form_key=form_key, defaults={"sealed": sealed})


@service
def discard_draft(actor: Actor, form_key: str) -> None:
    """Forget it; also called by a form that was sent."""
    Draft.objects.filter(user_id=person_id(actor), form_key=form_key).delete()


def read_draft(actor: Actor, form_key: str) -> QueryDict | None:
    """What stood in the form, or None."""
    draft = Draft.objects.filter(user_id=person_id(actor), form_key=form_key).first()
    if draft is None:
        return None
    try:
        return QueryDict(open_alone(draft.sealed, context=_context(actor, form_key)).decode())
    except TamperedValue:
        return None


def draft_context(request: Any, form_key: str) -> dict[str, Any]:
    """What templates/components/form.html reads: where drafts go, and the one that waits. The page restores it when
    asked with `?draft=1`: `form = TheForm(initial=initial_of(read_draft(actor, key)))`."""
    address = reverse("core:draft", args=[form_key])
    waiting = None if request.GET.get("draft") else Draft.objects.filter(
        user_id=request.actor.user_id, form_key=form_key
    ).only("saved_at").first()  # fmt: skip
    found: dict[str, Any] = {"draft_url": address}
    if waiting is not None:
        found["draft"] = {
            "saved_at": waiting.saved_at,
            "restore_url": f"{request.path}?draft=1",
            "discard_url": f"{reverse('core:draft_discard', args=[form_key])}?next={request.path}",
        }
    return found


def initial_of(data: QueryDict | None) -> dict[str, Any]:
    """A draft as the initial values of its form, so that nothing is validated before it is sent."""
    if data is None:
        return {}
    return {name: values if len(values) > 1 else values[0] for name, values in data.lists()}


def _context(actor: Actor, form_key: str) -> bytes:
    return f"draft:{actor.user_id}:{form_key}".encode()
