"""Invented clients for a demonstration: plausible, marked 示范, with numbers that cannot be anybody's.

The numbers stand on a county code …99 that no division has (standards §1.1), with a true check digit. Every file goes
through the services, so it has what a real one has. The same seed lays the same people; dates are relative to today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from cases.enums import Category, ClientState, Relation
from cases.models import Client
from cases.queries.ages import years_before
from cases.services import CategoryInput, ClientInput, register_clients
from core.identifiers.documents import DocumentType
from core.identifiers.resident_id import age_on, expected_check
from core.scoping import Actor, scope
from stations.enums import Employment, StationKind, StationStatus
from stations.models import Station, Worker

SEED = 20261120
ZEDANG, MAQIAO = "540502001", "330481004"
HOW_MANY = {ZEDANG: 120, MAQIAO: 40}
ELSEWHERE = 6
MOST_ELSEWHERE = 8

TIBETAN = (
    "扎西",
    "次仁",
    "格桑",
    "洛桑",
    "旦增",
    "平措",
    "索朗",
    "达瓦",
    "尼玛",
    "巴桑",
    "普布",
    "边巴",
    "贡觉",
    "白玛",
    "米玛",
    "拉巴",
)
# Second halves and given names, women's first.
TIBETAN_LAST = (
    ("卓玛", "拉姆", "曲珍", "央宗", "卓嘎", "白姆", "旺姆", "央金", "措姆"),
    ("旺堆", "顿珠", "多吉", "罗布", "群培", "次旦", "欧珠", "强巴"),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    ("秀英", "桂兰", "玉珍", "淑芬", "美华", "春梅", "水珍", "金妹", "雪琴", "雨桐"),
    ("建国", "志强", "国平", "福根", "连生", "永康", "文博", "子涵", "嘉禾", "阿大"),
)
LONG = (
    ("古丽娜尔·买买提", "帕提古丽·吐尔逊", "热依汗古丽·阿布都克热木"),
    ("阿卜杜热合曼·艾力", "穆合塔尔·肉孜", "嘉央·丹增·群培"),
)
COMMUNITIES = {
    ZEDANG: ("泽当社区（示范）", "乃东社区（示范）", "金鲁社区（示范）", "郭莎社区（示范）"),
    MAQIAO: ("马桥社区（示范）", "新塘村（示范）", "柏士村（示范）"),
}


class Member(NamedTuple):
    """Somebody's place in a household."""

    age: int
    relation: str
    household: str


def lay_clients() -> int:
    """Put the invented people on the register of the running stations; returns how many were new.

    A station that has invented people already is left alone.
    """
    actor = Actor.system("示范数据：服务对象")
    with scope(actor):
        return sum(_lay_station(actor, station, count) for station, count in _stations(actor))


def _stations(actor: Actor) -> list[tuple[Station, int]]:
    running = Station.objects.visible_to(actor).filter(status=StationStatus.RUNNING, kind=StationKind.STATION)
    found = list(running.order_by("region_code", "id"))
    chosen: dict[str, Station] = {}
    for station in found:
        chosen.setdefault(station.region_code, station)
    others = [station for code, station in chosen.items() if code not in HOW_MANY][:MOST_ELSEWHERE]
    named = [(chosen[code], count) for code, count in HOW_MANY.items() if code in chosen]
    return named + [(station, ELSEWHERE) for station in others]


def _lay_station(actor: Actor, station: Station, count: int) -> int:
    if Client.objects.visible_to(actor).filter(station=station, is_example=True).exists():
        return 0
    people = list(_people(actor, station, count))
    outcomes = register_clients(actor, station_id=station.pk, rows=people, channel="system")
    return sum(outcome.done for outcome in outcomes)


