"""Routes of the REST API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from cases.api import ClientResource
from core.api.me import MeResource
from core.jobs.api import JobResource
from core.measures.api import MeasureResource
from core.rules.api import RuleResource
from stations.api import OrganisationResource, RegionResource, StationResource, WorkerResource

router = SimpleRouter(use_regex_path=False)
router.register("me", MeResource, basename="me")
router.register("jobs", JobResource, basename="job")
router.register("rules", RuleResource, basename="rule")
router.register("measures", MeasureResource, basename="measure")
router.register("regions", RegionResource, basename="region")
router.register("organisations", OrganisationResource, basename="organisation")
router.register("stations", StationResource, basename="station")
router.register("workers", WorkerResource, basename="worker")
router.register("clients", ClientResource, basename="client")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api_schema"), name="api_docs"),
    *router.urls,
]
