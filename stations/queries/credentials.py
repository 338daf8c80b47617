"""Finding the credential behind a digest, and whom it acts as."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils import timezone

from core.scoping import Actor
from stations.actors import actor_as
from stations.models import ApiCredential


def find_credential(digest: str) -> ApiCredential | None:
    """The credential with this digest whose membership holds today; one read, whatever was asked."""
    today = timezone.localdate()
    return (
        ApiCredential.objects.filter(digest=digest, user__is_active=True)
        .filter(membership__revoked_at=None, membership__valid_from__lte=today)
        .filter(Q(membership__valid_to=None) | Q(membership__valid_to__gt=today))
        .select_related("user", "membership__user", "membership__region", "membership__organisation")
        .first()
    )


def actor_of_credential(credential: ApiCredential) -> Actor:
    """The membership's actor, with no more than the credential's scopes."""
    actor = actor_as(credential.membership)
    scopes = frozenset(credential.scopes)
    return replace(
        actor,
        permissions=actor.permissions & scopes,
        token_scopes=scopes,
        facts={**actor.facts, "channel": "api"},
    )
