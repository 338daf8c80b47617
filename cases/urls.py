"""Routes of the service records."""

from django.urls import path

from cases.views import dossier, register, writing

app_name = "cases"

urlpatterns = [
    path("clients/", register.client_list, name="clients"),
    path("clients/new/", writing.client_new, name="client_new"),
    path("clients/<uuid:pk>/", dossier.client, name="client"),
    path("clients/<uuid:pk>/edit/", writing.client_edit, name="client_edit"),
    path("clients/<uuid:pk>/print/", dossier.client_print, name="client_print"),
    path("clients/<uuid:pk>/trail/", dossier.client_trail, name="client_trail"),
    path("clients/<uuid:pk>/trail/print/", dossier.client_trail_print, name="client_trail_print"),
    path("clients/<uuid:pk>/reveal/<str:field>/", dossier.client_reveal, name="client_reveal"),
    path("clients/<uuid:pk>/categories/", writing.category_add, name="category_add"),
    path("clients/<uuid:pk>/categories/close/", writing.category_close, name="category_close"),
    path("clients/<uuid:pk>/consents/", writing.consent_give, name="consent_give"),
    path("clients/<uuid:pk>/consents/<uuid:consent>/withdraw/", writing.consent_withdraw, name="consent_withdraw"),
    path("clients/<uuid:pk>/household/", writing.household_join, name="household_join"),
    path("clients/<uuid:pk>/household/leave/", writing.household_leave, name="household_leave"),
    path("clients/<uuid:pk>/withdraw/<int:version>/", writing.client_withdraw, name="client_withdraw"),
    path("clients/<uuid:pk>/restore/<int:version>/", writing.client_restore, name="client_restore"),
]
