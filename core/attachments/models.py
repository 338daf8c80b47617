"""What every attachment has; the app adds the key to its record and the scope (no generic foreign keys)."""

from __future__ import annotations

from django.db import models

from core.identifiers.uuid7 import uuid7
from core.jobs.models import StoredFile
from core.privacy.classification import Public


class Attachment(models.Model):
    """A file that belongs to one record, kept sealed as long as the record (`store_file(…, keep_days=None)`).

    A concrete one is `class ClientAttachment(Attachment, Scoped)` with its foreign key and SCOPE_PATH.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = Public(models.CharField("种类", max_length=32))
    added_at = models.DateTimeField("上传时间", auto_now_add=True)
    added_by_id = models.BigIntegerField("上传人")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawn_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_by_id__isnull=False),
                name="%(app_label)s_%(class)s_withdrawn_by",
            )
        ]
