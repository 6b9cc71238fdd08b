"""All settings, from the environment. Two profiles (NTM_PROFILE), one code path; see .env.example."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from kombu.utils.url import safequote

from ntm_portal.env import SERVER, embedded_secret, profile, rate, refuse_weak_server

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PROFILE = profile()
IS_SERVER = PROFILE == SERVER
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DEBUG = env.bool("DEBUG", default=False)

REDIS_URL = env("REDIS_URL", default="")
DATABASE_URL = env("DATABASE_URL", default=f"sqlite:///{safequote(str(DATA_DIR / 'ntm.sqlite3'))}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_SERVER else ["127.0.0.1", "localhost", "[::1]"])
SECRET_KEY = env("SECRET_KEY", default="") or ("" if IS_SERVER else embedded_secret(DATA_DIR))
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if IS_SERVER:
    refuse_weak_server(
        secret=SECRET_KEY, hosts=ALLOWED_HOSTS, database_url=DATABASE_URL, redis_url=REDIS_URL, debug=DEBUG
    )

# The province that this portal serves: its code in the register.
PROVINCE_CODE = env("PROVINCE_CODE", default="42")

# Kept in the ledger of recompute runs.
VERSION = "1.0.0"

INSTALLED_APPS = [
    "accounts",
    "communes",
    "criteria",
    "ocop",
    "sponsorship",
    "reports",
    "exchange",
    "ntm_portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "ntm_portal.apps.PortalStaticFilesConfig",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.api_headers.ApiHeadersMiddleware",
    "ntm_portal.shedding.SheddingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ntm_portal.body_limit.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "ntm_portal.errors.SlowStatementMiddleware",
]

ROOT_URLCONF = "ntm_portal.urls"
WSGI_APPLICATION = "ntm_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["communes.templatetags.vietnamese"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ntm_portal.context.portal",
            ],
        },
    }
]

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        # FULL: an acknowledged write survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Only the engine prepares statements (criteria.statements): each is planned once for a connection.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c plan_cache_mode=force_generic_plan")
# PostgreSQL ends a statement of the web process, or of a job, that takes longer (seconds; 0: never): 503, not a hang.
WEB_STATEMENT_SECONDS = env.int("WEB_STATEMENT_SECONDS", default=5)
JOB_STATEMENT_SECONDS = env.int("JOB_STATEMENT_SECONDS", default=600)

_COUNTED_HERE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}
CACHES = {
    "default": {
        "BACKEND": "ntm_portal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pages that this process has given before (reports.caching): no journey to Redis. The default is near without it.
    "near": {
        "BACKEND": "django.core.cache.backends." + ("locmem.LocMemCache" if REDIS_URL else "dummy.DummyCache"),
        "LOCATION": "near",
        "OPTIONS": {"MAX_ENTRIES": 64} if REDIS_URL else {},
    },
    # Answers of the API to visitors (communes.etags), a few in each process.
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "answers",
        "OPTIONS": {"MAX_ENTRIES": 64},
    },
    # Counters of requests (accounts.throttling): one for all processes, and this process's own while Redis is away.
    "limits": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    }
    if REDIS_URL
    else {**_COUNTED_HERE, "LOCATION": "limits"},
    "limits-here": {**_COUNTED_HERE, "LOCATION": "limits-here"},
}

# Under a crowd a public page is drawn anew at most this often: approvals come in twos (the value, then its roll-up).
PAGES_HELD_SECONDS = 1 if IS_SERVER else 0
# A visitor's reading that waited longer than this to be begun is answered 503 with Retry-After; 0 never does so.
SHED_AFTER_MILLISECONDS = env.int("SHED_AFTER_MILLISECONDS", default=500 if IS_SERVER else 0)

# Background work. The database holds the truth (DirtyScope); the broker only carries hints.
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # An approval does not wait for a broker that is gone: the sweep finds its work.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"max_retries": 0, "socket_connect_timeout": 1}
else:
    _spool = DATA_DIR / "spool"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_spool / "queue"),
        "data_folder_out": str(_spool / "queue"),
        "control_folder": str(_spool / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.LengthValidator", "OPTIONS": {"min_length": 12, "max_length": 128}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    # Twelve digits are an identity card or a telephone number.
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.validators.ContextWordsValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=10)
# Per account and address together: a stranger cannot lock an officer out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
# Trying again while locked out does not put the moment off: the page says when it ends.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.signin.client_address"
# How many of our own proxies stand before the portal, each adding one address to X-Forwarded-For.
PROXY_COUNT = env.int("PROXY_COUNT", default=1 if IS_SERVER else 0)

# 12 hours after the sign-in at the latest, 30 minutes after the last request (accounts.middleware).
# Where the public reaches the portal: printed on official documents, for whoever verifies one.
_OWN = f"https://{ALLOWED_HOSTS[0]}" if IS_SERVER else f"http://127.0.0.1:{env('PORT', default='8000')}"
PUBLIC_ADDRESS = env("PUBLIC_ADDRESS", default=_OWN)
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ntm_portal.errors.csrf_failed"
if IS_SERVER:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
# Numbers are formatted by communes.templatetags.vietnamese, not by the locale machinery.
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("STATIC_ROOT", default=str(DATA_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "jpg", "gz", "br"]
MEDIA_ROOT = DATA_DIR / "uploads"
# Evidence of values: bytes of one file, of one request; files of one value. Of one person in a year: with sent tables.
EVIDENCE_FILE_BYTES = env.int("EVIDENCE_FILE_MB", default=10) * 1024 * 1024
EVIDENCE_REQUEST_BYTES = 10 * EVIDENCE_FILE_BYTES
EVIDENCE_YEAR_BYTES = env.int("EVIDENCE_YEAR_MB", default=500) * 1024 * 1024
EVIDENCE_PER_VALUE = env.int("EVIDENCE_PER_VALUE", default=20)
# Days after which a table that nobody confirmed is given up; days that the file of a table is kept after it was
# written, refused or given up.
IMPORT_CONFIRM_DAYS = env.int("IMPORT_CONFIRM_DAYS", default=30)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=730)
# Days that public changes are kept for those who follow them (exchange); days of the log of deliveries.
FEED_KEEP_DAYS = env.int("FEED_KEEP_DAYS", default=400)
DELIVERIES_KEEP_DAYS = env.int("DELIVERIES_KEEP_DAYS", default=90)
# Webhooks go to public addresses over https only; names or networks of one's own that are reached all the same.
WEBHOOK_PRIVATE_HOSTS = env.list("WEBHOOK_PRIVATE_HOSTS", default=[])
WEBHOOK_HTTPS_ONLY = IS_SERVER
# Uploads are refused before the disk is full: the database, which may share it, must be able to go on writing.
UPLOADS_SPARE_BYTES = env.int("UPLOADS_SPARE_MB", default=256) * 1024 * 1024
# What the child that writes photographs anew may take.
EVIDENCE_MEMORY = 768 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.PortalTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.ApiThrottle"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_PAGINATION_CLASS": "ntm_portal.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["ntm_portal.filtering.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "ntm_portal.contract.ListingSchema",
    "DEFAULT_RENDERER_CLASSES": [
        "ntm_portal.rendering.JSONRenderer",
        "exchange.formats.renderers.CSVRenderer",
        "exchange.formats.renderers.XLSXRenderer",
        "exchange.formats.renderers.NDJSONRenderer",
        "exchange.formats.renderers.GeoJSONRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "exchange.formats.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["ntm_portal.parsing.StrictJSONParser"],
    "EXCEPTION_HANDLER": "ntm_portal.problems.problem_response",
    "COERCE_DECIMAL_TO_STRING": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Bytes of a request's body: of any, and of many values at once (Django's own limit of what is read into memory).
API_BODY_BYTES = 1024 * 1024
API_BATCH_BYTES = 2 * API_BODY_BYTES
# Requests in seconds, for each token or person, and for each address of visitors (accounts.throttling).
RATE_LIMITS = (
    {}
    if env("RATE_LIMITS", default="on") == "off"
    else {
        "visitors": rate("RATE_VISITORS", "300/60"),
        "reads": rate("RATE_READS", "1200/60"),
        "writes": rate("RATE_WRITES", "120/60"),
        "exports": rate("RATE_EXPORTS", "30/300"),
        # By the clock's hours: two of them touch any 60 minutes, so that 100 guesses an hour are the most.
        "guesses": rate("RATE_GUESSES", "50/3600"),
    }
)
# What any other site may read as a visitor does (accounts.api_headers).
OPEN_PATHS = ("/api/v1/", "/du-lieu-mo/")
SPECTACULAR_SETTINGS = {
    "TITLE": "NTM Portal API",
    "DESCRIPTION": "Nông thôn mới: criteria, readings, attainment, recognition, OCOP and sponsorship of a province.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # What a PATCH takes is required as its serializer says: a value and its version.
    "COMPONENT_SPLIT_PATCH": False,
    # The forms of lists stand in the contract by a hook: the generator would promise them of every answer.
    "RENDERER_WHITELIST": ["rest_framework.renderers.JSONRenderer"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ntm_portal.problem_schema.say_problems",
        "ntm_portal.contract.with_examples",
        "exchange.formats.contract.say_forms",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ChangeKindEnum": "exchange.models.Kind",
        "ConfidenceEnum": "communes.models.Confidence",
        "AreaKindEnum": "communes.models.Kind",
        "PeriodKindEnum": "criteria.models.Period.Kind",
        "ProducerKindEnum": "ocop.models.Producer.Kind",
        "SponsorKindEnum": "sponsorship.models.Sponsor.Kind",
        "ResultStatusEnum": "criteria.api.serializers.STATUS",
    },
    # No badge of an outside validator: the documentation asks no other host.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False, "validatorUrl": None, "syntaxHighlight": False},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # The filesystem transport has no host; kombu says so at every connection.
    "loggers": {"kombu.connection": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
