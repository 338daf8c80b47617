"""Celery's entry point (`celery -A config.worker`): it signs in to the database as the job role."""

import os

os.environ["QIANSHOU_ROLE"] = "job"

from config.celery import app

__all__ = ["app"]
