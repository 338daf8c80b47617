"""REST: who is calling, as what, how far."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.resources import Resource


class MeSerializer(serializers.Serializer):
    """The caller."""

    name = serializers.CharField()
    role = serializers.CharField()
    place = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class MeResource(Resource):
    """当前身份：角色、地点、凭证范围内的权限。"""

    serializer_class = MeSerializer
    needs: ClassVar[dict[str, str]] = {"list": "home"}

    @extend_schema(responses=MeSerializer)
    def list(self, request: Any) -> Response:
        self.only()
        actor = self.actor
        return Response(
            {"name": actor.name, "role": actor.role, "place": actor.place, "permissions": sorted(actor.permissions)}
        )
