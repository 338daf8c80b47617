"""Clients: one person, one dossier (一人一档)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.enums import Category, ClientState, Relation
from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public, Sensitive
from core.privacy.identity import Identity
from core.scoping.models import Scoped
from stations.models import Station, Worker


class Household(Scoped):
    """People who live together, kept by one station under a number of its own."""

    SCOPE_PATH = "station"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = Public(models.CharField("户编号", max_length=32))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "户"
        constraints = [models.UniqueConstraint(fields=["station", "number"], name="household_number_once")]


class NumberSeries(Scoped):
    """The last number a station gave out in one series (files, households); locked once for each set of new ones."""

    SCOPE_PATH = "station"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField("系列", max_length=1, choices=[("C", "档案"), ("H", "户")])
    prefix = Public(models.CharField("字头", max_length=8))
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号"
        constraints = [models.UniqueConstraint(fields=["station", "kind"], name="number_series_once")]


class Client(Scoped, Identity):
    """A person a station serves. The dossier stays with the station; the particulars stay under seal."""

    SCOPE_PATH = "station"
    IDENTITY_KIND = "client"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = Public(models.CharField("档案编号", max_length=32))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="members", db_index=False
    )
    relation = models.CharField("与户主关系", max_length=12, choices=Relation.choices, blank=True)
    community = Public(models.CharField("村（社区）", max_length=64, blank=True))
    worker = models.ForeignKey(
        Worker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任社工",
        db_index=False,
    )
    state = models.CharField("状态", max_length=12, choices=ClientState.choices, default=ClientState.ACTIVE)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    vouched_by = Public(models.CharField("补录担保人", max_length=40, blank=True))
    is_example = models.BooleanField("示范数据", default=False)
    version = models.PositiveIntegerField(default=1)
    registered_on = models.DateField("登记日期")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "服务对象"
        indexes = [
            models.Index(fields=["station", "-id"], name="client_by_station"),
            models.Index(fields=["region_code", "-id"], name="client_by_place"),
            models.Index(fields=["initials", "id"], name="client_by_initials"),
            models.Index(fields=["name_index"], name="client_by_name"),
            models.Index(fields=["phone_index"], name="client_by_phone", condition=Q(phone_index__isnull=False)),
            models.Index(fields=["household"], name="client_by_household", condition=Q(household__isnull=False)),
            models.Index(fields=["worker", "-id"], name="client_by_worker", condition=Q(worker__isnull=False)),
            models.Index(fields=["merged_into"], name="client_merged", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_index", "id_county"], condition=Q(state="active"), name="client_once_a_county"
            ),
            models.UniqueConstraint(fields=["station", "number"], name="client_number_once"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="client_merged_says_where",
            ),
            models.CheckConstraint(
                condition=Q(id_index__isnull=False) | Q(document_type="none"), name="client_number_or_none_said"
            ),
            models.CheckConstraint(
                condition=Q(state="erased") | Q(person_key__isnull=False), name="client_sealed_until_erased"
            ),
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(birth_date__lte=models.F("registered_on")),
                name="client_born_before_registered",
            ),
        ]


class ClientPart(Scoped):
    """A row of one client's dossier; it goes where the client goes."""

    SCOPE_PATH = "client"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class ClientCategory(ClientPart):
    """A category the client belongs to, from one day to another, with what shows it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="categories", db_constraint=False)
    category = models.CharField("类别", max_length=24, choices=Category.choices)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)
    evidence = Sensitive(models.BinaryField("依据（密文）", null=True))

    class Meta:
        verbose_name = verbose_name_plural = "对象类别"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="client_category_forward"
            ),
            models.UniqueConstraint(
                fields=["client", "category"], condition=Q(valid_to=None), name="client_category_open_once"
            ),
        ]


class ClientHistory(ClientPart):
    """What a dossier said before a change, sealed under the person's key (never in the audit chain)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="history", db_constraint=False)
    version = models.PositiveIntegerField("版本")
    changed = models.JSONField("改了哪些项", default=list)
    sealed = Sensitive(models.BinaryField("改前与改后（密文）"))
    reason = Public(models.CharField("原因", max_length=200, blank=True))

    class Meta:
        verbose_name = verbose_name_plural = "变更历史"
        constraints = [models.UniqueConstraint(fields=["client", "version"], name="client_history_once")]
