"""The abstract base of everything a second person must agree to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.privacy.classification import Public


class ApprovalState(models.TextChoices):
    WAITING = "waiting", "待审批"
    APPROVED = "approved", "已同意"
    REJECTED = "rejected", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class Approval(models.Model):
    """What somebody submitted and somebody else decides; `seen_version` is the version the decision was about."""

    state = models.CharField("状态", max_length=12, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    version = models.PositiveIntegerField("版本", default=1)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    seen_version = models.PositiveIntegerField("审批的版本", null=True)
    decision_note = Public(models.CharField("审批意见", max_length=200, blank=True))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")), name="%(class)s_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "rejected"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    seen_version=F("version"),
                )
                | Q(state__in=["waiting", "withdrawn"], decided_by=None, decided_at=None, seen_version=None),
                name="%(class)s_decided_whole",
            ),
        ]
