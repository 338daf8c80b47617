"""Reading memberships: who acts where, and whether that lies within an administrator's reach."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core.scoping import NATION, Actor, Reach
from stations.models import Membership, MembershipStation, Station


def live() -> Q:
    """Held today or later: neither revoked nor over."""
    return Q(revoked_at=None) & (Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()))


def region_of(membership: Membership) -> str:
    """The code of the place, as far as it is a division or an organisation's."""
    if membership.region_id:
        return membership.region_id
    return membership.organisation.region_id if membership.organisation_id else ""


def stations_in_reach(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these stations the actor sees."""
    return set(Station.objects.visible_to(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


def accounts_of_reach(actor: Actor) -> QuerySet[User]:
    """Accounts whose live memberships all lie within reach; those without any belong to who opened them."""
    everyone = User.objects.order_by("username")
    if actor.is_system or actor.reach == NATION:
        return everyone
    outside = Membership.objects.filter(live()).exclude(_within(actor)).values("user_id")
    inside = Membership.objects.filter(_within(actor)).values("user_id")
    return everyone.exclude(pk__in=outside).filter(Q(pk__in=inside) | Q(opened_by_id=actor.user_id, memberships=None))


def _within(actor: Actor) -> Q:
    """Memberships at a place within reach; named stations count when every one of them is."""
    seen = Station.objects.visible_to(actor).values("pk")
    at_station = Q(station__in=seen)
    if not actor.reach.is_range:
        return at_station
    reach: Reach = actor.reach
    by_code = Q(region_id__gte=reach.lo, region_id__lt=reach.hi)
    by_organisation = Q(organisation__region_id__gte=reach.lo, organisation__region_id__lt=reach.hi)
    foreign = MembershipStation.objects.exclude(station__in=seen).values("membership_id")
    named = Q(pk__in=MembershipStation.objects.values("membership_id")) & ~Q(pk__in=foreign)
    return by_code | by_organisation | at_station | named


def is_manageable(actor: Actor, user: User) -> bool:
    """Whether the account is one of this administrator's."""
    return accounts_of_reach(actor).filter(pk=user.pk).exists()
