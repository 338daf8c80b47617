"""REST: the register of clients, over the same queries, services and declared list as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.roles import Perm
from cases import lists
from cases.enums import Category, ConsentGiver, ConsentPurpose, Relation
from cases.queries import register
from cases.queries.dossier import client_page
from cases.queries.trail import who_read
from cases.services.categories import add_category
from cases.services.checking import CategoryInput, ClientInput
from cases.services.clients import ClientChange, register_client
from cases.services.consents import ConsentInput, give_consent, withdraw_consent
from cases.services.reveal import reveal
from cases.services.updating import update_client, withdraw_client
from core.api.lists import ListedResource, page_of
from core.api.serializers import Partly, StrictSerializer
from core.identifiers.documents import DocumentType
from core.privacy.identity import SEX_CHOICES

DOCUMENTS = [(kind.value, kind.label) for kind in DocumentType]


class ClientRowSerializer(serializers.Serializer):
    """One line of the register. Names are full only for the client's own station; numbers are masked for everybody."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)
    categories = serializers.ListField(child=serializers.CharField())
    phone = serializers.CharField()
    community = serializers.CharField()
    station_id = serializers.UUIDField()
    station = serializers.CharField()
    worker = serializers.CharField()
    state = serializers.CharField()
    registered_on = serializers.DateField()


class ClientSerializer(serializers.Serializer):
    """A dossier, masked for the caller."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="修改时须带上所见的版本")
    number = serializers.CharField()
    state = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)
    document = serializers.CharField()
    masked = serializers.DictField(child=serializers.CharField())
    community = serializers.CharField()
    station_id = serializers.UUIDField()
    station = serializers.CharField()
    worker = serializers.CharField()
    registered_on = serializers.DateField()
    household = serializers.CharField()
    categories = serializers.ListField(child=serializers.DictField())
    consents = serializers.ListField(child=serializers.DictField())


class CategorySerializer(StrictSerializer):
    code = serializers.ChoiceField(choices=Category.choices)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)
    evidence = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class ClientFieldsSerializer(StrictSerializer):
    """What may be said of a client; what is wrong with it is the service's to say."""

    name = serializers.CharField(max_length=60)
    document_type = serializers.ChoiceField(choices=DOCUMENTS)
    id_number = serializers.CharField(required=False, allow_blank=True, max_length=32, trim_whitespace=False)
    no_document_reason = serializers.CharField(required=False, allow_blank=True, max_length=100)
    birth_date = serializers.DateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=SEX_CHOICES, required=False, allow_blank=True)
    mismatch_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=20)
    address = serializers.CharField(required=False, allow_blank=True, max_length=200)
    community = serializers.CharField(required=False, allow_blank=True, max_length=64)
    guardian_name = serializers.CharField(required=False, allow_blank=True, max_length=60)
    guardian_phone = serializers.CharField(required=False, allow_blank=True, max_length=20)
    consent_on = serializers.DateField(required=False, allow_null=True)
    worker_id = serializers.UUIDField(required=False, allow_null=True)
    household_number = serializers.CharField(required=False, allow_blank=True, max_length=32)
    relation = serializers.ChoiceField(choices=Relation.choices, required=False, allow_blank=True)
    duplicate_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    vouched_by = serializers.CharField(required=False, allow_blank=True, max_length=40)


class NewClientSerializer(ClientFieldsSerializer):
    station_id = serializers.UUIDField()
    categories = CategorySerializer(many=True, required=False)

    def validate_id_number(self, value: Any) -> Any:
        """A number that arrives as a JSON number may have lost its last digits on the way."""
        if not isinstance(self.initial_data.get("id_number", ""), str):
            raise serializers.ValidationError("证件号码须以文本（字符串）提交，数字会丢失末几位。")
        return value


class SomeClientFieldsSerializer(Partly, ClientFieldsSerializer):
    """What is to change."""


class ClientChangeSerializer(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    changes = SomeClientFieldsSerializer()


class ReasonSerializer(StrictSerializer):
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=200)


class ConsentSerializer(StrictSerializer):
    purpose = serializers.ChoiceField(choices=ConsentPurpose.choices)
    given_by = serializers.ChoiceField(choices=ConsentGiver.choices)
    given_on = serializers.DateField()
    guardian_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)
    guardian_phone = serializers.CharField(required=False, allow_blank=True, default="", max_length=20)
    witness = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)


class RevealSerializer(StrictSerializer):
    field = serializers.ChoiceField(
        choices=["name", "id_number", "phone", "address", "guardian_name", "guardian_phone"]
    )
    reason = serializers.CharField(max_length=200)


class RevealedSerializer(serializers.Serializer):
    value = serializers.CharField()


class SearchSerializer(StrictSerializer):
    keyword = serializers.CharField(max_length=60, help_text="姓名、拼音首字母、档案编号、证件号码、电话")


class LookSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    role = serializers.CharField()
    did = serializers.CharField()
    reason = serializers.CharField()
    channel = serializers.CharField()


