"""Territory: the national tree of divisions, each with the days it was valid."""

from __future__ import annotations

from django.db import models

from core.privacy.classification import Public
from core.scoping.models import RegionCodeField
from stations.enums import RegionLevel


class Region(models.Model):
    """A division, valid from one day to another; its code's prefix is its parent."""

    code = RegionCodeField(primary_key=True)
    name = Public(models.CharField("名称", max_length=64))
    full_name = Public(models.CharField("全称", max_length=200))
    level = models.CharField("层级", max_length=12, choices=RegionLevel.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    pinyin = Public(models.CharField("拼音", max_length=200, db_collation="C"))
    initials = Public(models.CharField("拼音首字母", max_length=64, db_collation="C"))
    is_pseudo = models.BooleanField("统计用虚设区划", default=False)
    valid_from = models.DateField("启用", null=True, blank=True)
    valid_to = models.DateField("停用", null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]
        indexes = [
            models.Index(fields=["level", "code"], name="region_level"),
            models.Index(fields=["name"], name="region_name"),
            models.Index(fields=["initials"], name="region_initials"),
            models.Index(fields=["pinyin"], name="region_pinyin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None)
                | models.Q(valid_from=None)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="region_valid_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(code__startswith=models.F("parent_id")),
                name="region_parent_is_prefix",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegionCount(models.Model):
    """An official number of a division (townships, residents), entered with source and date: the denominators."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="counts")
    what = models.CharField("项目", max_length=24, choices=[("townships", "乡镇街道数"), ("residents", "常住人口")])
    as_of = models.DateField("截至")
    value = models.BigIntegerField("数值")
    source = Public(models.CharField("来源", max_length=200))

    class Meta:
        verbose_name = verbose_name_plural = "官方分母"
        constraints = [
            models.UniqueConstraint(fields=["region", "what", "as_of"], name="region_count_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="region_count_not_negative"),
        ]
