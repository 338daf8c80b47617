"""Routes: one line an app."""

from django.urls import path

urlpatterns: list = []
