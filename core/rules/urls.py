"""Routes of the rules; the core's routes include them."""

from django.urls import path

from core.rules import views

urlpatterns = [
    path("rules/", views.rule_list, name="rules"),
    path("rules/<str:code>/", views.rule, name="rule"),
    path("rules/<str:code>/new/", views.rule_set, name="rule_set"),
]
