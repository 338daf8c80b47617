"""Opening and changing stations, points and rooms: place, state, profile and operators, each step dated."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.roles import Perm
from core import audit
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.identifiers import IdentifierProblem
from core.identifiers.names import initials_key
from core.identifiers.phone import check_phone
from core.scoping import Actor, scope, service
from stations.enums import STATUS_MOVES, OperatorRole, StationKind, StationStatus
from stations.models import (
    Organisation,
    Region,
    Station,
    StationOperator,
    StationProfile,
    StationStatusChange,
)

KIND = "station"
TOWNSHIP = 9
CHANGED_MEANWHILE = "这个站点刚被别人改过；您填的内容没有丢，请核对后再保存。"
Problems = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class StationInput:
    """What a station's record says. A point or room stands below a station, in the same township."""

    name: str
    region_code: str
    kind: str = StationKind.STATION
    parent_id: UUID | None = None
    founded_on: date | None = None
    address: str = ""
    phone: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class ProfileInput:
    """The site in figures as of one day (002-07)."""

    as_of: date
    source: str
    area_km2: Decimal | None = None
    residents: int | None = None
    communities_urban: int | None = None
    communities_fringe: int | None = None
    resident_groups: int | None = None
    ethnic_groups: int | None = None
    mixed_families: int | None = None


@service
def open_station(actor: Actor, *, said: StationInput) -> Station:
    """A new station in preparation. Raises Forbidden, Invalid by field, Conflict (name taken in that township).

    Whoever reaches single stations only may open points and rooms below them, not stations.
    """
    actor.require(Perm.STATION_MANAGE)
    columns = _columns(actor, said, None)
    station = Station(**columns, initials=initials_key(columns["name"])[:32], is_example=said.is_example)
    if actor.reach.is_range:
        _create(actor, station)
        return Station.objects.visible_to(actor).get(pk=station.pk)
    if said.parent_id is None:
        raise Forbidden("station.by_region_only", "新设社工站由乡镇街道以上的主管部门办理。")
    # The parent was found within reach; the new point enters it with the next request (actors.reach_of).
    with scope(Actor.system("a point opened below one's own station")):
        _create(actor, station)
    return station


@service
def change_station(actor: Actor, *, station_id: UUID, version: int, said: StationInput) -> Station:
    """Change the record somebody saw at `version`. Raises NotFound, Forbidden, Invalid, Conflict."""
    station = lock_station(actor, station_id, version=version)
    columns = _columns(actor, said, station)
    changed = sorted(name for name, value in columns.items() if getattr(station, name) != value)
    if not changed:
        return station
    if "region_code" in changed and not actor.reach.is_range:
        raise Forbidden("station.by_region_only", "站点换乡镇街道由主管部门办理。")
    return _keep(actor, station, "station.change", fields=changed, columns=columns)


@service
def move_status(actor: Actor, *, station_id: UUID, version: int, status: str, since: date, reason: str = "") -> Station:
    """One step in the station's life, dated. Raises Refused (no such step), Invalid (day, reason)."""
    station = lock_station(actor, station_id, version=version)
    now = StationStatus(station.status)
    if status not in StationStatus.values or StationStatus(status) not in STATUS_MOVES[now]:
        allowed = "、".join(step.label for step in StationStatus if step in STATUS_MOVES[now])
        message = f"站点现为“{now.label}”，" + (f"下一步只能是：{allowed}。" if allowed else "已是终态，不能再变更。")
        raise Refused("station.no_such_step", message, {"status": [message]})
    last = StationStatusChange.objects.visible_to(actor).filter(station=station).order_by("-since", "-id").first()
    _check_day("since", since, not_before=last.since if last else None)
    needs_reason = status in (StationStatus.PAUSED, StationStatus.CLOSED)
    if needs_reason and len(reason.strip()) < 4:
        raise Invalid("reason_missing", "请写明原因。", {"reason": ["暂停和撤销须写明原因（至少 4 个字）。"]})
    StationStatusChange.objects.create(**_part(actor, station), status=status, since=since, reason=reason.strip()[:200])
    return _keep(actor, station, "station.status", fields=["status"], columns={"status": status}, to=status)


