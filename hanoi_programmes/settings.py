"""All settings; a value comes from the environment only if installations differ in it."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from hanoi_programmes import env

ROOT = Path(__file__).resolve().parent.parent

# Security. HTTPS=0 exists for the quick start on 127.0.0.1 only.
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=True)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "hanoi_programmes.people.views.gate.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# The prefix makes browsers refuse the cookie from a subdomain or without TLS.
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Health checks are asked from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/(reminders/)?$"]
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Apps
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "pgtrigger",
    "hanoi_programmes.ui",
    "hanoi_programmes.people",
    "hanoi_programmes.programmes",
    "hanoi_programmes.reminders",
    "hanoi_programmes.reports",
    "hanoi_programmes.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hanoi_programmes.ui.middleware.ActingMiddleware",
    "hanoi_programmes.people.views.again.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hanoi_programmes.ui.middleware.NoStoreMiddleware",
    "hanoi_programmes.ui.middleware.NoNulMiddleware",
    "hanoi_programmes.ui.middleware.SignInAgainMiddleware",
    "hanoi_programmes.ui.middleware.DeniedMiddleware",
    # Innermost: it writes down what was answered, whatever the others make of it.
    "hanoi_programmes.people.http.ReadingMiddleware",
]
ROOT_URLCONF = "hanoi_programmes.urls"
WSGI_APPLICATION = "hanoi_programmes.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "hanoi_programmes.ui.renderer.Renderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "hanoi_programmes.ui.templatetags.ui",
                "hanoi_programmes.ui.templatetags.paper",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hanoi_programmes.ui.pages.page_context",
                "hanoi_programmes.people.http.navigation",
            ],
        },
    }
]

# Database: PostgreSQL only. Statement limits per role are RELIABILITY's; the worker sets its own.
_conninfo = conninfo_to_dict(env.secret("DATABASE_URL"))
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _conninfo.get("dbname", "hanoi"),
        "USER": _conninfo.get("user", ""),
        "PASSWORD": _conninfo.get("password", ""),
        "HOST": _conninfo.get("host", ""),
        "PORT": str(_conninfo.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": f"-c statement_timeout={env.number('STATEMENT_TIMEOUT_MS', 15_000)}"
            " -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
            # Short queries of many readers: starting workers or a compiler costs more than it wins.
            " -c jit=off -c max_parallel_workers_per_gather=0",
        },
    }
}

# Sign-in. Argon2id at t=2, m=46 MiB, p=1: the floor of ASVS with 105 ms here.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["hanoi_programmes.people.http.AccountBackend"]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "programmes:home"
PASSWORD_HASHERS = ["hanoi_programmes.people.hashers.Argon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 7 * 24 * 3600

# Files and uploads
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", ROOT / "var" / "static")
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", ROOT / "var" / "media")
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
EVIDENCE_MAX_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Language and time: one language, one zone; the database keeps UTC.
LANGUAGE_CODE = "vi"
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Mail. MAIL_SINK_DIR exists in the quick start only: mails end there and can be read in the app.
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
# The clocks of a mail, each longer than the one before it (reminders/checks.py, RELIABILITY §2): to
# be connected, to be answered, the job that carries it (soft and hard), its claim in the ledger.
EMAIL_TIMEOUT = 10
MAIL_REPLY_SECONDS = 60
MAIL_JOB_SOFT_SECONDS, MAIL_JOB_HARD_SECONDS = 90, 120
MAIL_LEASE_SECONDS = 300
# The first server's log in Postfix's format: says whether a mail was taken when its carrier died.
# Empty: nobody can be asked, and a mail in doubt waits for a person.
MAIL_RELAY_LOG = env.text("MAIL_RELAY_LOG", "")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Theo dõi Nghị quyết <nhac-viec@thudo.example>")
MAIL_SINK_DIR = env.text("MAIL_SINK_DIR", "")

# Jobs: the database is the truth, the broker only a doorbell (see docs/decisions.md).
REDIS_URL = env.secret("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)

# Product settings. ILLUSTRATIVE puts the band "minh họa" on every page: quick start and training.
ILLUSTRATIVE = env.flag("ILLUSTRATIVE", default=False)
RELEASE = env.text("RELEASE", "0.1.0")
DUE_SOON_DAYS = 7
SERIOUSLY_LATE_DAYS = 30
SILENT_DAYS = 14
# The files of a report go after so many days; its figures stay, and draw them again when asked.
REPORT_FILE_DAYS = env.number("REPORT_FILE_DAYS", 180)
# Beyond so many tasks a search says "over 1,000" and asks for another word: it stays quick.
SEARCH_COUNTS_TO = 1000
# The fifth of the six rõ: "Sản phẩm" or "Kết quả" (PRODUCT §5).
PRODUCT_LABEL = env.text("PRODUCT_LABEL", "Sản phẩm")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Every import and every page of a paper would write a line.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf")},
}
