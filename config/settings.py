"""Settings: everything that differs between places comes from the environment; the rest is here."""

import json
import os
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ROLE = env("QIANSHOU_ROLE", default="owner")
DEMO = env.bool("QIANSHOU_DEMO", default=False)
DEBUG = env.bool("QIANSHOU_DEBUG", default=False)
SECRETS = Path(env("QIANSHOU_SECRETS", default=str(BASE_DIR / "var" / "secrets")))
DATA = Path(env("QIANSHOU_DATA", default=str(BASE_DIR / "var" / "files")))


def secret_key() -> str:
    path = SECRETS / "secret_key"
    return env("SECRET_KEY", default="") or path.read_text().strip()


def keyring() -> dict:
    """Keys for personal data: kept outside the database and apart from SECRET_KEY (ADR 0004)."""
    raw = json.loads((SECRETS / "keyring.json").read_text())
    return {
        "current": raw["current"],
        "keys": {name: b64decode(key) for name, key in raw["keys"].items()},
        "index": b64decode(raw["index"]),
        "audit": b64decode(raw["audit"]),
    }


SECRET_KEY = secret_key()
QIANSHOU_KEYRING = keyring()
QIANSHOU_CIPHER = env("QIANSHOU_CIPHER", default="aes-gcm")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "axes",
    "core",
    "accounts",
    "stations",
    "cases",
    "dashboards",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.access.ActorMiddleware",
    "accounts.views.gate.HoldMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.frame.context",
            ],
        },
    },
]

DATABASE_URLS = {
    "owner": env("DATABASE_URL", default="postgres://qianshou_owner@localhost/qianshou"),
    "web": env("WEB_DATABASE_URL", default=""),
    "job": env("JOB_DATABASE_URL", default=""),
    "backup": env("BACKUP_DATABASE_URL", default=""),
}
DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URLS[ROLE] or DATABASE_URLS["owner"]),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        # Behind PgBouncer in transaction mode a server-side cursor would belong to another client.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.services.signing_in.PasswordOrSlip"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.services.passwords.ThreeClasses"},
    {"NAME": "accounts.services.passwords.NotRecent"},
]
# Memory-hard, and in the standard library: five old passwords are compared at each change.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Assumed within the norm (standards §8.4); rotation and composition are a documented deviation from ASVS.
PASSWORD_RULES = {"classes": 3, "history": 5, "days": env.int("QIANSHOU_PASSWORD_DAYS", default=90)}
SLIP_DAYS = 7

# Five failures of one name from one address close that pair for half an hour (standards §8.4).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.views.signing_in.address_of"
AXES_USERNAME_CALLABLE = "accounts.views.signing_in.name_given"
# Who signed in stands in our own trail; what somebody typed stands in no log.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
# Our sign-in page says itself that it is locked; the middleware would answer in its place.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("QIANSHOU_MANIFEST", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env.bool("QIANSHOU_MANIFEST", default=False)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SECURE_TLS = env.bool("QIANSHOU_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_HSTS_SECONDS = 31536000 if SECURE_TLS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permission.DeclaredAccess"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.bodies.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.bodies.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.CredentialThrottle"],
}
KNOX_TOKEN_MODEL = "stations.ApiCredential"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SPECTACULAR_SETTINGS = {
    "TITLE": "牵手 Qianshou API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / "var" / "celerybeat-schedule")
# One static entry: what is due is our own table, so a second beat or a clock stepped back does no harm (ADR 0006).
CELERY_BEAT_SCHEDULE = {"tick": {"task": "core.tick", "schedule": 20.0}}

# Plain lines: a traceback that prints locals would print people's data.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

os.umask(0o077)
