"""The field in the back office: to look at; official numbers are reference data."""

from __future__ import annotations

from typing import Any

from accounts.roles import Perm
from core.admin import ReferenceAdmin, ScopedAdmin, page_link, site
from stations.models import Installation, Membership, Organisation, Region, RegionCount, Station
from stations.queries.memberships import accounts_of_reach


class MembershipAdmin(ScopedAdmin):
    reads = opens_by = Perm.ACCOUNT_READ
    list_display = ["user", "role", "region", "organisation", "valid_from", "valid_to", "revoked_at", "page"]
    list_filter = ["role"]
    list_select_related = ["user", "region", "organisation"]
    search_fields = ["user__username"]
    fields = ["user", "role", "region", "organisation", "is_national", "title", "valid_from", "valid_to", "revoked_at"]
    ordering = ["-id"]
    page = staticmethod(page_link("stations:account", "账号页", key="user_id"))

    def get_queryset(self, request: Any) -> Any:
        return Membership.objects.filter(user__in=accounts_of_reach(request.actor))


class RegionAdmin(ScopedAdmin):
    reads = Perm.REGION_READ
    opens_by = Perm.REGION_MANAGE
    list_display = ["code", "full_name", "level", "valid_from", "valid_to"]
    list_filter = ["level"]
    search_fields = ["code", "name", "pinyin"]
    fields = ["code", "name", "full_name", "level", "is_pseudo", "valid_from", "valid_to"]


class RegionCountAdmin(ReferenceAdmin):
    reads = Perm.REGION_READ
    opens_by = writes = Perm.REGION_MANAGE
    list_display = ["region", "what", "as_of", "value", "source"]
    list_filter = ["what"]
    list_select_related = ["region"]
    raw_id_fields = ["region"]


class OrganisationAdmin(ScopedAdmin):
    reads = Perm.ORGANISATION_READ
    list_display = ["name", "credit_code", "kind", "region", "is_example"]
    list_filter = ["kind"]
    list_select_related = ["region"]
    search_fields = ["name", "credit_code"]
    fields = ["name", "credit_code", "kind", "region", "founded_on", "contact", "is_example"]


class StationAdmin(ScopedAdmin):
    reads = Perm.STATION_READ
    list_display = ["name", "kind", "region_code", "status", "is_example"]
    list_filter = ["kind", "status"]
    search_fields = ["name"]
    fields = ["name", "kind", "region_code", "status", "founded_on", "address", "phone", "is_example", "version"]
    ordering = ["region_code", "id"]


class InstallationAdmin(ScopedAdmin):
    reads = Perm.REGION_READ
    list_display = ["authority", "level", "region", "set_up_at"]
    fields = ["authority", "level", "region", "set_up_at"]


for model, model_admin in (
    (Membership, MembershipAdmin),
    (Region, RegionAdmin),
    (RegionCount, RegionCountAdmin),
    (Organisation, OrganisationAdmin),
    (Station, StationAdmin),
    (Installation, InstallationAdmin),
):
    site.register(model, model_admin)