@service
def record_profile(actor: Actor, *, station_id: UUID, said: ProfileInput) -> StationProfile:
    """The site in figures as of a day; a day stands once. Raises NotFound, Forbidden, Invalid, Conflict."""
    station = lock_station(actor, station_id)
    _check_day("as_of", said.as_of)
    if not said.source.strip():
        raise Invalid("source_missing", "请写明数字的来源。", {"source": ["请写明数字的来源。"]})
    if all(value is None for name, value in asdict(said).items() if name not in ("as_of", "source")):
        raise Invalid("profile.empty", "至少填写一个数字。", {"residents": ["至少填写一个数字。"]})
    try:
        with transaction.atomic():
            profile = StationProfile.objects.create(**_part(actor, station), **asdict(said))
    except IntegrityError as error:
        message = f"{said.as_of} 的概况已经登记过，请换一个日期。"
        raise Conflict("profile.once_a_day", message, {"as_of": [message]}) from error
    _record(actor, station, "station.profile", as_of=said.as_of.isoformat())
    return StationProfile.objects.visible_to(actor).get(pk=profile.pk)


@service
def appoint_operator(
    actor: Actor, *, station_id: UUID, version: int, organisation_id: UUID, role: str, since: date
) -> Station:
    """From `since` on this organisation plays this part; whoever played it until then ends that day (001-04).

    Raises Refused for one's own station (who runs it isn't the operator's to decide), Conflict when the parts overlap.
    """
    station = lock_station(actor, station_id, version=version)
    _only_by_region(actor)
    if role not in OperatorRole.values:
        raise Invalid("operator.role", "没有这个角色。", {"role": ["没有这个角色。"]})
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise Invalid("organisation.unknown", "没有这个机构。", {"organisation": ["没有这个机构，请重新选择。"]})
    _check_day("since", since)
    parts = StationOperator.objects.visible_to(actor).filter(station=station)
    _separate_duties(parts, organisation, role, since)
    parts.filter(role=role, valid_to=None, valid_from__lt=since).update(valid_to=since)
    try:
        with transaction.atomic():
            StationOperator.objects.create(
                **_part(actor, station), organisation=organisation, role=role, valid_from=since
            )
    except IntegrityError as error:
        message = "这一天已有机构承担同一角色，起始日期须晚于现任机构的起始日期。"
        raise Conflict("operator.overlap", message, {"since": [message]}) from error
    columns = {"operator_id": organisation.pk} if role == OperatorRole.OPERATOR else {}
    return _keep(actor, station, "station.operator", fields=["operator"], columns=columns, part=role)


@service
def end_operator(actor: Actor, *, station_id: UUID, version: int, role: str, until: date) -> Station:
    """Nobody plays this part from `until` on. Raises NotFound when nobody does, Invalid before the part began."""
    station = lock_station(actor, station_id, version=version)
    _only_by_region(actor)
    part = StationOperator.objects.visible_to(actor).filter(station=station, role=role, valid_to=None).first()
    if part is None:
        raise NotFound("operator.none", "现在没有机构承担这个角色。")
    _check_day("until", until, after=part.valid_from)
    StationOperator.objects.visible_to(actor).filter(pk=part.pk).update(valid_to=until)
    columns = {"operator_id": None} if role == OperatorRole.OPERATOR else {}
    return _keep(actor, station, "station.operator_end", fields=["operator"], columns=columns, part=role)


def lock_station(actor: Actor, station_id: UUID, *, version: int | None = None) -> Station:
    """The station, locked, at the version somebody saw. Raises Forbidden, NotFound, Conflict (`changed_meanwhile`)."""
    actor.require(Perm.STATION_MANAGE)
    station = Station.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=station_id).first()
    if station is None:
        raise NotFound()
    if version is not None and station.version != version:
        raise Conflict("changed_meanwhile", CHANGED_MEANWHILE)
    return station


# -- inside


def _create(actor: Actor, station: Station) -> None:
    _save(station, force_insert=True)
    since = min(station.founded_on or timezone.localdate(), timezone.localdate())
    StationStatusChange.objects.create(**_part(actor, station), status=station.status, since=since, reason="登记")
    _record(actor, station, "station.open")


def _save(station: Station, **how: Any) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            station.save(**how)
            # Ask the deferred guard now, while the refusal can still stand beside its field.
            cursor.execute("SET CONSTRAINTS station_within_township IMMEDIATE")
            cursor.execute("SET CONSTRAINTS station_within_township DEFERRED")
    except IntegrityError as error:
        if "station_name_once_a_place" in str(error):
            message = "这个乡镇街道已有同名站点，请核对。"
            raise Conflict("station.name_taken", message, {"name": [message]}) from error
        if "station_within_township" in str(error):
            message = "服务点和社工室须与上级站在同一乡镇街道。"
            raise Invalid("station.other_township", message, {"region": [message]}) from error
        raise


def _keep(actor: Actor, station: Station, act: str, *, fields: list[str], columns: dict, **details: Any) -> Station:
    for name, value in columns.items():
        setattr(station, name, value)
    if "name" in columns:
        station.initials = initials_key(station.name)[:32]
    station.version += 1
    _save(station)
    found = Station.objects.visible_to(actor).filter(pk=station.pk).first()
    if found is None:
        raise NotFound()
    _record(actor, found, act, fields=fields, **details)
    return found


