"""REST: the rules in force, their history, and entering a new value."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.resources import Resource
from core.api.serializers import StrictSerializer
from core.rules import queries
from core.rules.models import Rule, RuleStatus
from core.rules.services import MANAGE, set_rule

READ = "rule.read"


class RuleSerializer(serializers.Serializer):
    """A rule with the national value in force today."""

    code = serializers.CharField()
    label = serializers.CharField()
    value = serializers.JSONField()
    unit = serializers.CharField()
    local = serializers.IntegerField(help_text="另有取值的地方数")


class RuleRowSerializer(serializers.Serializer):
    """One value of a rule, for one place, from one day on."""

    code = serializers.CharField()
    region_code = serializers.CharField(help_text="空为全国")
    value = serializers.JSONField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    source = serializers.CharField()
    status = serializers.ChoiceField(choices=RuleStatus.choices)


class NewValueSerializer(StrictSerializer):
    region_code = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)
    value = serializers.JSONField()
    valid_from = serializers.DateField()
    source = serializers.CharField(max_length=200)
    status = serializers.ChoiceField(choices=RuleStatus.choices)


class RuleResource(Resource):
    """规则：每个阈值都是带日期、带依据的数据；新取值不改变历史。"""

    serializer_class = RuleSerializer
    needs: ClassVar[dict[str, str]] = {"list": READ, "retrieve": READ, "values": MANAGE}
    lookup_field = "code"
    lookup_value_converter = "str"

    @extend_schema(responses=RuleSerializer(many=True))
    def list(self, request: Any) -> Response:
        self.only()
        lines = queries.rule_lines(self.actor)
        return Response(
            [
                {"code": line.known.code, "label": line.known.label, "value": line.value, "unit": line.known.unit,
                 "local": line.local}
                for line in lines
            ]
        )  # fmt: skip

    @extend_schema(responses=RuleRowSerializer(many=True), operation_id="rules_history")
    def retrieve(self, request: Any, code: str) -> Response:
        """Every value the rule ever had, the newest first."""
        return Response(RuleRowSerializer(queries.history(self.actor, code), many=True).data)

    @extend_schema(request=NewValueSerializer, responses={201: RuleRowSerializer})
    @action(detail=True, methods=["post"])
    def values(self, request: Any, code: str) -> Response:
        said = self.valid(NewValueSerializer)
        made: list[Rule] = []

        def effect() -> None:
            made.append(set_rule(self.actor, code=code, **said))

        answer = self.write(effect, status=201, show=lambda _: None)
        answer.data = RuleRowSerializer(made[0] if made else queries.history(self.actor, code)[0]).data
        return answer
