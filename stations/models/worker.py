"""Workers: the people who do the work."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from core.privacy.identity import Identity
from core.scoping.models import Scoped
from stations.enums import Certificate, Employment
from stations.models.organisation import Organisation
from stations.models.station import Station


class Worker(Scoped, Identity):
    """A social worker at a station, with the certificate held; names of workers are shown to all who see the row."""

    SCOPE_PATH = "station"
    IDENTITY_KIND = "worker"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="workers", db_constraint=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="workers", verbose_name="所属机构"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = Public(models.CharField("岗位", max_length=32, blank=True))
    certificate = models.CharField("证书", max_length=16, choices=Certificate.choices, default=Certificate.NONE)
    certificate_number = Public(models.CharField("证书编号", max_length=40, blank=True))
    registered_on = models.DateField("登记日期", null=True, blank=True)
    employment = models.CharField("在岗", max_length=8, choices=Employment.choices, default=Employment.ACTIVE)
    started_on = models.DateField("到岗日期", null=True, blank=True)
    left_on = models.DateField("离岗日期", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回", null=True, editable=False)
    is_example = models.BooleanField("示范数据", default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "社工"
        indexes = [
            models.Index(fields=["station", "-id"], name="worker_by_station"),
            models.Index(fields=["region_code", "-id"], name="worker_by_place"),
            models.Index(fields=["initials", "id"], name="worker_by_initials"),
            models.Index(fields=["name_index"], name="worker_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_index", "id_county"], condition=models.Q(withdrawn_at=None), name="worker_once_a_county"
            ),
            models.CheckConstraint(
                condition=models.Q(employment=Employment.ACTIVE, left_on=None) | models.Q(employment=Employment.LEFT),
                name="worker_left_says_when",
            ),
        ]
