"""Organisations: agencies, associations, charities, offices, with their credit codes."""

from __future__ import annotations

from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from stations.enums import OrganisationKind
from stations.models.region import Region


class Organisation(models.Model):
    """A legal body with its unified social credit code (GB 32100); public register data, so not scoped."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = Public(models.CharField("名称", max_length=120))
    credit_code = Public(models.CharField("统一社会信用代码", max_length=18, unique=True))
    kind = models.CharField("类别", max_length=16, choices=OrganisationKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="organisations", verbose_name="所在地")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级机构"
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    contact = Public(models.CharField("联系方式", max_length=64, blank=True))
    is_example = models.BooleanField("示范数据", default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        indexes = [
            models.Index(fields=["region", "id"], name="organisation_by_region"),
            models.Index(fields=["name"], name="organisation_by_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="organisation_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name
