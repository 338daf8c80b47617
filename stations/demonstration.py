"""The demonstration's places and people: what the seed documents tell, entered through the services of everyday.

Whoever and whatever we made up says 示范. Calling it again adds only what is missing. Days are as precise as the seeds:
where they give a year or a month only, a station has no founding date, and its history begins on the first day of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import User
from accounts.roles import ROLES
from accounts.services.accounts import open_account
from core.identifiers.resident_id import expected_check
from core.scoping import Actor, scope
from stations.enums import Certificate, OperatorRole, OrganisationKind, StationKind, StationStatus
from stations.models import Membership, Organisation, Region, RegionCount, Station, StationProfile, Worker
from stations.services.checking import WorkerInput
from stations.services.memberships import give_membership
from stations.services.organisations import OrganisationInput, enter_organisation
from stations.services.regions import CountInput, enter_count
from stations.services.stations import (
    ProfileInput,
    StationInput,
    appoint_operator,
    move_status,
    open_station,
    record_profile,
)
from stations.services.workers import register_workers
from stations.territory.divisions import SEEDS

BEGAN = date(2021, 6, 15)
ZEDANG, MAQIAO, NAIDONG = "540502001", "330481004", "540502"
KINDS = {
    "service_institution": OrganisationKind.SERVICE,
    "social_group": OrganisationKind.ASSOCIATION,
    "foundation": OrganisationKind.FOUNDATION,
}
# Townships of 乃东 were tendered in 2022-06 (002-09); 马桥 piloted from 2020-03 and registered its operator in 2020-06.
SINCE = {"5405021": date(2022, 6, 1), "5405022": date(2022, 6, 1), MAQIAO: date(2020, 6, 1)}
COUNTS = (
    ("37", CountInput("townships", date(2022, 9, 30), 1825, "山东省民政厅公布数（standards §9.2）")),
    (
        NAIDONG,
        CountInput("residents", BEGAN, 81608, "种子 002-07、002-08：53,524＋28,084；种子未载统计日期，按设站日登记"),
    ),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demonstration sign-in: `place` is a division's code, the township of a station, or one of the words below."""

    username: str
    name: str
    role: str
    place: str
    kind: str = "region"
    title: str = ""


SIGN_INS = (
    SignIn("worker.zedang", "央金（示范）", "worker", ZEDANG, "station", "专职社工"),
    SignIn("head.zedang", "扎西（示范）", "station_head", ZEDANG, "station", "站长"),
    SignIn("official.zedang", "泽当经办（示范）", "township_official", ZEDANG),
    SignIn("worker.maqiao", "沈小燕（示范）", "worker", MAQIAO, "station", "专职社工"),
    SignIn("head.maqiao", "钱建国（示范）", "station_head", MAQIAO, "station", "站长"),
    SignIn("official.naidong", "乃东经办（示范）", "official", NAIDONG),
    SignIn("official.shannan", "山南经办（示范）", "official", "5405"),
    SignIn("official.xizang", "西藏经办（示范）", "official", "54"),
    SignIn("official.haining", "海宁经办（示范）", "official", "330481"),
    SignIn("official.hunan", "湖南经办（示范）", "official", "43"),
    SignIn("official.shenzhen", "深圳经办（示范）", "official", "4403"),
    SignIn("supervisor.hunan", "湘督导（示范）", "supervisor", NAIDONG, "named", "督导"),
    SignIn("association.shenzhen", "深社协（示范）", "association", "4403"),
    SignIn("evaluator", "评估员（示范）", "evaluator", "54"),
    SignIn("committee", "评估委员（示范）", "committee", "54"),
    SignIn("finance.maker", "财务经办（示范）", "finance_maker", NAIDONG),
    SignIn("finance.checker", "财务复核（示范）", "finance_checker", NAIDONG),
    SignIn("volunteer.coordinator", "志愿专员（示范）", "volunteer_coordinator", NAIDONG),
    SignIn("volunteer.zedang", "志愿者（示范）", "volunteer", ZEDANG, "station"),
    SignIn("worker.dispatched", "援派社工（示范）", "dispatched", ZEDANG, "station", "援派社工"),
    SignIn("auditor", "审计员（示范）", "auditor", "54"),
    SignIn("admin.system", "系统管理员（示范）", "admin_system", "", "nation"),
    SignIn("admin.security", "安全管理员（示范）", "admin_security", "", "nation"),
    SignIn("admin.audit", "审计管理员（示范）", "admin_audit", "", "nation"),
    SignIn("external.demo", "外部系统（示范）", "external", ZEDANG, "station"),
)
HELD, ASSISTANT, NONE = Certificate.SOCIAL_WORKER, Certificate.ASSISTANT, Certificate.NONE
# 马桥 stands at the standard (001-07: six, four certified), 泽当 one short of it, townships with 1–2 (002-11).
# Their rows carry the mark of the demonstration, so the names need none.
ROSTER: dict[str, tuple[tuple[str, str, Certificate], ...]] = {
    ZEDANG: (
        ("扎西", "站长", HELD), ("央金", "专职社工", ASSISTANT), ("援派社工", "援派社工", HELD),
        ("次仁·德吉", "专职社工", ASSISTANT), ("单增", "专职社工", NONE),
    ),
    "540502101": (("索朗·旺堆", "驻站社工", ASSISTANT), ("白玛", "驻站社工", NONE)),
    "540502200": (("格桑", "驻站社工", NONE),),
    "540502201": (("达瓦", "驻站社工", NONE),),
    "540502202": (("米玛", "驻站社工", ASSISTANT),),
    "540502203": (("拉巴", "驻站社工", NONE),),
    "540502204": (("普布", "驻站社工", NONE),),
    MAQIAO: (
        ("钱建国", "站长", HELD), ("沈小燕", "专职社工", ASSISTANT), ("陆芳", "副站长", HELD),
        ("曹建华", "专职社工", ASSISTANT), ("吴静", "专职社工", NONE), ("褚明", "专职社工", NONE),
    ),
    "440304004": (("林晓", "专职社工", HELD), ("郑海", "专职社工", ASSISTANT)),
}  # fmt: skip


