"""REST: territory, organisations, stations and workers, over the same queries, services and declared lists as the
pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.roles import Perm
from core.api.lists import ListedResource, page_of
from core.api.resources import Resource
from core.api.serializers import Partly, StrictSerializer
from core.identifiers.documents import DocumentType
from core.privacy.identity import SEX_CHOICES
from stations.enums import Certificate, Employment, OrganisationKind, StationKind, StationStatus
from stations.lists.organisations import ORGANISATIONS
from stations.lists.stations import STATIONS
from stations.lists.workers import WORKERS
from stations.queries import regions, workers
from stations.services.checking import WorkerInput
from stations.services.organisations import OrganisationInput, correct_organisation, enter_organisation
from stations.services.stations import StationInput, change_station, open_station
from stations.services.workers import WorkerChange, register_worker, update_worker

DOCUMENTS = [(kind.value, kind.label) for kind in DocumentType if kind is not DocumentType.NONE]


class RegionSerializer(serializers.Serializer):
    """A division."""

    code = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField(required=False, help_text="上级名称")
    leaf = serializers.BooleanField(required=False, help_text="没有下级")


class RegionResource(Resource):
    """行政区划：按上级取下级，或按名称、拼音、首字母、代码查找。"""

    needs: ClassVar[dict[str, str]] = {"list": Perm.REGION_READ, "retrieve": Perm.REGION_READ}
    serializer_class = RegionSerializer
    lookup_field = "code"
    lookup_value_converter = "str"
    parameters: ClassVar[dict[str, list[Any]]] = {
        "list": [
            OpenApiParameter("parent", str, description="上级代码；空为省级"),
            OpenApiParameter("q", str, description="名称、拼音、首字母或代码"),
        ]
    }

    @extend_schema(responses=RegionSerializer(many=True))
    def list(self, request: Any) -> Response:
        asked = self.only("parent", "q")
        if asked["q"]:
            found = regions.search_options(self.actor, asked["q"])
        else:
            found = regions.child_options(self.actor, asked["parent"])
        return Response([asdict(one) for one in found])

    @extend_schema(responses=RegionSerializer(many=True))
    def retrieve(self, request: Any, code: str) -> Response:
        """From the province down to this division."""
        regions.region(self.actor, code)
        return Response([asdict(one) for one in regions.path_to(self.actor, code)])


class OrganisationSerializer(serializers.Serializer):
    """An organisation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    credit_code = serializers.CharField()
    kind = serializers.ChoiceField(choices=OrganisationKind.choices)
    region_code = serializers.CharField()
    parent_id = serializers.UUIDField(allow_null=True)
    founded_on = serializers.DateField(allow_null=True)
    contact = serializers.CharField()
    is_example = serializers.BooleanField()
    version = serializers.IntegerField()


class NewOrganisationSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120)
    credit_code = serializers.CharField(max_length=32)
    kind = serializers.ChoiceField(choices=OrganisationKind.choices)
    region_code = serializers.CharField(max_length=12)
    parent_id = serializers.UUIDField(required=False, allow_null=True)
    founded_on = serializers.DateField(required=False, allow_null=True)
    contact = serializers.CharField(required=False, allow_blank=True, max_length=64)


class OrganisationChangeSerializer(NewOrganisationSerializer):
    version = serializers.IntegerField(min_value=1)


class OrganisationResource(ListedResource):
    """机构：登记须有合法的统一社会信用代码。"""

    spec = ORGANISATIONS
    serializer_class = OrganisationSerializer
    needs: ClassVar[dict[str, str]] = {
        "list": Perm.ORGANISATION_READ,
        "retrieve": Perm.ORGANISATION_READ,
        "create": Perm.ORGANISATION_MANAGE,
        "update": Perm.ORGANISATION_MANAGE,
    }
    fields: ClassVar[dict[str, str]] = {name: name for name in OrganisationSerializer().fields} | {
        "region_code": "region_id"
    }

    @extend_schema(responses=page_of(OrganisationSerializer))
    def list(self, request: Any) -> Response:
        return super().list(request)

    @extend_schema(request=NewOrganisationSerializer, responses={201: OrganisationSerializer})
    def create(self, request: Any) -> Response:
        said = OrganisationInput(**self.valid(NewOrganisationSerializer))
        return self.write(lambda: enter_organisation(self.actor, said=said).pk, status=201, show=self.show)

    @extend_schema(request=OrganisationChangeSerializer, responses=OrganisationSerializer)
    def update(self, request: Any, id: UUID) -> Response:
        said = self.valid(OrganisationChangeSerializer)
        version = said.pop("version")

        def effect() -> UUID:
            whole = OrganisationInput(**said)
            return correct_organisation(self.actor, organisation_id=id, version=version, said=whole).pk

        return self.write(effect, status=200, show=self.show)


