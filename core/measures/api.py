"""REST: what is counted, the values of one period, and sums over a division."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.resources import Resource
from core.errors import Invalid, NotFound, Refused
from core.measures import queries
from core.measures.known import measures

PERIOD = [
    OpenApiParameter("from", date, required=True, description="期间起（含）"),
    OpenApiParameter("to", date, required=True, description="期间止（不含）"),
]


class MeasureSerializer(serializers.Serializer):
    """What is counted."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    grain = serializers.CharField()
    additive = serializers.BooleanField(help_text="可按地区、月份相加")


class ValueSerializer(serializers.Serializer):
    """One subject's value as of the latest run of the period."""

    subject_id = serializers.UUIDField()
    region_code = serializers.CharField()
    value = serializers.DecimalField(max_digits=20, decimal_places=4)
    as_of = serializers.DateTimeField()


class MonthSumSerializer(serializers.Serializer):
    month = serializers.DateField()
    total = serializers.DecimalField(max_digits=20, decimal_places=4)


class MeasureResource(Resource):
    """度量：名称、数值与合计；数值以最近一次计算为准。"""

    serializer_class = MeasureSerializer
    needs: ClassVar[dict[str, str]] = {"list": queries.READ, "values": queries.READ, "sums": queries.READ}
    lookup_field = "code"
    lookup_value_converter = "str"
    parameters: ClassVar[dict[str, list[Any]]] = {
        "values": PERIOD,
        "sums": [*PERIOD, OpenApiParameter("region", str, description="区划代码，空为全国")],
    }

    @extend_schema(responses=MeasureSerializer(many=True))
    def list(self, request: Any) -> Response:
        self.only()
        return Response(MeasureSerializer(measures.values(), many=True).data)

    @extend_schema(responses=ValueSerializer(many=True))
    @action(detail=True, methods=["get"])
    def values(self, request: Any, code: str) -> Response:
        asked = self.only("from", "to")
        known(code)
        found = queries.values(self.actor, code, period(asked))
        return Response([asdict(one) for one in found])

    @extend_schema(responses=MonthSumSerializer(many=True))
    @action(detail=True, methods=["get"])
    def sums(self, request: Any, code: str) -> Response:
        asked = self.only("from", "to", "region")
        if not known(code).additive:
            raise Refused("measure.not_additive", "这个度量不能跨地区、跨月份相加。")
        found = queries.region_sums(self.actor, code, asked["region"], period(asked))
        return Response([{"month": month, "total": total} for month, total in found.items()])


def known(code: str) -> Any:
    """The measure. Raises NotFound."""
    found = measures.get(code)
    if found is None:
        raise NotFound()
    return found


def period(asked: dict[str, str]) -> tuple[date, date]:
    """[from, to). Raises Invalid naming the day that is not one."""
    days = {}
    for name in ("from", "to"):
        try:
            days[name] = date.fromisoformat(asked[name])
        except ValueError:
            raise Invalid("bad_day", "日期应为 2026-11-01 的样子。", {name: ["日期有误"]}) from None
    if days["from"] >= days["to"]:
        raise Invalid("bad_period", "期间的止应晚于起。", {"to": ["应晚于起"]})
    return days["from"], days["to"]
