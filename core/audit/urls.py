"""Routes of the audit trail; the core's routes include them."""

from django.urls import path

from core.audit.lists import EVENTS
from core.lists.pages import list_view

urlpatterns = [path("audit/", list_view(EVENTS), name="audit")]
