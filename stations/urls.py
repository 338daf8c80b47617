"""Routes of the field."""

from django.urls import path

from stations.views import memberships, organisations, regions, setup, stations, workers

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
    # First run, accounts and memberships.
    path("setup/", setup.setup, name="setup"),
    path("setup/regions/children/", setup.region_children, name="setup_region_children"),
    path("setup/regions/path/", setup.region_path, name="setup_region_path"),
    path("setup/regions/search/", setup.region_search, name="setup_region_search"),
    path("me/switch/", memberships.switch, name="switch"),
    path("accounts/", memberships.account_list, name="accounts"),
    path("accounts/new/", memberships.account_new, name="account_new"),
    path("accounts/<int:pk>/", memberships.account_page, name="account"),
    path("accounts/<int:pk>/memberships/new/", memberships.membership_new, name="membership_new"),
    path("accounts/<int:pk>/slip/", memberships.account_slip, name="account_slip"),
    path("accounts/<int:pk>/second-factor-slip/", memberships.account_factor_slip, name="account_factor_slip"),
    path("accounts/<int:pk>/disable/", memberships.account_disable, name="account_disable"),
    path("accounts/<int:pk>/enable/", memberships.account_enable, name="account_enable"),
    path("accounts/memberships/<uuid:pk>/end/", memberships.membership_end, name="membership_end"),
]
