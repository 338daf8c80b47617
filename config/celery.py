"""Celery: messages carry ids only; the truth is the outbox in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("qianshou")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
