"""Reading memberships: who acts where, and whether that lies within an administrator's reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import ROLES
from core.errors import Invalid, NotFound
from core.scoping import NATION, Actor, Reach
from stations.models import Membership, MembershipStation, Organisation, Station


def live() -> Q:
    """Held today or later: neither revoked nor over."""
    return Q(revoked_at=None) & (Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()))


def region_of(membership: Membership) -> str:
    """The code of the place, as far as it is a division or an organisation's."""
    if membership.region_id:
        return membership.region_id
    return membership.organisation.region_id if membership.organisation else ""


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


@dataclass(frozen=True, slots=True)
class Held:
    """A membership as an administrator sees it."""

    membership: Membership
    role: str
    place: str
    tone: str
    state: str

    @property
    def is_live(self) -> bool:
        return self.tone in ("active", "waiting")


@dataclass(frozen=True, slots=True)
class AccountRow:
    user: User
    held: list[Held]


def account(actor: Actor, pk: int) -> User:
    """An account this administrator oversees, or the own one. Raises NotFound."""
    found = User.objects.filter(pk=pk).first()
    if found is None or not (found.pk == actor.user_id or is_manageable(actor, found)):
        raise NotFound()
    return found


def account_page(actor: Actor, *, text: str = "", after: str = "", size: int = 50) -> tuple[list[AccountRow], str]:
    """Accounts by user name, `size` a page; the second value is where the next page begins, or ""."""
    rows = accounts_of_reach(actor)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    found = list(rows.filter(username__gt=after)[: size + 1])
    held = memberships_of(actor, [user.pk for user in found[:size]])
    page = [AccountRow(user, [h for h in held.get(user.pk, []) if h.is_live]) for user in found[:size]]
    return page, page[-1].user.username if len(found) > size else ""


def memberships_of(actor: Actor, users: Iterable[int]) -> dict[int, list[Held]]:
    """Every membership of these accounts, the newest first."""
    held = Membership.objects.filter(user_id__in=list(users)).select_related("region", "organisation").order_by("-id")
    rows = list(held.prefetch_related("named_stations"))
    wanted = {row.station_id for row in rows} | {n.station_id for row in rows for n in row.named_stations.all()}
    names = dict(Station.objects.visible_to(actor).filter(pk__in=wanted - {None}).values_list("pk", "name"))
    found: dict[int, list[Held]] = {}
    for row in rows:
        found.setdefault(row.user_id, []).append(_held(row, names))
    return found


def _held(row: Membership, names: dict[UUID, str]) -> Held:
    today = timezone.localdate()
    tone, state = "active", "任职中"
    if row.revoked_at:
        tone, state = "archived", "已结束"
    elif row.valid_to and row.valid_to <= today:
        tone, state = "archived", "已到期"
    elif row.valid_from > today:
        tone, state = "waiting", "未开始"
    return Held(row, ROLES[row.role].label, _place(row, names), tone, state)


def _place(row: Membership, names: dict[UUID, str]) -> str:
    if row.region:
        return row.region.full_name
    if row.organisation:
        return row.organisation.name
    if row.station_id:
        return names.get(row.station_id, "范围外的站")
    if row.is_national:
        return "全国"
    return "、".join(names.get(named.station_id, "范围外的站") for named in row.named_stations.all()) or "未指定站点"


def stations_named(actor: Actor, names: Iterable[str]) -> list[Station]:
    """Stations by their full names, in that order. Raises Invalid for a name nothing or several bear within reach."""
    found = []
    for name in names:
        rows = list(Station.objects.visible_to(actor).filter(name=name)[:2])
        if len(rows) != 1:
            says = f"没有找到“{name}”，或不在您的范围内。" if not rows else f"有几个站叫“{name}”，请先改用区划任职。"
            raise Invalid("unknown_station", says, {"stations": [says]})
        found.append(rows[0])
    return found


def organisation_named(actor: Actor, text: str) -> Organisation:
    """An organisation by name or credit code. Raises Invalid."""
    rows = list(Organisation.objects.filter(Q(name=text) | Q(credit_code=text.upper()))[:2])
    if len(rows) != 1:
        says = "没有找到这个机构，请写全称或统一社会信用代码。"
        raise Invalid("unknown_organisation", says, {"organisation": [says]})
    return rows[0]
