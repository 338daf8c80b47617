"""Finding the credential behind a digest, and whom it acts as."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.scoping import Actor
from stations.actors import actor_as
from stations.models import ApiCredential, Membership, Organisation, Region

# Asked by every call of every external system: building this join through the ORM cost half of a list's answer.
FIND = """
SELECT c.digest, c.expiry, c.addresses, c.scopes, c.per_minute, u.id, u.username, u.display_name,
       m.id, m.role, m.title, m.is_national, m.station_id, r.code, r.full_name, o.id, o.name
FROM stations_apicredential c
JOIN accounts_user u ON u.id = c.user_id AND u.is_active
JOIN stations_membership m ON m.id = c.membership_id AND m.revoked_at IS NULL
    AND m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s)
LEFT JOIN stations_region r ON r.code = m.region_id
LEFT JOIN stations_organisation o ON o.id = m.organisation_id
WHERE c.digest = %(digest)s
"""


def find_credential(digest: str) -> ApiCredential | None:
    """The credential with this digest whose membership holds today; one read, whatever was asked. Only what signing in
    needs is filled in."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, {"digest": digest, "today": timezone.localdate()})
        row = cursor.fetchone()
    if row is None:
        return None
    user = User(id=row[5], username=row[6], display_name=row[7], is_active=True)
    membership = Membership(id=row[8], user=user, role=row[9], title=row[10], is_national=row[11], station_id=row[12])
    if row[13]:
        membership.region = Region(code=row[13], full_name=row[14])
    if row[15]:
        membership.organisation = Organisation(id=row[15], name=row[16])
    return ApiCredential(
        digest=row[0], expiry=row[1], addresses=row[2], scopes=row[3], per_minute=row[4], user=user,
        membership=membership,
    )  # fmt: skip


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
