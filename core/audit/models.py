"""Who did what, when, why; and who looked at whose file. Append-only, sealed in batches into a chain."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from core.scoping.models import RegionCodeField


class AuditEvent(models.Model):
    """One act or one look, without personal values: subjects stand as keyed hashes."""

    pk = models.CompositePrimaryKey("at", "id")
    id = models.UUIDField(default=uuid7, editable=False)
    at = models.DateTimeField("时间")
    user_id = models.BigIntegerField("账号", null=True)
    membership_id = models.UUIDField("任职", null=True)
    role = Public(models.CharField("角色", max_length=32))
    act = Public(models.CharField("行为", max_length=64))
    reason = Public(models.CharField("理由", max_length=200, blank=True))
    channel = Public(models.CharField("途径", max_length=16))
    subject_kind = Public(models.CharField("对象", max_length=32, blank=True))
    subject_keys = ArrayField(models.UUIDField(), verbose_name="对象（带密钥的散列）", default=list)
    region_code = RegionCodeField(blank=True)
    station_id = models.UUIDField("社工站", null=True)
    details = models.JSONField("内容（不含个人信息）", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"


class AuditPending(models.Model):
    """An event no seal covers yet; written by a trigger in the event's own transaction."""

    event_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "待封存"


class AuditSeal(models.Model):
    """A batch of events, each with its digest, chained to the seal before."""

    at = models.DateTimeField("封存时间")
    event_ids = ArrayField(models.UUIDField())
    event_times = ArrayField(models.DateTimeField())
    digests = models.BinaryField("逐条摘要")
    previous = models.BinaryField("上一封条")
    hash = models.BinaryField("封条", unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "封条"
