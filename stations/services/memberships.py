"""Memberships and grants: giving and ending the right to act somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries.reach import require_manageable
from accounts.roles import ROLES, Perm
from core import audit
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.scoping import NATION, Actor, service
from stations.models import Grant, Membership, MembershipStation, Organisation, Region, Station
from stations.queries.memberships import region_of, stations_in_reach

OVERLAP = "membership_administrators_apart"


@service
def give_membership(
    actor: Actor,
    *,
    user: User,
    role: str,
    region: Region | None = None,
    organisation: Organisation | None = None,
    station: Station | None = None,
    stations: Sequence[Station] = (),
    is_national: bool = False,
    title: str = "",
    valid_from: date,
    valid_to: date | None = None,
) -> Membership:
    """Let somebody act in a role at one place: a division, an organisation, a station, named stations or the nation.

    Raises NotFound when the person or the place is out of reach, Forbidden on one's own account, Invalid on a wrong
    form of place or days, Refused when the role excludes one already held, Conflict when it is held already."""
    actor.require(Perm.ACCOUNT_MANAGE)
    user = User.objects.select_for_update().get(pk=user.pk)
    require_manageable(actor, user)
    _check_form(role, [region, organisation, station, stations or None, is_national or None], valid_from, valid_to)
    _require_place(actor, region, organisation, [station] if station else stations, is_national)
    _refuse_excluded(user, role, valid_from, valid_to)
    membership = Membership(
        user=user, role=role, region=region, organisation=organisation, station=station, is_national=is_national,
        title=title.strip(), valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    _save(membership, role)
    MembershipStation.objects.bulk_create(MembershipStation(membership=membership, station=row) for row in stations)
    audit.record(
        actor, "membership.given", kind="membership", ids=[membership.pk], region_code=region_of(membership),
        station_id=station.pk if station else None, user=user.pk, role=role, stations=len(stations),
    )  # fmt: skip
    return membership


def _check_form(role: str, places: list, valid_from: date, valid_to: date | None) -> None:
    fields = {}
    if role not in ROLES:
        fields["role"] = ["没有这个角色。"]
    if sum(place is not None for place in places) != 1:
        fields["region"] = ["任职地点须且只能选一种：区划、机构、社工站、指定的几个站或全国。"]
    if valid_to is not None and valid_to <= valid_from:
        fields["valid_to"] = ["截止日须晚于起始日。"]
    if fields:
        raise Invalid("bad_membership", "任职信息有误。", fields)


def _require_place(
    actor: Actor,
    region: Region | None,
    organisation: Organisation | None,
    stations: Sequence[Station],
    is_national: bool,
) -> None:
    """The place must lie within the giver's own reach: nobody hands out more than they oversee."""
    if actor.is_system or actor.reach == NATION:
        return
    code = region.code if region else organisation.region_id if organisation else ""
    if is_national or (code and not actor.reach.covers(code, None)):
        raise NotFound("place_out_of_reach", "没有找到这个地点，或不在您的范围内。")
    if stations and len(stations_in_reach(actor, [row.pk for row in stations])) != len({row.pk for row in stations}):
        raise NotFound("place_out_of_reach", "没有找到这个社工站，或不在您的范围内。")


def _refuse_excluded(user: User, role: str, valid_from: date, valid_to: date | None) -> None:
    for held in Membership.objects.filter(user=user, revoked_at=None, role__in=ROLES[role].excludes):
        begins_before = valid_to is None or held.valid_from < valid_to
        ends_after = held.valid_to is None or held.valid_to > valid_from
        if begins_before and ends_after:
            raise _excluded(role, ROLES[held.role].label)


def _excluded(role: str, other: str) -> Refused:
    says = f"“{ROLES[role].label}”与已任的“{other}”不能由同一人担任（三员分立）。"
    return Refused("roles_exclude", says, {"role": [says]})


def _save(membership: Membership, role: str) -> None:
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        # The constraints decide when two administrators press at the same time.
        if OVERLAP in str(error):
            raise _excluded(role, "管理员") from error
        if "membership_once" in str(error):
            raise Conflict("membership_held", "此人在这里已经有同样的任职。") from error
        raise


@service
def end_membership(actor: Actor, *, membership: Membership, reason: str) -> None:
    """From the next request on nobody acts as it.

    Raises NotFound out of reach, Forbidden on one's own account, Conflict when it ended already."""
    actor.require(Perm.ACCOUNT_MANAGE)
    row = Membership.objects.select_for_update(of=("self",)).select_related("user").filter(pk=membership.pk).first()
    if row is None:
        raise NotFound()
    require_manageable(actor, row.user)
    if not reason.strip():
        raise Refused("reason_needed", "请写明结束任职的原因。", {"reason": ["请写明结束任职的原因。"]})
    if row.revoked_at is not None:
        raise Conflict("ended_already", "这个任职已经结束了。")
    row.revoked_at = timezone.now()
    row.revoked_by_id = actor.user_id or 0
    row.save(update_fields=["revoked_at", "revoked_by_id"])
    audit.record(
        actor, "membership.ended", kind="membership", ids=[row.pk], region_code=region_of(row),
        station_id=row.station_id, reason=reason.strip()[:200], user=row.user_id, role=row.role,
    )  # fmt: skip


@service
def open_grant(
    actor: Actor,
    *,
    what: str,
    valid_from: datetime,
    valid_until: datetime,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
) -> Grant:
    """Open frozen rows of their own to a membership or to an organisation for a while; reach stays what it is.

    The app that froze the rows asks, as the system naming its reason or as somebody who manages accounts."""
    actor.require(Perm.ACCOUNT_MANAGE)
    if (membership is None) == (organisation is None):
        raise Invalid("bad_grant", "授权须给一个任职或一个机构。")
    if valid_until <= valid_from:
        raise Invalid("bad_grant", "授权的截止须晚于起始。", {"valid_until": ["授权的截止须晚于起始。"]})
    if membership is not None:
        require_manageable(actor, membership.user)
    elif not actor.is_system and not actor.reach.covers(organisation.region_id, None):  # type: ignore[union-attr]
        raise NotFound()
    grant = Grant.objects.create(
        membership=membership, organisation=organisation, what=what, valid_from=valid_from, valid_until=valid_until,
        created_by_id=actor.user_id,
    )  # fmt: skip
    audit.record(actor, "grant.opened", kind="grant", ids=[grant.pk], what=what)
    return grant


@service
def close_grant(actor: Actor, *, grant: Grant) -> None:
    """It ends now. Raises Conflict when it is over already."""
    actor.require(Perm.ACCOUNT_MANAGE)
    row = Grant.objects.select_for_update(of=("self",)).select_related("membership__user").get(pk=grant.pk)
    if row.membership is not None:
        require_manageable(actor, row.membership.user)
    elif not actor.is_system and not actor.reach.covers(row.organisation.region_id, None):  # type: ignore[union-attr]
        raise Forbidden()
    now = timezone.now()
    if row.valid_until <= now:
        raise Conflict("grant_over", "这项授权已经到期。")
    if row.valid_from >= now:
        row.delete()  # it never opened anything
    else:
        row.valid_until = now
        row.save(update_fields=["valid_until"])
    audit.record(actor, "grant.closed", kind="grant", ids=[grant.pk], what=row.what)
