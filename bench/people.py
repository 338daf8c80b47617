"""Invented stations and clients in bulk, sealed like real ones; the same rows in clear for peers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import User
from cases.services.rows import insert_set
from core.identifiers.uuid7 import uuid7
from core.privacy.identity import Particulars, identity_columns
from core.scoping import Actor, scope
from stations.models import Membership, Region, Station

CHUNK = 2000
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
COMMUNITIES = ("第一社区", "第二社区", "第三社区", "河东村", "河西村")


def member(role: str, *, region: str = "") -> User:
    """Somebody with this role at a division, or nationwide."""
    now = timezone.now()
    user = User.objects.create(username=f"bench_{role}{region}", display_name="示范", password_changed_at=now)
    place = {"region_id": region} if region else {"is_national": True}
    Membership.objects.create(user=user, role=role, valid_from=timezone.localdate(), **place)
    return user


def stations(number: int) -> list[Station]:
    """One station in each of so many townships."""
    codes = Region.objects.filter(level="township").order_by("code").values_list("code", flat=True)[:number]
    with scope(Actor.system("bench: stations")):
        return [Station.objects.create(name=f"示范站{code}", region_code=code, initials="sfz") for code in codes]


def clients(places: list[Station], first: int, number: int) -> Iterator[list[dict[str, Any]]]:
    """Insert `number` clients, numbered from `first`; yields what each chunk says in clear, for the peer."""
    for start in range(first, first + number, CHUNK):
        rows = [
            _client(index, places[index // 25 % len(places)])
            for index in range(start, min(start + CHUNK, first + number))
        ]
        with scope(Actor.system("bench: clients")):
            _insert(rows)
        yield rows


def _client(index: int, place: Station) -> dict[str, Any]:
    row_id = uuid7()
    name = SURNAMES[index % 20] + GIVEN[index // 20 % 20] + GIVEN[index // 400 % 20]
    said = Particulars(name=name, phone=f"139{index:08d}", address="示范路 1 号")
    return {
        "id": row_id,
        "clear": name,
        "number": f"SF-C-{index:06d}",
        "station": place,
        "community": COMMUNITIES[index % 5],
        "sex": "12"[index % 2],
        "birth_date": dt.date(1940 + index % 60, 1 + index % 12, 1 + index % 28),
        "registered_on": dt.date(2024, 1, 1) + dt.timedelta(days=index % 700),
        **identity_columns(said, kind="client", row_id=row_id, region_code=place.region_code),
    }


COLUMNS = {
    "id": "uuid", "number": "text", "person_key": "bytea", "sealed": "bytea", "id_county": "text",
    "name_index": "bigint", "phone_index": "bigint", "initials": "text", "birth_date": "date", "sex": "text",
    "community": "text", "registered_on": "date",
}  # fmt: skip


def _insert(rows: list[dict[str, Any]]) -> None:
    now = timezone.now()
    columns = {name: (kind, [row[name] for row in rows]) for name, kind in COLUMNS.items()}
    columns["station_id"] = ("uuid", [row["station"].pk for row in rows])
    columns["region_code"] = ("text", [row["station"].region_code for row in rows])
    fixed = {
        "document_type": "none", "relation": "", "vouched_by": "", "is_example": True, "state": "active", "version": 1,
        "created_at": now, "updated_at": now,
    }  # fmt: skip
    insert_set("cases_client", columns, fixed=fixed)
    category = {
        "id": ("uuid", [uuid7() for _ in rows]),
        "client_id": ("uuid", [row["id"] for row in rows]),
        "station_id": columns["station_id"],
        "region_code": columns["region_code"],
    }
    fixed = {"category": "elder_alone", "valid_from": dt.date(2024, 1, 1), "created_at": now}
    insert_set("cases_clientcategory", category, fixed=fixed)


def in_clear(rows: list[dict[str, Any]]) -> None:
    """The same rows into the peer's table."""
    today = timezone.localdate().year
    columns: dict[str, tuple[str, list[Any]]] = {
        "id": ("uuid", [row["id"] for row in rows]),
        "number": ("text", [row["number"] for row in rows]),
        "name": ("text", [row["clear"] for row in rows]),
        "sex": ("text", [row["sex"] for row in rows]),
        "age": ("int", [today - row["birth_date"].year for row in rows]),
        "community": ("text", [row["community"] for row in rows]),
        "station_id": ("uuid", [row["station"].pk for row in rows]),
        "registered_on": ("date", [row["registered_on"] for row in rows]),
    }
    insert_set("bench_client", columns, fixed={"category": "独居老年人", "state": "active"})


def stations_in_clear(places: list[Station]) -> None:
    rows: list[tuple[UUID, str]] = [(place.pk, place.name) for place in places]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_station VALUES (%s, %s)", rows)
