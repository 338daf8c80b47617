"""The web process: it always signs in to the database as the web role."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["QIANSHOU_ROLE"] = "web"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from core.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start("web")
