"""Re-coding: rows that stand in a division that ended follow it to its successor, each night and after a change.

Only stations are written; the composite key of their place carries workers, clients and all that hangs on them along,
and the sums over the tree follow by their trigger. A split has one successor on record (the first part): what belongs
to another part is moved by hand.
"""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from core import audit
from core.scoping import Actor, scope

TASK = "stations.recode"
# A row of a community below an ended township has no community of its own to go to: it stands in the township then.
FOLLOW = """
UPDATE stations_station s SET region_code = ended.successor_id, version = s.version + 1
FROM stations_region ended
WHERE ended.valid_to <= %(today)s AND ended.successor_id IS NOT NULL AND ended.level = 'township'
  AND s.region_code >= ended.code AND s.region_code < ended.code || ':'
RETURNING s.id, ended.code, s.region_code
"""


def follow_successors() -> int:
    """Move every station whose township has ended to the successor, chains of successors included; returns how many."""
    actor = Actor.system("re-code what stands in divisions that ended")
    moved = 0
    with scope(actor):
        while rows := _follow_once():
            moved += len(rows)
            for station_id, before, after in rows:
                audit.record(
                    actor, "station.recode", kind="station", ids=[station_id], region_code=after, station_id=station_id,
                    before=before, after=after,
                )  # fmt: skip
    return moved


def _follow_once() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"today": timezone.localdate()})
        return cursor.fetchall()
