"""Routes: one line an app."""

from django.urls import include, path

from core.admin import site
from core.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", site.urls),
    path("api/v1/", include("config.api_urls")),
    path("", include("accounts.urls")),
    path("", include("stations.urls")),
    path("", include("cases.urls")),
    path("", include("dashboards.urls")),
    path("", include("core.urls")),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