class ClientResource(ListedResource):
    """服务对象：登记、查看、修改；读取都会记入“谁看过我的档案”。"""

    spec = lists.clients
    serializer_class = ClientSerializer
    needs = {
        "list": Perm.CLIENT_READ,
        "retrieve": Perm.CLIENT_READ,
        "create": Perm.CLIENT_WRITE,
        "partial_update": Perm.CLIENT_WRITE,
        "withdraw": Perm.CLIENT_WRITE,
        "categories": Perm.CLIENT_WRITE,
        "consents": Perm.CLIENT_WRITE,
        "end_consent": Perm.CLIENT_WRITE,
        "reveal": Perm.CLIENT_REVEAL,
        "looks": Perm.CLIENT_READ,
        "search": Perm.CLIENT_READ,
    }

    def represent(self, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        return [listed(row) for row in register.shown_rows(self.actor, list(rows))]

    @extend_schema(responses=page_of(ClientRowSerializer))
    def list(self, request: Any) -> Response:
        return super().list(request)

    def show(self, client_id: UUID) -> dict[str, Any]:
        return ClientSerializer(asdict(client_page(self.actor, client_id))).data

    @extend_schema(responses=ClientSerializer)
    def retrieve(self, request: Any, id: UUID) -> Response:
        return Response(self.show(id))

    @extend_schema(request=NewClientSerializer, responses={201: ClientSerializer})
    def create(self, request: Any) -> Response:
        said = self.valid(NewClientSerializer)
        station_id = said.pop("station_id")
        categories = [CategoryInput(**category) for category in said.pop("categories", [])]

        def effect() -> UUID:
            whole = ClientInput(**said, categories=categories)
            return register_client(self.actor, station_id=station_id, said=whole, channel="api").pk

        return self.write(effect, status=201, show=self.show)

    @extend_schema(request=ClientChangeSerializer, responses=ClientSerializer)
    def partial_update(self, request: Any, id: UUID) -> Response:
        said = self.valid(ClientChangeSerializer)
        change = ClientChange(id, said["version"], said["changes"], said["reason"])
        return self.write(
            lambda: update_client(self.actor, change=change, channel="api").pk, status=200, show=self.show
        )

    @extend_schema(request=ReasonSerializer, responses=ClientSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Any, id: UUID) -> Response:
        said = self.valid(ReasonSerializer)
        return self.write(
            lambda: withdraw_client(self.actor, client_id=id, channel="api", **said).pk, status=200, show=self.show
        )

    @extend_schema(request=CategorySerializer, responses={201: ClientSerializer})
    @action(detail=True, methods=["post"])
    def categories(self, request: Any, id: UUID) -> Response:
        category = CategoryInput(**self.valid(CategorySerializer))
        return self.write(
            lambda: add_category(self.actor, client_id=id, category=category, channel="api").pk,
            status=201,
            show=self.show,
        )

    @extend_schema(request=ConsentSerializer, responses={201: ClientSerializer})
    @action(detail=True, methods=["post"])
    def consents(self, request: Any, id: UUID) -> Response:
        said = ConsentInput(**self.valid(ConsentSerializer))
        return self.write(
            lambda: give_consent(self.actor, client_id=id, said=said, channel="api").pk, status=201, show=self.show
        )

    @extend_schema(request=None, responses=ClientSerializer)
    @action(detail=True, methods=["post"], url_path="consents/<uuid:consent_id>/withdraw")
    def end_consent(self, request: Any, id: UUID, consent_id: UUID) -> Response:
        return self.write(
            lambda: withdraw_consent(self.actor, client_id=id, consent_id=consent_id, channel="api").pk,
            status=200,
            show=self.show,
        )

    @extend_schema(request=RevealSerializer, responses=RevealedSerializer)
    @action(detail=True, methods=["post"])
    def reveal(self, request: Any, id: UUID) -> Response:
        said = self.valid(RevealSerializer)
        return Response({"value": reveal(self.actor, client_id=id, channel="api", **said)})

    @extend_schema(responses=LookSerializer(many=True))
    @action(detail=True, methods=["get"])
    def looks(self, request: Any, id: UUID) -> Response:
        return Response([asdict(look) for look in who_read(self.actor, id)])

    @extend_schema(request=SearchSerializer, responses=ClientRowSerializer(many=True))
    @action(detail=False, methods=["post"])
    def search(self, request: Any) -> Response:
        """Personal terms come by POST: they stand in no address, log or history. At most 50 hits."""
        keyword = self.valid(SearchSerializer)["keyword"]
        rows = register.found(self.actor, register.clients(self.actor, {}), keyword)
        found = list(rows.order_by("-id").values(*register.FIELDS)[:50])
        return Response(self.represent(found))


def listed(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the register as the API shows it; keys in the serializer's order."""
    return {name: row[name] for name in ROW_FIELDS}


ROW_FIELDS = list(ClientRowSerializer().fields)
