"""An import, from the file to the undo."""

from __future__ import annotations

from django.db import models

from core.identifiers.uuid7 import uuid7
from core.jobs.models import Job, StoredFile
from core.privacy.classification import Public, Sensitive
from core.scoping.models import Scoped


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    CHECKED = "checked", "已检查"
    IMPORTING = "importing", "导入中"
    IMPORTED = "imported", "已导入"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class ImportBatch(Scoped):
    """One file of one kind, for one station (or division, from an official): checked, confirmed, imported, undone."""

    SCOPE_PATH = "station"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station_id = models.UUIDField("社工站", null=True)
    kind = Public(models.CharField("种类", max_length=32))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED)
    user_id = models.BigIntegerField("上传人")
    membership_id = models.UUIDField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    counts = models.JSONField("计数", default=dict)
    fates = Public(models.BinaryField("每行如何处理（压缩）", null=True))
    marked = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"


class ImportProblem(Scoped):
    """A cell that stops its row, or a remark; the value itself is shown masked only."""

    SCOPE_PATH = "batch"

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="problems")
    station_id = models.UUIDField(null=True)
    row = models.PositiveIntegerField("行号")
    column = Public(models.CharField("列", max_length=40, blank=True))
    severity = models.CharField(max_length=8, choices=[("error", "有错"), ("double", "疑似重复"), ("note", "提醒")])
    code = Public(models.CharField(max_length=64))
    message = Public(models.CharField("说明", max_length=200))
    masked_row = models.JSONField("本行（掩码）", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "导入问题"
        indexes = [models.Index(fields=["batch", "severity", "row"], name="import_problem_page")]


class ImportedRow(Scoped):
    """What one row did: created or updated which record, and what stood there before, sealed."""

    SCOPE_PATH = "batch"

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    station_id = models.UUIDField(null=True)
    row = models.PositiveIntegerField("行号")
    object_id = models.UUIDField()
    created = models.BooleanField("新增")
    version_after = models.PositiveIntegerField("导入后的版本")
    before = Sensitive(models.BinaryField("导入前（密文）", null=True))
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入的行"
        indexes = [models.Index(fields=["batch", "row"], name="imported_row_page")]