class StationSerializer(serializers.Serializer):
    """A station, point or room."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=StationKind.choices)
    region_code = serializers.CharField()
    region_name = serializers.CharField()
    parent_id = serializers.UUIDField(allow_null=True)
    operator_id = serializers.UUIDField(allow_null=True)
    operator_name = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=StationStatus.choices)
    founded_on = serializers.DateField(allow_null=True)
    address = serializers.CharField()
    phone = serializers.CharField()
    initials = serializers.CharField()
    is_example = serializers.BooleanField()
    version = serializers.IntegerField()


class NewStationSerializer(StrictSerializer):
    name = serializers.CharField(max_length=80)
    region_code = serializers.CharField(max_length=12)
    kind = serializers.ChoiceField(choices=StationKind.choices, required=False)
    parent_id = serializers.UUIDField(required=False, allow_null=True)
    founded_on = serializers.DateField(required=False, allow_null=True)
    address = serializers.CharField(required=False, allow_blank=True, max_length=200)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=20)


class StationChangeSerializer(NewStationSerializer):
    version = serializers.IntegerField(min_value=1)


class StationResource(ListedResource):
    """社工站、服务点、社工室。"""

    spec = STATIONS
    serializer_class = StationSerializer
    needs: ClassVar[dict[str, str]] = {
        "list": Perm.STATION_READ,
        "retrieve": Perm.STATION_READ,
        "create": Perm.STATION_MANAGE,
        "update": Perm.STATION_MANAGE,
    }
    fields: ClassVar[dict[str, str]] = {name: name for name in StationSerializer().fields} | {
        "region_name": "region__name",
        "operator_name": "operator__name",
    }

    @extend_schema(responses=page_of(StationSerializer))
    def list(self, request: Any) -> Response:
        return super().list(request)

    @extend_schema(request=NewStationSerializer, responses={201: StationSerializer})
    def create(self, request: Any) -> Response:
        said = StationInput(**self.valid(NewStationSerializer))
        return self.write(lambda: open_station(self.actor, said=said).pk, status=201, show=self.show)

    @extend_schema(request=StationChangeSerializer, responses=StationSerializer)
    def update(self, request: Any, id: UUID) -> Response:
        said = self.valid(StationChangeSerializer)
        version = said.pop("version")

        def effect() -> UUID:
            return change_station(self.actor, station_id=id, version=version, said=StationInput(**said)).pk

        return self.write(effect, status=200, show=self.show)


class WorkerSerializer(serializers.Serializer):
    """A social worker; numbers are masked for everybody."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    id_number = serializers.CharField()
    phone = serializers.CharField()
    station_id = serializers.UUIDField()
    organisation_id = serializers.UUIDField(allow_null=True)
    post = serializers.CharField()
    certificate = serializers.ChoiceField(choices=Certificate.choices)
    certificate_number = serializers.CharField()
    employment = serializers.ChoiceField(choices=Employment.choices)
    started_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class WorkerFieldsSerializer(StrictSerializer):
    name = serializers.CharField(max_length=60)
    document_type = serializers.ChoiceField(choices=DOCUMENTS)
    id_number = serializers.CharField(max_length=32, trim_whitespace=False)
    birth_date = serializers.DateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=SEX_CHOICES, required=False, allow_blank=True)
    mismatch_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=20)
    address = serializers.CharField(required=False, allow_blank=True, max_length=200)
    post = serializers.CharField(required=False, allow_blank=True, max_length=32)
    certificate = serializers.ChoiceField(choices=Certificate.choices, required=False)
    certificate_number = serializers.CharField(required=False, allow_blank=True, max_length=40)
    registered_on = serializers.DateField(required=False, allow_null=True)
    employment = serializers.ChoiceField(choices=Employment.choices, required=False)
    started_on = serializers.DateField(required=False, allow_null=True)
    left_on = serializers.DateField(required=False, allow_null=True)
    organisation_id = serializers.UUIDField(required=False, allow_null=True)


class NewWorkerSerializer(WorkerFieldsSerializer):
    station_id = serializers.UUIDField()


class SomeWorkerFieldsSerializer(Partly, WorkerFieldsSerializer):
    """What is to change."""


class WorkerChangeSerializer(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    changes = SomeWorkerFieldsSerializer()


class WorkerResource(ListedResource):
    """社工队伍。"""

    spec = WORKERS
    serializer_class = WorkerSerializer
    needs: ClassVar[dict[str, str]] = {
        "list": Perm.WORKER_READ,
        "retrieve": Perm.WORKER_READ,
        "create": Perm.WORKER_MANAGE,
        "partial_update": Perm.WORKER_MANAGE,
    }
    columns: ClassVar[tuple[str, ...]] = (
        *(name for name in WorkerSerializer().fields if name not in ("name", "id_number", "phone")),
        "person_key",
        "sealed",
    )

    def represent(self, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        opened = workers.open_rows(rows)
        return [
            {**{name: row[name] for name in self.columns[:-2]}, "name": one.name, "id_number": one.id_number,
             "phone": one.phone}
            for row, one in zip(rows, opened, strict=True)
        ]  # fmt: skip

    @extend_schema(responses=page_of(WorkerSerializer))
    def list(self, request: Any) -> Response:
        return super().list(request)

    def show(self, worker_id: UUID) -> dict[str, Any]:
        one = workers.worker(self.actor, worker_id)
        return self.represent([{name: getattr(one, name) for name in self.columns}])[0]

    @extend_schema(responses=WorkerSerializer)
    def retrieve(self, request: Any, id: UUID) -> Response:
        return Response(self.show(id))

    @extend_schema(request=NewWorkerSerializer, responses={201: WorkerSerializer})
    def create(self, request: Any) -> Response:
        said = self.valid(NewWorkerSerializer)
        station_id = said.pop("station_id")
        return self.write(
            lambda: register_worker(self.actor, station_id=station_id, said=WorkerInput(**said)).pk,
            status=201,
            show=self.show,
        )

    @extend_schema(request=WorkerChangeSerializer, responses=WorkerSerializer)
    def partial_update(self, request: Any, id: UUID) -> Response:
        said = self.valid(WorkerChangeSerializer)
        change = WorkerChange(id, said["version"], said["changes"])
        return self.write(lambda: update_worker(self.actor, change=change).pk, status=200, show=self.show)