def _record(actor: Actor, station: Station, act: str, **details: Any) -> None:
    audit.record(
        actor, act, kind=KIND, ids=[station.pk], region_code=station.region_code, station_id=station.pk, **details
    )


def _part(actor: Actor, station: Station) -> dict[str, Any]:
    return {"station_id": station.pk, "region_code": station.region_code, "created_by_id": actor.user_id}


def _columns(actor: Actor, said: StationInput, station: Station | None) -> dict[str, Any]:
    problems: Problems = {}
    name = " ".join(said.name.split())
    if not 2 <= len(name) <= 80:
        problems["name"] = ["请填写站点名称（2 至 80 字）。"]
    if said.kind not in StationKind.values:
        problems["kind"] = ["没有这个类型，请从列表中选择。"]
    if said.founded_on and said.founded_on > timezone.localdate():
        problems["founded_on"] = ["设立日期不能晚于今天。"]
    _check_place(actor, said, station, problems)
    phone = _phone(said.phone, problems)
    if problems:
        raise Invalid("station.invalid", "站点信息有误，请按提示修改。", problems)
    return {
        "name": name,
        "kind": said.kind,
        "region_code": said.region_code,
        "parent_id": said.parent_id,
        "founded_on": said.founded_on,
        "address": said.address.strip()[:200],
        "phone": phone,
    }


def _phone(text: str, problems: Problems) -> str:
    found = check_phone(text) if text.strip() else None
    if isinstance(found, IdentifierProblem):
        problems["phone"] = [found.message]
        return ""
    return found.number if found else ""


def _check_place(actor: Actor, said: StationInput, station: Station | None, problems: Problems) -> None:
    region = Region.objects.filter(code=said.region_code, valid_to=None).first()
    is_station = said.kind == StationKind.STATION
    if region is None or region.is_pseudo or len(region.code) < TOWNSHIP:
        problems["region"] = ["请选到乡镇街道一级的现行区划。"]
    elif is_station and len(region.code) != TOWNSHIP:
        problems["region"] = ["社工站设在乡镇街道一级，请选到乡镇街道为止。"]
    elif actor.reach.is_range and not actor.reach.covers(region.code, None):
        problems["region"] = ["这个地方不在您的辖区内。"]
    if is_station:
        if said.parent_id:
            problems["parent"] = ["社工站没有上级站。"]
    else:
        _check_parent(actor, said, station, problems)
    if station is not None and station.region_code != said.region_code:
        _check_points_stay(actor, station, said, problems)


def _check_parent(actor: Actor, said: StationInput, station: Station | None, problems: Problems) -> None:
    parent = Station.objects.visible_to(actor).filter(pk=said.parent_id, kind=StationKind.STATION).first()
    if parent is None:
        problems["parent"] = ["请选择您范围内的上级社工站。"]
    elif station is not None and parent.pk == station.pk:
        problems["parent"] = ["上级站不能是自己。"]
    elif parent.status == StationStatus.CLOSED:
        problems["parent"] = ["上级站已撤销。"]
    elif not said.region_code.startswith(parent.region_code):
        problems.setdefault("region", ["服务点和社工室须与上级站在同一乡镇街道。"])


def _check_points_stay(actor: Actor, station: Station, said: StationInput, problems: Problems) -> None:
    if Station.objects.visible_to(actor).filter(parent=station).exists():
        problems["region"] = ["站下有服务点或社工室，换乡镇街道前请先撤并。"]


def _separate_duties(parts: Any, organisation: Organisation, role: str, since: date) -> None:
    """Operator and supervising operator are two contracts with two organisations (001-04)."""
    other = parts.filter(organisation=organisation).exclude(role=role)
    if other.filter(Q(valid_to=None) | Q(valid_to__gt=since)).exists():
        message = "同一机构不能在同一站既承接运营又督导支持（两份合同、两种职责）。"
        raise Refused("operator.two_duties", message, {"organisation": [message]})


def _only_by_region(actor: Actor) -> None:
    if not actor.reach.is_range:
        raise Forbidden("station.by_region_only", "承接机构由主管部门登记。")


def _check_day(name: str, day: date, *, not_before: date | None = None, after: date | None = None) -> None:
    message = ""
    if day > timezone.localdate():
        message = "日期不能晚于今天。"
    elif not_before and day < not_before:
        message = f"日期不能早于上一步（{not_before}）。"
    elif after and day <= after:
        message = f"日期须晚于起始日期（{after}）。"
    if message:
        raise Invalid("bad_day", message, {name: [message]})
