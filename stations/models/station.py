"""Stations, points and rooms: where the work is done."""

from __future__ import annotations

from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from core.scoping.models import Scoped
from stations.enums import OperatorRole, StationKind, StationStatus
from stations.models.organisation import Organisation
from stations.models.region import Region


class Station(Scoped):
    """A social work station of a township, or a point or room below one."""

    SCOPE_PATH = "region"
    SCOPE_STATION = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = Public(models.CharField("名称", max_length=80))
    kind = models.CharField("类型", max_length=8, choices=StationKind.choices, default=StationKind.STATION)
    region = models.ForeignObject(
        Region, on_delete=models.PROTECT, from_fields=["region_code"], to_fields=["code"], related_name="stations"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="points", verbose_name="上级站"
    )
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="stations", verbose_name="承接机构"
    )
    status = models.CharField("状态", max_length=12, choices=StationStatus.choices, default=StationStatus.PREPARING)
    founded_on = models.DateField("设立日期", null=True, blank=True)
    address = Public(models.CharField("地址", max_length=200, blank=True))
    phone = Public(models.CharField("电话", max_length=20, blank=True))
    initials = Public(models.CharField("拼音首字母", max_length=32, db_collation="C", editable=False))
    is_example = models.BooleanField("示范数据", default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "社工站"
        indexes = [
            models.Index(fields=["region_code", "id"], name="station_by_place"),
            models.Index(fields=["name", "id"], name="station_by_name"),
            models.Index(fields=["initials", "id"], name="station_by_initials"),
            models.Index(fields=["founded_on", "id"], name="station_by_founding"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=StationKind.STATION, parent=None)
                | (~models.Q(kind=StationKind.STATION) & models.Q(parent__isnull=False)),
                name="station_point_has_parent",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=StationKind.STATION) | models.Q(region_code__regex=r"^\d{9}$"),
                name="station_stands_in_a_township",
            ),
            models.UniqueConstraint(fields=["region_code", "name"], name="station_name_once_a_place"),
        ]

    def __str__(self) -> str:
        return self.name


class StationPart(Scoped):
    """A dated fact of one station; it goes where the station goes."""

    SCOPE_PATH = "station"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class StationProfile(StationPart):
    """The site in figures, as of one day (002-07)."""

    as_of = models.DateField("截至")
    area_km2 = models.DecimalField("面积（平方公里）", max_digits=12, decimal_places=2, null=True, blank=True)
    residents = models.PositiveIntegerField("常住人口", null=True, blank=True)
    communities_urban = models.PositiveIntegerField("城市社区", null=True, blank=True)
    communities_fringe = models.PositiveIntegerField("城乡结合部社区", null=True, blank=True)
    resident_groups = models.PositiveIntegerField("居民小组", null=True, blank=True)
    ethnic_groups = models.PositiveIntegerField("民族数", null=True, blank=True)
    mixed_families = models.PositiveIntegerField("民族通婚家庭", null=True, blank=True)
    source = Public(models.CharField("来源", max_length=200))

    class Meta:
        verbose_name = verbose_name_plural = "站点概况"
        constraints = [models.UniqueConstraint(fields=["station", "as_of"], name="station_profile_once_a_day")]


class StationStatusChange(StationPart):
    """One step in the station's life."""

    status = models.CharField("状态", max_length=12, choices=StationStatus.choices)
    since = models.DateField("自")
    reason = Public(models.CharField("原因", max_length=200, blank=True))

    class Meta:
        verbose_name = verbose_name_plural = "状态沿革"


class StationOperator(StationPart):
    """Which organisation plays which part at the station, from when to when (内孵外引, 001-04)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=12, choices=OperatorRole.choices)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "承接沿革"
