"""Celery: messages carry ids only; the truth is the outbox in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("qianshou")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A broker that hangs must not hold up the request that rings it.
app.conf.broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 10}
app.autodiscover_tasks()