def _people(actor: Actor, station: Station, count: int) -> Iterator[ClientInput]:
    chance = Random(f"{SEED}:{station.region_code}")
    today = timezone.localdate()
    workers = list(
        Worker.objects.visible_to(actor)
        .filter(station=station, employment=Employment.ACTIVE)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    made = household = 0
    while made < count:
        size = min(chance.choice((1, 1, 1, 2, 3)), count - made)
        household += 1
        number = f"SF-H-{household:04d}" if size > 1 else ""
        head = 0
        for place in range(size):
            made += 1
            age = _age(chance, head)
            head = head or age
            member = Member(age, _relation(head, age, place) if number else "", number)
            yield _person(chance, station, made, today, member=member, workers=workers)


def _person(
    chance: Random, station: Station, serial: int, today: date, *, member: Member, workers: list[UUID]
) -> ClientInput:
    age = member.age
    born = years_before(today, age) - timedelta(days=chance.randrange(1, 360))
    registered = max(born + timedelta(days=1), today - timedelta(days=chance.randrange(20, 900)))
    female = chance.random() < 0.58
    said = ClientInput(
        name=_name(chance, station, serial, female=female),
        document_type=DocumentType.HOUSEHOLD_BOOK if age < 14 else DocumentType.RESIDENT_ID,
        id_number=_number(station, born, serial, female=female),
        phone=_phone(station, serial) if age >= 14 else "",
        address=f"{station.region.name}示范路{serial}号",
        community=chance.choice(COMMUNITIES.get(station.region_code, ("示范社区",))),
        categories=_categories(chance, age, registered, female=female),
        worker_id=chance.choice(workers) if workers and chance.random() < 0.9 else None,
        household_number=member.household,
        relation=member.relation,
        registered_on=registered,
        consent_on=registered if age_on(born, registered) < 14 or chance.random() < 0.94 else None,
        witness="社区网格员（示范）",
        is_example=True,
    )
    if age_on(born, registered) < 14:
        guardian = _name(chance, station, serial + 5000, female=True)
        said = replace(said, guardian_name=guardian, guardian_phone=_phone(station, serial + 5000))
    return said if serial % 41 else _without_papers(said, born, female=female)


def _without_papers(said: ClientInput, born: date, *, female: bool) -> ClientInput:
    return replace(
        said, document_type=DocumentType.NONE, id_number="", no_document_reason="户籍正在补办（示范）",
        birth_date=born, sex="2" if female else "1",
    )  # fmt: skip


def _age(chance: Random, head: int) -> int:
    """The head of a household is grown up; the others are young enough to be children or grandchildren."""
    if not head:
        return chance.choice((chance.randrange(60, 92), chance.randrange(60, 92), chance.randrange(30, 60)))
    return chance.choice((chance.randrange(3, 12), chance.randrange(5, 18) if head > 38 else 7, max(head - 26, 4)))


def _name(chance: Random, station: Station, serial: int, *, female: bool) -> str:
    which = 0 if female else 1
    if serial % 29 == 0:
        return LONG[which][serial // 29 % len(LONG[which])]
    if station.region_code.startswith("54") and chance.random() < 0.75:
        return chance.choice(TIBETAN) + (chance.choice(TIBETAN_LAST[which]) if chance.random() < 0.85 else "")
    return chance.choice(SURNAMES) + chance.choice(GIVEN[which])


def _number(station: Station, born: date, serial: int, *, female: bool) -> str:
    sequence = serial % 499 * 2 + (0 if female else 1)
    digits = f"{station.region_code[:4]}99{born:%Y%m%d}{sequence:03d}"
    return digits + expected_check(digits)


def _phone(station: Station, serial: int) -> str:
    """199 and the place's own digits: distinct for each person, and no operator's real series is aimed at."""
    return f"199{int(station.region_code) % 9973:04d}{serial:04d}"


def _relation(head: int, age: int, place: int) -> str:
    if place == 0:
        return Relation.SELF
    return Relation.GRANDCHILD if head - age > 44 else Relation.CHILD


def _categories(chance: Random, age: int, since: date, *, female: bool) -> list[CategoryInput]:
    if age < 18:
        pool = [Category.LEFT_BEHIND_CHILD, Category.CHILD_IN_NEED, Category.DE_FACTO_ORPHAN, Category.DIBAO]
    elif age >= 60:
        pool = [Category.ELDER_ALONE, Category.ELDER_EMPTY_NEST, Category.ELDER_LEFT_BEHIND, Category.ELDER_FRAIL,
                Category.DIBAO, Category.TEKUN, Category.DISABLED]  # fmt: skip
    else:
        pool = [Category.DIBAO, Category.DIBAO_EDGE, Category.DISABLED, Category.EXPENSE, Category.POVERTY_WATCH]
        pool += [Category.LEFT_BEHIND_WOMAN] if female else [Category.VETERAN]
    picked = chance.sample(pool, chance.choice((1, 1, 2)))
    return [CategoryInput(code.value, since, evidence="示范依据") for code in picked]


def laid(actor: Actor) -> int:
    """How many invented people are on the register within reach."""
    return Client.objects.visible_to(actor).filter(is_example=True, state=ClientState.ACTIVE).count()
