"""Settings: without variables embedded (SQLite, file broker); with them production (PostgreSQL, Redis)."""

from importlib.util import find_spec
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from whitenoise.compress import Compressor

from duoplus.answers import static_headers
from duoplus.environment import read_mode

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = Path(env.str("DUOPLUS_VAR", str(BASE_DIR / "var"))).resolve()
mode = read_mode(env, VAR)
EMBEDDED = mode.embedded
HTTPS = env.bool("HTTPS", default=not EMBEDDED)

DEBUG = False
SECRET_KEY = mode.secret_key
# Former keys, while links, sessions or second factors made with them must still work.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = mode.allowed_hosts
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- apps -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "django_tables2",
    "accounts",
    "jobs",
    "library",
    "investments",
    "reports",
    "publishing",
    "duoplus",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "duoplus.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "duoplus.answers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "accounts.middleware.KeepInputMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.MemberMiddleware",
    "accounts.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "duoplus.answers.LargestRequestMiddleware",
]

ROOT_URLCONF = "duoplus.urls"
WSGI_APPLICATION = "duoplus.wsgi.application"
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
                "accounts.context.member",
                "library.context.house_style",
                "publishing.context.edition_sign",
            ],
        },
    },
    {
        "BACKEND": "duoplus.fragments.Fragments",
        "DIRS": [BASE_DIR / "templates" / "fragments"],
        "OPTIONS": {
            "environment": "duoplus.fragments.environment",
            "context_processors": ["accounts.context.member"],
        },
    },
]
FORM_RENDERER = "duoplus.rendering.Renderer"
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# --- data -----------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
VAR.mkdir(parents=True, exist_ok=True)
if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "duoplus.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
            # A file, not memory: workers and live servers of the tests are other processes and threads.
            "TEST": {"NAME": VAR / "test.sqlite3"},
        }
    }
else:
    DATABASES = {"default": env.db("DATABASE_URL") | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
# Only throttling counts in it; in the database it outlives a Redis that stops, and people can log in without one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Bytes of a whole request with its files, which pass through the disk before a form can judge them.
LARGEST_REQUEST = 64 * 1024 * 1024

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"


def package_folder(package: str, folder: str) -> Path:
    """A folder inside an installed package, without importing the package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; run make install")
    return Path(spec.origin).parent / folder


FONT_FOLDERS = [
    package_folder("font_source_sans_pro", "files"),
    package_folder("font_source_serif_pro", "files"),
]
STATICFILES_DIRS = [BASE_DIR / "static", *[("fonts", folder) for folder in FONT_FOLDERS]]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files that people hand in are for the portal's own user; these may be collected by another one.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
# Brotli takes a second per font and seconds per source map, which a browser fetches once or never.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf", "otf", "map"]

# --- background work -------------------------------------------------------------------------------------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "duoplus")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Seconds. A process that died left its end in the job's row or nowhere: there is no result to wait for.
CELERY_WORKER_LOST_WAIT = 1.0
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "Europe/Amsterdam"
if EMBEDDED:
    BROKER_FOLDER = VAR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "queue"),
        "data_folder_out": str(BROKER_FOLDER / "queue"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "polling_interval": 0.05,
    }
    # Files do not ring: whoever waits for his next message until somebody looks is idle for a tenth of an edition.
    CELERY_WORKER_PREFETCH_MULTIPLIER = 2
    (BROKER_FOLDER / "queue").mkdir(parents=True, exist_ok=True)
    (BROKER_FOLDER / "control").mkdir(parents=True, exist_ok=True)
else:
    CELERY_BROKER_URL = env.str("REDIS_URL")
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Seconds. A click waits for a broker that hangs, once, and is still answered within four.
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "visibility_timeout": 600,
        # Ringing tries once, so that nobody waits for a broker that is down; the sweeper rings again.
        "max_retries": 0,
    }
# In memory: a file of last runs can be half written or find no room, and beat ends on that; nothing here misses it.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", 30)
# How far workers stand back for the web on the same machine: 0 not at all, 19 as far as can be.
JOB_NICENESS = env.int("JOB_NICENESS", 10)
JOB_MEMORY_LIMIT_MIB = env.int("JOB_MEMORY_LIMIT_MIB", 3072)
# Seconds to put an edition together once its chapters are laid out, and to lay out one chapter.
COMPILE_SECONDS = env.int("COMPILE_SECONDS", 600)
COMPILE_CHAPTER_SECONDS = env.int("COMPILE_CHAPTER_SECONDS", 120)
# Days that a chapter's pages are kept after they were last used: the next edition need not lay them out again.
FRAGMENT_DAYS = env.int("FRAGMENT_DAYS", 60)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "jobs.sweep", "schedule": float(JOB_SWEEP_SECONDS)},
    "seal log": {"task": "accounts.seal_log", "schedule": float(JOB_SWEEP_SECONDS)},
    "clear fragments": {"task": "publishing.clear_fragments", "schedule": crontab(hour="4", minute="10")},
    "forget sessions": {"task": "accounts.forget_sessions", "schedule": crontab(hour="3", minute="30")},
}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.hashing.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.entrance.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.entrance.OwnWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Duoplus] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Behind a proxy the last address it adds is the client's; 0 means: trust no header (embedded, loopback).
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0 if EMBEDDED else 1)
ACCOUNT_RATE_LIMITS = {
    # Everybody in an office has one address. Only what failed counts, and the sum of everybody's mistakes may be large.
    "login": None,
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "120/m/ip",
    # What was typed before an expired session is stored for people who are not signed in.
    "keep_input": "120/m/ip",
}
ACCOUNT_FORMS = {
    "login": "accounts.entrance.EntranceForm",
    "change_password": "accounts.entrance.ChangePasswordForm",
    "reset_password_from_key": "accounts.entrance.NewPasswordForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.entrance.CodeForm",
    "reauthenticate": "accounts.entrance.CodeAgainForm",
    "activate_totp": "accounts.entrance.FirstCodeForm",
}
MFA_TOTP_ISSUER = "Duoplus"
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Seconds: without a sign of life, and from logging in to the end however busy. A sign is noted once in so many seconds.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", 2 * 60 * 60)
SESSION_LONGEST_SECONDS = env.int("SESSION_LONGEST_SECONDS", 8 * 60 * 60)
SESSION_TOUCH_SECONDS = 5 * 60
SESSION_SAVE_EVERY_REQUEST = False
# A browser takes a cookie of this name only over TLS, for this host and for all of its addresses.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The grid and the editor read it: after logging in again in another tab the one in the page is no longer valid.
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
# Who checks health stands on this side of the proxy, where there is no TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # The rich-text editor sets widths of table columns as attributes.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [], "display-capture": [], "geolocation": [], "microphone": [], "payment": [], "usb": [],
}  # fmt: skip

# --- language, mail, logs ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Duoplus <noreply@localhost>")
EMAIL_TIMEOUT = 5
if env.str("EMAIL_URL", ""):
    vars().update(env.email("EMAIL_URL"))
elif EMBEDDED:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "duoplus.logs.Lines" if EMBEDDED else "duoplus.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # The libraries below PDF-making log every skipped CSS rule and subsetted font.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        # These have handlers of their own, which would quote errors.
        "gunicorn.error": {"handlers": [], "propagate": True},
        "multiprocessing": {"handlers": ["stderr"], "level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
