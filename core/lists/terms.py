"""Personal search terms and drafts: kept sealed, each under a key of its own, and read back by their owner only."""

from __future__ import annotations

from uuid import UUID

import orjson

from core.errors import Forbidden, NotFound
from core.privacy import crypto
from core.scoping import Actor


def person_id(actor: Actor) -> int:
    """The person behind the actor: only a person keeps queries, terms and drafts. Raises Forbidden for a system."""
    if actor.user_id is None:
        raise Forbidden("not_a_person", "只有登录的人可以这样做。")
    return actor.user_id


def seal_alone(plain: bytes, *, context: bytes) -> bytes:
    """One value under a fresh key that stands, wrapped, before it: length(1) · wrapped key · sealed value."""
    wrapped, sealed = crypto.vault().seal_new_person(plain, context=context)
    return bytes((len(wrapped),)) + bytes(wrapped) + sealed


def open_alone(stored: bytes | memoryview, *, context: bytes) -> bytes:
    """Raises crypto.TamperedValue when anything does not match."""
    stored = bytes(stored)
    end = 1 + stored[0]
    return crypto.open_sealed(stored[1:end], stored[end:], context=context)


def keep_term(actor: Actor, list_key: str, values: dict[str, str]) -> UUID:
    """Seal what was asked; the id stands for it in the URL."""
    from core.lists.models import SearchTerm

    term = SearchTerm(user_id=person_id(actor))
    term.sealed = seal_alone(orjson.dumps(values), context=_context(term.pk, list_key))
    term.save(force_insert=True)
    return term.pk


def read_term(actor: Actor, list_key: str, given: str) -> tuple[UUID, dict[str, str]]:
    """What was asked under this id. Raises NotFound for anybody but the one who asked, and on another list."""
    from core.lists.models import SearchTerm

    try:
        term = SearchTerm.objects.get(pk=UUID(given), user_id=person_id(actor))
        return term.pk, orjson.loads(open_alone(term.sealed, context=_context(term.pk, list_key)))
    except (ValueError, SearchTerm.DoesNotExist, crypto.TamperedValue) as error:
        raise NotFound("unknown_term", "这个检索已失效，或是别人的检索。请重新输入要查的内容。") from error


def _context(term: UUID, list_key: str) -> bytes:
    return f"search-term:{term}:{list_key}".encode()
