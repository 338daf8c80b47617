"""The plain DRF viewsets: ModelViewSet, ModelSerializer, PageNumberPagination, as the tutorial writes them.

They know no reach and open no seal; that of the clients writes the same audit row as ours, after the read.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.urls import include, path
from knox.auth import TokenAuthentication
from rest_framework import pagination, permissions, renderers, routers, serializers, viewsets

from bench.peers.plain_list import HOUSE, PlainClient
from core import audit
from core.scoping import Actor


class FiftyPages(pagination.PageNumberPagination):
    page_size = 50


class FullStation(models.Model):
    """The columns our answer has, in one table."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    region_code = models.CharField(max_length=12)
    region_name = models.CharField(max_length=64)
    parent_id = models.UUIDField(null=True)
    operator_id = models.UUIDField(null=True)
    operator_name = models.CharField(max_length=120, default="")
    status = models.CharField(max_length=12)
    founded_on = models.DateField(null=True)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    initials = models.CharField(max_length=32)
    is_example = models.BooleanField()
    version = models.IntegerField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_full_station"


STATIONS = """
CREATE TABLE bench_full_station (id uuid PRIMARY KEY, name text NOT NULL, kind text, region_code text, region_name text,
    parent_id uuid, operator_id uuid, operator_name text, status text, founded_on date, address text, phone text,
    initials text, is_example boolean, version int);
"""
FILL = """
INSERT INTO bench_full_station
SELECT s.id, s.name, s.kind, s.region_code, r.name, s.parent_id, s.operator_id, '', s.status, s.founded_on, s.address,
       s.phone, s.initials, s.is_example, s.version
FROM stations_station s JOIN stations_region r ON r.code = s.region_code
"""


class PlainStationSerializer(serializers.ModelSerializer):
    class Meta:
        model = FullStation
        fields = "__all__"


class PlainClientSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlainClient
        fields = "__all__"


class Plain(viewsets.ReadOnlyModelViewSet):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (permissions.IsAuthenticated,)
    renderer_classes = (renderers.JSONRenderer,)
    pagination_class = FiftyPages
    throttle_classes = ()
    schema = None
    needs: dict[str, str] = {}


class PlainStations(Plain):
    queryset = FullStation.objects.order_by("-id")
    serializer_class = PlainStationSerializer


class PlainClients(Plain):
    queryset = PlainClient.objects.order_by("-id")
    serializer_class = PlainClientSerializer

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().list(request, *args, **kwargs)
        with transaction.atomic():
            ids = [row["id"] for row in answer.data["results"]]
            audit.record(Actor.system("the peer's look"), "client.listed", kind="client", ids=ids, channel="api")
        return answer


router = routers.SimpleRouter()
router.register("plain-api/stations", PlainStations)
router.register("plain-api/clients", PlainClients)

urlpatterns = [*router.urls, path("", include(HOUSE))]
