"""An export that holds personal columns, waiting for a second person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.approvals.models import Approval
from core.identifiers.uuid7 import uuid7
from core.jobs.models import Job
from core.privacy.classification import Public
from core.scoping.models import RegionCodeField


class FileFormat(models.TextChoices):
    XLSX = "xlsx", "Excel 工作簿（.xlsx）"
    CSV = "csv", "CSV（UTF-8）"


class ExportRequest(Approval):
    """Which rows and columns somebody wants to take out, why, and who agreed. The place is the submitter's reach."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list_key = Public(models.CharField("名单", max_length=64))
    title = Public(models.CharField("名称", max_length=120))
    query = Public(models.CharField("条件（不含个人检索词）", max_length=1000, blank=True))
    columns = models.JSONField("列", default=list)
    format = models.CharField("格式", max_length=8, choices=FileFormat.choices, default=FileFormat.XLSX)
    reason = Public(models.CharField("用途", max_length=200))
    membership_id = models.UUIDField("任职")
    region_code = RegionCodeField(blank=True)
    station_ids = ArrayField(models.UUIDField(), verbose_name="社工站", default=list)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Approval.Meta):
        verbose_name = verbose_name_plural = "导出申请"
        indexes = [
            models.Index(fields=["region_code", "id"], condition=models.Q(state="waiting"), name="export_waiting"),
            models.Index(fields=["submitted_by", "-id"], name="export_by_user"),
        ]
