"""What was counted: runs, one wide row a subject and run, and sums over the region tree."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from core.scoping.models import RegionCodeField


class MeasureRun(models.Model):
    """One computation of all declared measures for one period; which measure stands at which place of the row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period_start = models.DateField("期间起")
    period_end = models.DateField("期间止（不含）")
    subject_kind = Public(models.CharField("计量对象", max_length=16))
    codes = ArrayField(models.CharField(max_length=64), verbose_name="度量，按列序")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cited_at = models.DateTimeField("被引用", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "计量批次"
        indexes = [models.Index(fields=["subject_kind", "period_start", "-id"], name="measure_run_latest")]


class MeasureRow(models.Model):
    """All values of one subject in one run, as one array; append-only. Partitioned by run month in the database."""

    pk = models.CompositePrimaryKey("period_start", "run_id", "subject_id")
    run_id = models.UUIDField()
    period_start = models.DateField()
    subject_id = models.UUIDField()
    region_code = RegionCodeField()
    values = ArrayField(models.DecimalField(max_digits=20, decimal_places=4, null=True))

    class Meta:
        verbose_name = verbose_name_plural = "计量值"


class RegionSum(models.Model):
    """Σ of one additive measure below one division in one month, at every level of the tree."""

    region_code = RegionCodeField()
    month = models.DateField()
    measure = Public(models.CharField(max_length=64))
    total = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "region_code", "month"], name="region_sum_once")]


class RegionDelta(models.Model):
    """A change to the sums not folded in yet; readers add it, a job folds it every few seconds."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    month = models.DateField()
    measure = Public(models.CharField(max_length=64))
    amount = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        verbose_name = verbose_name_plural = "未并入的变动"