def lay_places_and_people(password: str) -> None:
    """Organisations, stations with profile and operators, rosters, and one account for each of SIGN_INS."""
    actor = Actor.system("demonstration data")
    seeds = json.loads(SEEDS.read_text(encoding="utf-8"))
    with scope(actor):
        organisations = _lay_organisations(actor, seeds["organisations"])
        for row in seeds["stations"]:
            _lay_station(actor, row, organisations)
        _lay_room(actor)
        _lay_counts(actor)
        _lay_rosters(actor)
        for sign_in in SIGN_INS:
            _lay_sign_in(actor, sign_in, password)


def sign_ins() -> list[dict[str, str]]:
    """User name, role and place of each, in words: what the stack prints after a start."""
    names = dict(Region.objects.filter(pk__in=[one.place for one in SIGN_INS]).values_list("code", "full_name"))
    words = {"nation": "全国", "named": "乃东区七个站"}
    return [
        {
            "username": one.username,
            "role": ROLES[one.role].label,
            "place": words.get(one.kind)
            or names.get(one.place, one.place) + ("社工站" if one.kind == "station" else ""),
        }
        for one in SIGN_INS
    ]


def _lay_organisations(actor: Actor, rows: list[dict[str, Any]]) -> dict[str, Organisation]:
    """Parents first. Without a code in the seeds there is no entering (深圳市社会工作者协会)."""
    found: dict[str, Organisation] = {}
    waiting = [row for row in rows if row["credit_code"]]
    while waiting:
        row = next(row for row in waiting if not row["parent"] or row["parent"] in found)
        waiting.remove(row)
        known = Organisation.objects.filter(credit_code=row["credit_code"]).first()
        parent = found[row["parent"]].pk if row["parent"] else None
        said = OrganisationInput(
            name=row["name"], credit_code=row["credit_code"], kind=KINDS[row["kind"]], region_code=row["region"],
            parent_id=parent, founded_on=_day(row.get("founded")), is_example=row["invented"],
        )  # fmt: skip
        found[row["key"]] = known or enter_organisation(actor, said=said)
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == 10 else None


def _lay_station(actor: Actor, row: dict[str, Any], organisations: dict[str, Organisation]) -> None:
    rows = Station.objects.visible_to(actor)
    if rows.filter(region_code=row["region"], name=row["name"]).exists():
        return
    since = _day(row["founded"]) or next((d for code, d in SINCE.items() if row["region"].startswith(code)), None)
    since = since or date(int(row["founded"][:4]), 1, 1)
    said = StationInput(
        name=row["name"], region_code=row["region"], kind=row["kind"], founded_on=_day(row["founded"]),
        is_example=row["invented"],
    )  # fmt: skip
    station = open_station(actor, said=said)
    for key, role in (("operator", OperatorRole.OPERATOR), ("supervising_operator", OperatorRole.SUPERVISING)):
        if row.get(key):
            station = appoint_operator(
                actor, station_id=station.pk, version=station.version, organisation_id=organisations[row[key]].pk,
                role=role, since=since,
            )  # fmt: skip
    _set_running(actor, station)
    if row["profile"]:
        _lay_profile(actor, station, row["profile"])


