"""Whose installation this is: one row, written by the first-run wizard."""

from __future__ import annotations

from django.db import models

from core.privacy.classification import Public
from stations.enums import RegionLevel
from stations.models.region import Region


class Installation(models.Model):
    """The authority that runs this installation, its level and its territory."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    authority = Public(models.CharField("主管部门", max_length=80))
    level = models.CharField("层级", max_length=12, choices=RegionLevel.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="辖区")
    set_up_at = models.DateTimeField("启用时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "安装"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_once")]
