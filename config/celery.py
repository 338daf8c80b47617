"""Celery: messages carry ids only; the truth is the outbox in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("qianshou")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A broker that is away must not hold up the request that rings it (kombu would wait six seconds); the outbox remembers.
app.conf.broker_transport_options = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
app.autodiscover_tasks()
