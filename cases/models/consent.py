"""Consents: what the person or the guardian agreed to, which version of the text, and when it was taken back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.enums import ConsentGiver, ConsentPurpose
from cases.models.client import Client, ClientPart
from core.privacy.classification import Public, Sensitive


class Consent(ClientPart):
    """One consent, given once and withdrawn at most once; a new version of the text is a new consent."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents", db_constraint=False)
    purpose = models.CharField("用途", max_length=12, choices=ConsentPurpose.choices)
    text_version = Public(models.CharField("文本版本", max_length=16))
    given_by = models.CharField("谁同意", max_length=12, choices=ConsentGiver.choices)
    guardian = Sensitive(models.BinaryField("监护人（密文）", null=True))
    given_on = models.DateField("日期")
    witness = Public(models.CharField("见证人", max_length=40, blank=True))
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "同意书"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_by_id__isnull=False), name="consent_withdrawn_by"
            ),
            models.CheckConstraint(
                condition=Q(given_by="self") | Q(guardian__isnull=False), name="consent_guardian_named"
            ),
        ]
