"""From a signed-in user to an Actor: membership, permissions, reach. Computed here and nowhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.roles import ROLES, permissions_of
from core.scoping import NATION, Actor, Reach, scope
from stations.models import Grant, Membership, Station

SESSION_KEY = "membership"


def valid_memberships(user_id: int) -> list[Membership]:
    """The memberships a user may act as today, the oldest first."""
    today = timezone.localdate()
    return list(
        Membership.objects.filter(user_id=user_id, revoked_at=None, valid_from__lte=today, user__is_active=True)
        .filter(Q(valid_to=None) | Q(valid_to__gt=today))
        .select_related("user", "region", "organisation")
        .order_by("id")
    )


def actor_from_session(request: Any) -> Actor | None:
    """The actor of a browser session. The choice is asked anew on each request: a revoked membership ends at once."""
    memberships = valid_memberships(request.user.pk)
    request.memberships = memberships
    request.second_factor_due = not settings.DEMO and any(ROLES[m.role].second_factor for m in memberships)
    if len(memberships) > 1:
        name_places(memberships)
    chosen = request.session.get(SESSION_KEY)
    membership = next((m for m in memberships if str(m.pk) == chosen), None)
    if membership is None and chosen:
        # A form filled in as one identity is not sent as another: only the next page looked at is another's.
        if request.method not in ("GET", "HEAD"):
            return None
        del request.session[SESSION_KEY]
    membership = membership or next(iter(memberships), None)
    return actor_as(membership) if membership else None


def actor_by_ids(user_id: int, membership_id: UUID) -> Actor | None:
    """The actor of a job: the same person as the same membership, if it still holds."""
    membership = next((m for m in valid_memberships(user_id) if m.pk == membership_id), None)
    return actor_as(membership) if membership else None


def actor_as(membership: Membership) -> Actor:
    """Somebody acting as this membership."""
    reach, place, code = reach_of(membership)
    return Actor(
        reach=reach,
        permissions=permissions_of(membership.role),
        user_id=membership.user_id,
        membership_id=membership.pk,
        role=membership.role,
        name=membership.user.display_name,
        place=place,
        grants=grants_of(membership),
        facts={"role_label": ROLES[membership.role].label, "title": membership.title, "region_code": code},
    )


def reach_of(membership: Membership) -> tuple[Reach, str, str]:
    """Reach, name and division of the place: a division, an organisation's stations, a station, the nation, named
    stations. The division is "" where the place is not one."""
    if membership.region:
        code = membership.region.code
        return Reach.region(code), membership.region.full_name, code
    if membership.organisation:
        ids = _stations(Q(operator_id=membership.organisation_id))
        return Reach.of_stations(tuple(ids)), membership.organisation.name, ""
    if membership.station_id:
        ids = _stations(Q(pk=membership.station_id) | Q(parent_id=membership.station_id))
        return Reach.of_stations(tuple(ids)), *ids[membership.station_id]
    if membership.is_national:
        return NATION, "全国", ""
    named = tuple(membership.named_stations.values_list("station_id", flat=True))
    return Reach.of_stations(named), f"{len(named)} 个站", ""


def grants_of(membership: Membership) -> tuple[UUID, ...]:
    """Grants open now, to this membership or its organisation; they widen no reach (architecture §"Who may")."""
    now = timezone.now()
    to_whom = Q(membership_id=membership.pk)
    if membership.organisation_id:
        to_whom |= Q(organisation_id=membership.organisation_id)
    found = Grant.objects.filter(to_whom, valid_from__lte=now, valid_until__gt=now)
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def name_places(memberships: list[Membership]) -> None:
    """Names of the stations, for the list of identities to choose from."""
    wanted = {m.station_id for m in memberships if m.station_id}
    names = _stations(Q(pk__in=wanted)) if wanted else {}
    for membership in memberships:
        if membership.station_id:
            membership.place_name = names.get(membership.station_id, ("", ""))[0]  # type: ignore[attr-defined]


def _stations(condition: Q) -> dict[UUID, tuple[str, str]]:
    """Station → name and division."""
    with scope(Actor.system("reach of a membership")):
        rows = Station.objects.unscoped("reach is computed before there is one").filter(condition)
        return {pk: (name, code) for pk, name, code in rows.values_list("id", "name", "region_code")}
