"""The global search: every app's registered sources, asked under this actor's permissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import registries
from core.errors import Invalid
from core.registries import Found
from core.scoping import Actor

MOST_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Hits:
    label: str
    found: Sequence[Found]
    more: bool


def find(actor: Actor, text: str, *, limit: int) -> list[Hits]:
    """Up to `limit` hits of each source. Raises Invalid beyond 60 characters."""
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise Invalid("term_too_long", f"要查的内容不超过 {MOST_CHARACTERS} 个字。")
    if not text:
        return []
    hits = []
    for source in registries.searches.values():
        if actor.may(source.permission):
            found = list(source.find(actor, text, limit + 1))
            if found:
                hits.append(Hits(source.label, found[:limit], more=len(found) > limit))
    return hits
