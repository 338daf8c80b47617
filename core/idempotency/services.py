"""Remember a repeated write in the transaction of its effect (assurance, "Repeats, jobs, queues")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from core.errors import Invalid, Refused
from core.jobs.models import IdempotencyKey
from core.privacy import crypto
from core.scoping import Actor, scope

CLAIM = """
INSERT INTO core_idempotencykey (user_id, key, body, status, route, created_at)
VALUES (%s, %s, %s, 0, %s, now()) ON CONFLICT (user_id, key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a write did: the status it answers with and the object it made or changed."""

    status: int
    object_id: UUID | None


def once(actor: Actor, key: str, *, route: str, body: bytes, write: Callable[[], Effect]) -> tuple[Effect, bool]:
    """Run `write` once for this user and key; returns its effect and whether it is a repeat.

    A second request that comes while the first still runs waits on the unique index, then finds the row. Raises Invalid
    for an unusable key and Refused when the key was used for something else. The answer itself is rendered anew.
    """
    if not 8 <= len(key) <= 128 or not key.isascii() or not key.isprintable():
        raise Invalid("idempotency_key", "Idempotency-Key 须为 8 至 128 个可见 ASCII 字符。")
    digest = crypto.blind_index("idempotency", f"{route}\n{body.hex()}")
    with scope(actor):
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [actor.user_id, key, digest, route])
            claimed = cursor.fetchone()
        if not claimed:
            return _remembered(actor, key, digest), True
        effect = write()
        IdempotencyKey.objects.filter(pk=claimed[0]).update(status=effect.status, object_id=effect.object_id)
        return effect, False


def _remembered(actor: Actor, key: str, digest: bytes) -> Effect:
    row = IdempotencyKey.objects.get(user_id=actor.user_id or 0, key=key)
    if bytes(row.body) != digest:
        raise Refused("idempotency_mismatch", "同一 Idempotency-Key 已用于另一项请求。")
    return Effect(row.status, row.object_id)
