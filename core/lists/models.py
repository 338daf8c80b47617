"""What a person keeps about lists: saved queries, columns, density, and personal search terms behind a token."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Public, Sensitive
from core.scoping.models import RegionCodeField


class SavedQuery(models.Model):
    """A query somebody named, for themselves or for their place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_key = Public(models.CharField(max_length=64))
    name = Public(models.CharField("名称", max_length=40))
    query = Public(models.CharField("条件", max_length=1000))
    shared_region = RegionCodeField("共享给", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "保存的查询"
        constraints = [models.UniqueConstraint(fields=["user", "list_key", "name"], name="saved_query_name")]


class ListPreference(models.Model):
    """How one person wants one list: columns in order, density, rows a page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_key = Public(models.CharField(max_length=64))
    columns = models.JSONField(default=list)
    density = Public(models.CharField(max_length=12, default="normal"))
    per_page = models.PositiveSmallIntegerField(default=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list_key"], name="list_preference_once")]


class SearchTerm(models.Model):
    """A personal search term: posted, kept sealed, named in the URL only by this row's id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = Sensitive(models.BinaryField())
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索词"


class Draft(models.Model):
    """A form somebody had begun when the session ended, sealed under a key of its own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form_key = Public(models.CharField(max_length=120))
    sealed = Sensitive(models.BinaryField())
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form_key"], name="draft_once")]
