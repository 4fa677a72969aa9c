"""All settings. They come from the environment only; a missing or unsafe value stops the start with a sentence.

Two modes. Production: any of the values in PRODUCTION is set; then all of them must be. Local: none is set (or
PORTAL_MODE=local): the servers come out of wheels, the secret is made for this installation, only loopback is served.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal import embedded, logs
from portal.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ)

# --- mode ---------------------------------------------------------------------------------------------------------
PRODUCTION = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PUBLIC_URL")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
MODE = env.text("PORTAL_MODE", "production" if env.has(*PRODUCTION) else "local")
LOCAL = MODE == "local"
if MODE not in {"local", "production"}:
    env.refuse(f"Set PORTAL_MODE to local or production, or leave it unset; it is {MODE!r}.")
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
PORT = env.number("PORT", 8000)
LISTEN = env.text("LISTEN", "127.0.0.1" if LOCAL else "0.0.0.0")  # noqa: S104 - in production a proxy stands before it
if LOCAL and LISTEN not in LOOPBACK:
    env.refuse("LISTEN names an address that others can reach: set PORTAL_MODE=production, or leave LISTEN unset.")
TEST_DB = env.text("TEST_DB", "")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", tuple(sorted(LOOPBACK)) if LOCAL else None, example="ip.example.org")
if LOCAL and not set(ALLOWED_HOSTS) <= LOOPBACK:
    env.refuse("ALLOWED_HOSTS names other machines: set PORTAL_MODE=production, or leave ALLOWED_HOSTS unset.")
if "*" in ALLOWED_HOSTS:
    env.refuse("Set ALLOWED_HOSTS to the portal's own host names; * would accept any.")
DEBUG = env.flag("DEBUG")
if DEBUG and not LOCAL:
    env.refuse("Unset DEBUG: it shows the portal's insides and is for one's own machine only.")
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}" if LOCAL else None, example="https://ip.example.org")
PUBLIC_URL = PUBLIC_URL.rstrip("/")
# Webhooks to this very machine: for trying them out, never in production.
WEBHOOKS_MAY_BE_LOCAL = LOCAL and env.text("WEBHOOKS_MAY_BE_LOCAL", "no") == "yes"
if PUBLIC_URL and not LOCAL and not PUBLIC_URL.startswith("https://"):
    env.refuse("Set PUBLIC_URL to an address that begins with https://.")


def installation_secret(folder: Path) -> str:
    """Return the secret of this installation, made at the first call."""
    kept = folder / "secret_key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, kept)  # whoever comes first gives the secret to all
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text()


SECRET_KEY = env.text("SECRET_KEY", "" if LOCAL else None, example="<50 random characters>")
if SECRET_KEY and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure")):
    env.refuse("Set SECRET_KEY to at least 50 random characters, for example: openssl rand -base64 48.")

DATABASE_URL = env.text(
    "DATABASE_URL", "" if LOCAL else None, example="postgres://portal:PASSWORD@database:5432/portal"
)
REDIS_URL = env.text("REDIS_URL", "" if LOCAL else None, example="redis://:PASSWORD@valkey:6379/0")
EMAIL_URL = env.text("EMAIL_URL", "" if LOCAL else None, example="submission://USER:PASSWORD@mail.example.org:587")
if DATABASE_URL and urlsplit(DATABASE_URL).scheme not in {"postgres", "postgresql"}:
    env.refuse("Set DATABASE_URL to a PostgreSQL address: postgres://USER:PASSWORD@HOST:PORT/NAME.")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in {"redis", "rediss"}:
    env.refuse("Set REDIS_URL to a Valkey or Redis address: redis://:PASSWORD@HOST:PORT/0.")
if EMAIL_URL and (urlsplit(EMAIL_URL).scheme not in {"smtp", "submission"} or not urlsplit(EMAIL_URL).hostname):
    env.refuse("Set EMAIL_URL to submission://USER:PASSWORD@HOST:587 (with TLS), or smtp://HOST:25.")
env.finish()

if LOCAL:
    SECRET_KEY = SECRET_KEY or installation_secret(VAR_DIR)
    # EMBEDDED=no: for tools that read the settings and use no server (make lint).
    if not (DATABASE_URL and REDIS_URL) and env.flag("EMBEDDED", True):
        servers = embedded.ensure(VAR_DIR, durable=env.flag("EMBEDDED_DURABLE", True))
        DATABASE_URL = DATABASE_URL or servers.database_url
        REDIS_URL = REDIS_URL or servers.redis_url

# --- apps and middleware ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "enterprises",
    "patents",
    "finance",
    "services.protection",
    "services.public",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "portal.apps.StaticConfig",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.Language",  # after authentication: the user's saved choice comes first
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.OneReading",
    "portal.middleware.Sentences",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
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
                "portal.context.portal",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def database(url: str) -> dict[str, object]:
    """Return the connection of one database: kept open, checked, never waiting for ever."""
    found = dj_database_url.parse(url, conn_max_age=env.number("DATABASE_MAX_AGE", 60), conn_health_checks=True)
    limit = env.number("DATABASE_STATEMENT_TIMEOUT", 30)
    options = f"-c statement_timeout={limit}s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    options += " -c gin_pending_list_limit=64"  # KiB: no search ever reads more than this beside the index
    return {
        **found,
        "OPTIONS": {**found.get("OPTIONS", {}), "connect_timeout": 3, "options": options, "application_name": "portal"},
        "TEST": {"NAME": TEST_DB or None},
    }


DATABASES = {"default": database(DATABASE_URL or "postgres://unset")}
if env.has("DATABASE_REPLICA_URL"):  # read-only work such as reports may name it: .using("replica")
    replica = database(env.text("DATABASE_REPLICA_URL"))
    DATABASES["replica"] = {**replica, "TEST": {"MIRROR": "default"}}

# Test runs share Valkey with the running portal and with each other (pytest-xdist): each has its own keys.
TEST_RUN = TEST_DB or ("test" if env.has("PYTEST_VERSION") else "")
KEY_PREFIX = (TEST_RUN or "portal") + env.text("PYTEST_XDIST_WORKER", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": KEY_PREFIX,
        # No second try: a page must not wait for a Valkey that is away.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)},
    }
}
FILES_DIR = Path(env.text("FILES_DIR", str(VAR_DIR / "files")))
# Optional virus scanner (clamd), tcp://host:port. Where it is set and away, uploads stay in quarantine.
CLAMAV_URL = env.text("CLAMAV_URL", "")
if CLAMAV_URL and urlsplit(CLAMAV_URL).scheme != "tcp":
    env.refuse("Set CLAMAV_URL to the address of clamd: tcp://HOST:3310, or leave it unset.")

# --- jobs: the row is the truth, the queue a hint ---------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{KEY_PREFIX}:",
    "visibility_timeout": 600,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
# A request must not wait for a broker that is away: one more try, then the sweep will find the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 540  # below the visibility timeout, so that no job runs twice at once
CELERY_TASK_SOFT_TIME_LIMIT = 480
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# --- people -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that registered
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_TOTP_ISSUER = urlsplit(PUBLIC_URL).hostname or ""
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
OIDC_URL = env.text("OIDC_URL", "")
if OIDC_URL:
    provider = {
        "provider_id": "city",
        "name": env.text("OIDC_NAME", "OIDC"),
        "client_id": env.text("OIDC_CLIENT_ID", example="portal"),
        "secret": env.text("OIDC_CLIENT_SECRET", example="<as the identity provider gave it>"),
        "settings": {"server_url": OIDC_URL, "oauth_pkce_enabled": True},
    }
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {"APPS": [provider]}
    env.finish()
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").exists() else []
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static" if LOCAL else BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# --- protection of the browser ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *([f"{urlsplit(OIDC_URL).scheme}://{urlsplit(OIDC_URL).netloc}"] if OIDC_URL else [])],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$"]  # asked by the container engine, without TLS
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "portal_session" if LOCAL else "__Host-session"
CSRF_COOKIE_NAME = "portal_csrf" if LOCAL else "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [] if LOCAL else [PUBLIC_URL]
# How many reverse proxies of ours stand before the portal; only then are their headers believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- e-mail -------------------------------------------------------------------------------------------------------
MAIL_DOMAIN = urlsplit(PUBLIC_URL).hostname or "localhost"  # of every Message-ID
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", f"portal@{urlsplit(PUBLIC_URL).hostname or 'localhost'}")
EMAIL_TIMEOUT = 10
if EMAIL_URL:
    mail = dj_email_url.parse(EMAIL_URL)
    EMAIL_BACKEND = mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = mail["EMAIL_HOST"], mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]
else:  # on one's own machine each message is a file to open
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- interface for programs ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.PortalSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.TokenAuthentication",
        "portal.api.authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttles.Anonymous", "portal.api.throttles.Person"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.KeysetPages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.Json"],
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_METADATA_CLASS": None,  # the schema says it all: OPTIONS is 405
    "EXCEPTION_HANDLER": "portal.api.errors.handle",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Requests per address, per person, and per address where anybody may write.
API_RATES = {
    "anonymous": env.text("API_RATE_ANONYMOUS", "60/min"),
    "calculator": env.text("API_RATE_CALCULATOR", "1200/min"),
    "person": env.text("API_RATE_PERSON", "600/min"),
    "public_write": env.text("API_RATE_PUBLIC_WRITE", "5/hour"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "IP portal",
    "DESCRIPTION": "The same actions, rules and sentences as the pages.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_URLCONF": None,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "StatusEnum": "portal.models.Status",
        "StageEnum": "portal.models.Stage",
        "QueueStatusEnum": "portal.api.serializers.cases.QUEUE_STATES",
        "DistrictStageEnum": "portal.api.serializers.cases.DISTRICT_STAGES",
        "JudgementEnum": "portal.api.serializers.cases.JUDGEMENTS",
        "ReviewVerdictEnum": "portal.models.Review.Verdict",
        "RoleEnum": "portal.models.Role",
        "GivenRoleEnum": "portal.api.serializers.organisations.GIVEN",
        "OfficeRoleEnum": "portal.models.OfficeRole",
        "FileStatusEnum": "portal.models.StoredFile.Status",
        "RuleStatusEnum": "portal.models.RuleStatus",
        "RecognitionStatusEnum": "portal.models.Recognition.Status",
        "VerificationStatusEnum": "portal.models.Verification.Status",
        "CorrectionReasonEnum": "portal.models.CorrectionItem.Reason",
        "TaskStateEnum": "portal.models.TaskShare.State",
        "RightKindEnum": "patents.models.RightKind",
        "PatentKindEnum": ["invention", "utility_model", "design"],
        "LegalStatusEnum": "patents.models.LegalStatus",
        "RightRouteEnum": "patents.models.Route",
        "MoneyStageEnum": "patents.models.MoneyStage",
        "ReductionEnum": "patents.models.Reduction",
        "AlertKindEnum": "services.protection.models.AlertKind",
        "AlertStageEnum": "services.protection.models.AlertVersion.Stage",
        "AlertStatusEnum": "services.protection.api.knowledge_fields.STATES",
        "DeliveryStateEnum": "services.protection.models.DeliveryState",
        "DisputeStatusEnum": "services.protection.models.OverseasDispute.Status",
        "DisputeEventKindEnum": "services.protection.disputes.periods.EventKind",
        "BulkStateEnum": "portal.models.BulkDecision.State",
        "BulkItemStateEnum": "portal.models.BulkItem.State",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": False,
        "docExpansion": "none",
        "persistAuthorization": False,
        "validatorUrl": None,
    },
}

LOGGING = logs.configure(as_json=not LOCAL, level=env.text("LOG_LEVEL", "INFO"))
