"""Rules as dated data: every threshold of the product, with its source and since when."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import Func

from core.privacy.classification import Public
from core.scoping.models import RegionCodeField


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class RuleStatus(models.TextChoices):
    LAW = "law", "法律法规"
    RULE = "rule", "部门规定"
    LOCAL = "local", "地方规定"
    ASSUMPTION = "assumption", "暂定"


class Rule(models.Model):
    """One value of one rule, for one place, from one day on; a change is a new row and never moves history."""

    code = Public(models.CharField("规则", max_length=64))
    region_code = RegionCodeField(blank=True, help_text="空表示全国")
    value = models.JSONField("取值")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)
    source = Public(models.CharField("依据", max_length=200))
    status = models.CharField("性质", max_length=12, choices=RuleStatus.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "规则"
        constraints = [
            ExclusionConstraint(
                name="rule_one_value_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("region_code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
