"""Memberships and grants: who acts where, and who may see frozen rows of something else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.roles import ROLE_CHOICES
from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public
from stations.models.organisation import Organisation
from stations.models.region import Region
from stations.models.station import Station


class Membership(models.Model):  # type: ignore[django-manager-missing]
    """One role of one user at one place (a division, an organisation, a station or named stations), from, to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name="账号"
    )
    role = models.CharField("角色", max_length=32, choices=ROLE_CHOICES)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="区划"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="机构"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="社工站"
    )
    is_national = models.BooleanField("全国", default=False)
    title = Public(models.CharField("职务", max_length=40, blank=True))
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销", null=True, blank=True)
    revoked_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(region__isnull=False, organisation=None, station=None, is_national=False)
                    | Q(region=None, organisation__isnull=False, station=None, is_national=False)
                    | Q(region=None, organisation=None, station__isnull=False, is_national=False)
                    | Q(region=None, organisation=None, station=None)
                ),
                name="membership_at_most_one_place",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_by_id__isnull=False), name="membership_revoked_by"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region", "organisation", "station"],
                condition=Q(revoked_at=None, valid_to=None),
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="membership_forward"
            ),
        ]


class MembershipStation(models.Model):
    """A station named one by one in a membership: a supervisor's stations."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="named_stations")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "station"], name="membership_station_once")]


class Grant(models.Model):
    """Rows of their own somebody may see for a while, written by the app that froze them; never widens reach."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="grants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    what = Public(models.CharField("事项", max_length=32))
    valid_from = models.DateTimeField("起")
    valid_until = models.DateTimeField("止（不含）")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=models.F("valid_from")), name="grant_forward"),
            models.CheckConstraint(
                condition=Q(membership__isnull=False) | Q(organisation__isnull=False), name="grant_to_somebody"
            ),
        ]
