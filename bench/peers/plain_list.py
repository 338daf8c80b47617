"""The plain Django page: a ListView with paginator and template over clear columns, as the tutorial writes it.

It masks in the template, knows no reach, opens no seal and writes no audit row; the frame around it is the same.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.urls import include, path
from django.views.generic import ListView

from cases.enums import Category
from cases.lists import AGE_WORDS

# Imported before the routes are turned over to this module.
HOUSE = settings.ROOT_URLCONF


class PlainStation(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_station"

    def __str__(self) -> str:
        return self.name


class PlainClient(models.Model):
    """The same rows in clear."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    sex = models.CharField(max_length=1, choices=[("1", "男"), ("2", "女")])
    age = models.IntegerField()
    category = models.CharField(max_length=24)
    community = models.CharField(max_length=64)
    station = models.ForeignKey(PlainStation, on_delete=models.CASCADE)
    state = models.CharField(max_length=12, choices=[("active", "在册")])
    registered_on = models.DateField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_client"
        ordering = ("-id",)

    @property
    def masked(self) -> str:
        return self.name[:1] + "*" * (len(self.name) - 1)


TABLES = """
CREATE TABLE bench_station (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE bench_client (id uuid PRIMARY KEY, number text NOT NULL, name text NOT NULL, sex text NOT NULL,
    age int NOT NULL, category text NOT NULL, community text NOT NULL,
    station_id uuid NOT NULL REFERENCES bench_station, state text NOT NULL, registered_on date NOT NULL);
GRANT SELECT, INSERT ON bench_station, bench_client TO qianshou_web;
"""


class Query(forms.Form):
    """The conditions our list has, as Django draws them; it offers as many stations as ours does."""

    keyword = forms.CharField(required=False, label="关键字")
    category = forms.MultipleChoiceField(required=False, label="对象类别", choices=Category.choices)
    age = forms.ChoiceField(required=False, label="年龄", choices=[("", "全部"), *AGE_WORDS])
    sex = forms.ChoiceField(required=False, label="性别", choices=[("", "全部"), ("1", "男"), ("2", "女")])
    station = forms.ModelChoiceField(PlainStation.objects.order_by("name")[:300], required=False, label="社工站")
    state = forms.ChoiceField(required=False, label="状态", choices=[("", "全部"), ("active", "在册")])
    consent = forms.ChoiceField(required=False, label="同意书", choices=[("", "全部"), ("missing", "缺服务同意")])
    registered_from = forms.DateField(required=False, label="登记日期从")
    registered_to = forms.DateField(required=False, label="登记日期至")
    community = forms.CharField(required=False, label="村（社区）")
    region = forms.CharField(required=False, label="区划")


class PlainList(LoginRequiredMixin, ListView):
    model = PlainClient
    paginate_by = 50
    template_name = "peers/plain_list.html"

    def get_queryset(self):
        return super().get_queryset().select_related("station")

    def get_context_data(self, **kwargs):
        return super().get_context_data(form=Query(), **kwargs)


urlpatterns = [path("plain/", PlainList.as_view()), path("", include(HOUSE))]
