"""Routes of the frame and of the core's own rooms."""

from django.urls import include, path

from core.web import views

app_name = "core"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("todo/", views.todo, name="todo"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.notifications_read, name="notifications_read"),
    path("drafts/<str:form_key>/", views.draft, name="draft"),
    path("drafts/<str:form_key>/discard/", views.draft_discard, name="draft_discard"),
    path("session/stay/", views.stay, name="stay"),
    path("help/", views.help_page, name="help"),
    path("exports/", views.export_requests, name="exports"),
    path("exports/<uuid:pk>/decide/", views.export_decide, name="export_decide"),
]
urlpatterns += [path("", include(f"core.{room}.urls")) for room in ("jobs", "rules", "audit")]
