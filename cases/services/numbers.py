"""File and household numbers: the station's letters, C or H, five digits (ZD-C-00001)."""

from __future__ import annotations

import re

from django.db import connection

from cases.models import NumberSeries
from core.identifiers.names import initials_key
from core.identifiers.uuid7 import uuid7
from core.scoping import Actor
from stations.models import Station

_LEVEL = re.compile(r"(街道|民族乡|苏木|镇|乡|社区|村)$")


def take_numbers(actor: Actor, station: Station, kind: str, count: int) -> list[str]:
    """The next `count` numbers of a series. Holds its row until the transaction ends, so nobody gets one twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numberseries (id, station_id, region_code, kind, prefix, last) "
            "VALUES (%s, %s, %s, %s, %s, 0) ON CONFLICT (station_id, kind) DO NOTHING",
            [uuid7(), station.pk, station.region_code, kind, prefix_of(station)],
        )
    series = NumberSeries.objects.visible_to(actor).select_for_update(of=("self",)).get(station=station, kind=kind)
    first = series.last + 1
    NumberSeries.objects.visible_to(actor).filter(pk=series.pk).update(last=series.last + count)
    return [f"{series.prefix}-{kind}-{number:05d}" for number in range(first, first + count)]


def prefix_of(station: Station) -> str:
    """泽当街道社会工作服务站 → ZD: the initials of the place, without the word for its level."""
    place = _LEVEL.sub("", station.region.name) or station.region.name
    return (initials_key(place) or "ZD").upper()[:8]
