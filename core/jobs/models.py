"""Work that takes time: jobs a person waits for, the outbox that never forgets, and what came out of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from core.scoping.models import RegionCodeField


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class StoredFile(models.Model):
    """A file somebody handed in or a job made: encrypted on disk, dropped when its time is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = Public(models.CharField("文件名", max_length=200))
    content_type = Public(models.CharField("类型", max_length=120))
    size = models.BigIntegerField("字节数")
    sha256 = Public(models.CharField("摘要", max_length=64))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("到期", null=True, help_text="空表示随所属记录保存")
    gone_at = models.DateTimeField("内容已清除", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        indexes = [models.Index(fields=["expires_at"], condition=models.Q(gone_at=None), name="file_to_expire")]


class Job(models.Model):
    """One piece of long work, asked for by somebody acting as one membership; its row is its progress bar."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = Public(models.CharField("种类", max_length=64))
    title = Public(models.CharField("名称", max_length=200))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    membership_id = models.UUIDField("任职")
    region_code = RegionCodeField(blank=True)
    parameters = models.JSONField("参数（不含个人信息）", default=dict)
    state = models.CharField("状态", max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField("第几次", default=0)
    total = models.BigIntegerField("总数", default=0)
    done = models.BigIntegerField("已处理", default=0)
    message = Public(models.CharField("进展", max_length=200, blank=True))
    error_code = Public(models.CharField("错误", max_length=64, blank=True))
    result = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome = models.JSONField("结果（不含个人信息）", default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        indexes = [models.Index(fields=["user", "-id"], name="job_by_user")]

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while nobody knows the total."""
        return min(100, 100 * self.done // self.total) if self.total else None


class Outbox(models.Model):
    """Something that must happen after a commit. Written in the same transaction; Redis only rings the bell."""

    id = models.BigAutoField(primary_key=True)
    task = Public(models.CharField("任务", max_length=64))
    arguments = models.JSONField("参数（只有编号）", default=dict)
    due_at = models.DateTimeField("何时")
    attempts = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField("最近一次唤醒", null=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField("多次失败后搁置", null=True)
    last_error = Public(models.CharField(max_length=200, blank=True))

    class Meta:
        verbose_name = verbose_name_plural = "待办信箱"
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None, parked_at=None), name="outbox_due")]


class DueRun(models.Model):
    """Scheduled work of one slot, taken once: a second beat, or a clock stepped back, finds the row and stops."""

    job = Public(models.CharField(max_length=64))
    slot = models.DateTimeField()
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="due_once")]


class Notification(models.Model):
    """A short word to one person: something they asked for is ready, or something waits for them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    text = Public(models.CharField("内容", max_length=200))
    url = Public(models.CharField("去处", max_length=200, blank=True))
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        indexes = [models.Index(fields=["user", "-id"], name="notification_by_user")]


class IdempotencyKey(models.Model):
    """A write a client may repeat, remembered in the same transaction as its effect; it belongs to the user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = Public(models.CharField(max_length=128))
    body = models.BinaryField("请求的带密钥散列")
    status = models.PositiveSmallIntegerField()
    route = Public(models.CharField(max_length=128))
    object_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]