def _set_running(actor: Actor, station: Station) -> None:
    since = station.founded_on or station.created_at.date()
    move_status(
        actor, station_id=station.pk, version=station.version, status=StationStatus.RUNNING, since=since, reason="开站"
    )


def _lay_profile(actor: Actor, station: Station, row: dict[str, Any]) -> None:
    if StationProfile.objects.visible_to(actor).filter(station=station).exists():
        return
    record_profile(
        actor,
        station_id=station.pk,
        said=ProfileInput(
            as_of=BEGAN, source=f"种子 {row['source']}（未载日期，按设站日登记；街道 {row['founded_street']} 设立）",
            area_km2=Decimal(row["area_km2"]), residents=row["residents"], communities_urban=row["communities_urban"],
            communities_fringe=row["communities_fringe"], resident_groups=row["resident_groups"],
            ethnic_groups=row["ethnic_groups"], mixed_families=row["inter_ethnic_families"],
        ),
    )  # fmt: skip


def _lay_room(actor: Actor) -> None:
    """The room in 罗布林卡社区 (002-20, 002-33); the 2023 tree no longer lists that community."""
    station = _station_in(actor, ZEDANG)
    if Station.objects.visible_to(actor).filter(parent=station).exists():
        return
    said = StationInput(
        name="罗布林卡社区社工室", region_code=ZEDANG, kind=StationKind.ROOM, parent_id=station.pk,
        address="罗布林卡社区",
    )  # fmt: skip
    _set_running(actor, open_station(actor, said=said))


def _lay_counts(actor: Actor) -> None:
    for code, said in COUNTS:
        if not RegionCount.objects.filter(region_id=code, what=said.what, as_of=said.as_of).exists():
            enter_count(actor, code=code, said=said)


def _station_in(actor: Actor, township: str) -> Station:
    return Station.objects.visible_to(actor).get(region_code=township, kind=StationKind.STATION)


def _lay_rosters(actor: Actor) -> None:
    serial = count(1)
    for township, people in ROSTER.items():
        station = _station_in(actor, township)
        rows = [_worker(station, next(serial), *person) for person in people]
        if Worker.objects.visible_to(actor).filter(station=station).exists():
            continue
        outcomes = register_workers(actor, station_id=station.pk, rows=rows)
        assert all(outcome.done for outcome in outcomes), [outcome.problems for outcome in outcomes]


def _worker(station: Station, serial: int, name: str, post: str, certificate: Certificate) -> WorkerInput:
    """Nobody: county codes …99 do not exist, so no living person can have this number (standards §1.1)."""
    digits = f"{station.region_code[:4]}99{1978 + serial % 22}{serial % 12 + 1:02}{serial % 28 + 1:02}{100 + serial:03}"
    certified = certificate != Certificate.NONE
    return WorkerInput(
        name=name, id_number=digits + expected_check(digits), phone=f"1390000{serial:04}", post=post,
        certificate=certificate, certificate_number=f"示范{serial:06}" if certified else "",
        registered_on=date(2023 + serial % 4, 3, 1) if certified else None, started_on=date(2023, 1, 3),
        organisation_id=station.operator_id, is_example=True,
    )  # fmt: skip


def _lay_sign_in(actor: Actor, one: SignIn, password: str) -> None:
    user = User.objects.filter(username=one.username).first()
    if user is None:
        is_system = one.kind == "station" and one.role == "external"
        user = open_account(
            actor, username=one.username, display_name=one.name, password=None if is_system else password,
            is_system=is_system,
        )  # fmt: skip
    if Membership.objects.filter(user=user, role=one.role, revoked_at=None).exists():
        return
    give_membership(actor, user=user, role=one.role, title=one.title, valid_from=BEGAN, **dict(_place(actor, one)))
    people = Worker.objects.visible_to(actor).filter(station__region_code=one.place, user=None) if one.title else []
    for worker in people:
        if worker.particulars().name == one.name.removesuffix("（示范）"):
            Worker.objects.visible_to(actor).filter(pk=worker.pk).update(user=user)


def _place(actor: Actor, one: SignIn) -> Iterator[tuple[str, Any]]:
    if one.kind == "station":
        yield "station", _station_in(actor, one.place)
    elif one.kind == "named":
        rows = Station.objects.visible_to(actor).filter(region_code__startswith=one.place, kind=StationKind.STATION)
        yield "stations", list(rows.order_by("region_code"))
    elif one.kind == "nation":
        yield "is_national", True
    else:
        yield "region", Region.objects.get(pk=one.place)
