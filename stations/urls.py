"""Routes of the field."""

from django.urls import path

from stations.views import organisations, regions, stations, workers

app_name = "stations"

urlpatterns = [
    path("regions/", regions.region_list, name="regions"),
    path("regions/children/", regions.region_children, name="region_children"),
    path("regions/path/", regions.region_path, name="region_path"),
    path("regions/search/", regions.region_search, name="region_search"),
    path("regions/<str:code>/", regions.region, name="region"),
    path("regions/<str:code>/rename/", regions.region_rename, name="region_rename"),
    path("regions/<str:code>/split/", regions.region_split, name="region_split"),
    path("regions/<str:code>/merge/", regions.region_merge, name="region_merge"),
    path("regions/<str:code>/counts/", regions.region_count, name="region_count"),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/enter/", organisations.organisation_enter, name="organisation_enter"),
    path("organisations/<uuid:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:pk>/correct/", organisations.organisation_correct, name="organisation_correct"),
    path("stations/", stations.station_list, name="stations"),
    path("stations/open/", stations.station_open, name="station_open"),
    path("stations/<uuid:pk>/", stations.station, name="station"),
    path("stations/<uuid:pk>/change/", stations.station_change, name="station_change"),
    path("stations/<uuid:pk>/status/", stations.station_status, name="station_status"),
    path("stations/<uuid:pk>/profile/", stations.station_profile, name="station_profile"),
    path("stations/<uuid:pk>/operator/", stations.station_operator, name="station_operator"),
    path("stations/<uuid:pk>/operator/end/", stations.station_operator_end, name="station_operator_end"),
    path("workers/", workers.worker_list, name="workers"),
    path("workers/register/", workers.worker_register, name="worker_register"),
    path("workers/<uuid:pk>/", workers.worker, name="worker"),
    path("workers/<uuid:pk>/update/", workers.worker_update, name="worker_update"),
    path("workers/<uuid:pk>/transfer/", workers.worker_transfer, name="worker_transfer"),
    path("workers/<uuid:pk>/reveal/<slug:field>/", workers.worker_reveal, name="worker_reveal"),
]
