"""Settings of the reference site. Everything a deployment changes is an environment variable."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from lms.settings import environment as env

ROOT = Path(__file__).resolve().parent.parent.parent
DATA_DIR = env.private_folder(Path(env.text("LMS_DATA_DIR", str(ROOT / "data"))))

DEBUG = env.flag("LMS_DEBUG")
SECRET_KEY = env.text("LMS_SECRET_KEY") or env.kept_secret(DATA_DIR / "secret_key")
# What was issued names its address for ever: the first start that issues keeps it in a file.
KEPT_BASE_URL = DATA_DIR / "base_url"
BASE_URL = (
    env.text("LMS_BASE_URL")
    or (KEPT_BASE_URL.read_text().strip() if KEPT_BASE_URL.exists() else "")
    or f"http://localhost:{env.number('PORT', 8000)}"
).rstrip("/")
ALLOWED_HOSTS = env.listed(
    "LMS_ALLOWED_HOSTS", f"{urlsplit(BASE_URL).hostname},localhost,127.0.0.1"
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "lms.backup",
    "lms.pages",
    "lms.cabinet",
    "lms.notifications",
    "lms.accounts",
    "partners",
    "courses",
    "badges",
    "lms.ui",
    "lms.wording",
    "lms.events",
    "django_q",
    "allauth",
    "allauth.account",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.table_block",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.urls.locale.SiteLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "lms.urls.site"
WSGI_APPLICATION = "lms.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lms.ui.context.ui",
                "lms.cabinet.context.navigation",
            ],
        },
    }
]

DATABASES = {
    "default": env.database(
        env.text("LMS_DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
        sqlite_sync=env.text("LMS_SQLITE_SYNCHRONOUS", "NORMAL"),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lms_cache",
    }
}
if REDIS_URL := env.text("LMS_REDIS_URL"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }

AUTH_USER_MODEL = "lms_accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "lms_cabinet"
ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", _("English")),
    ("ru", _("Russian")),
    ("pl", _("Polish")),
]
TIME_ZONE = env.text("LMS_TIME_ZONE", "Europe/Warsaw")
USE_TZ = True
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "static/"
STATIC_ROOT = env.private_folder(DATA_DIR / "static")
WHITENOISE_USE_FINDERS = True
MEDIA_URL = "media/"
MEDIA_ROOT = env.private_folder(DATA_DIR / "media")

EMAIL_HOST = env.text("LMS_EMAIL_HOST")
EMAIL_PORT = env.number("LMS_EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("LMS_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("LMS_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("LMS_EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "lms.notifications.outbox.OutboxBackend"
)
DEFAULT_FROM_EMAIL = env.text("LMS_EMAIL_FROM", "partners@halden.example")

WAGTAIL_SITE_NAME = env.text("LMS_SITE_NAME", "Halden Partner Trainings")
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "md", "mp4", "pdf", "pptx", "txt", "vtt", "webm", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"

LMS = {
    "BASE_URL": BASE_URL,
    "DATA_DIR": DATA_DIR,
    "SITE_NAME": WAGTAIL_SITE_NAME,
    "KEY_STORE": env.text("LMS_KEY_STORE", "badges.keystore.FolderStore"),
    "TIME_STAMP_URL": env.text("LMS_TIME_STAMP_URL"),
    "KEY_PASSPHRASE": env.text("LMS_KEY_PASSPHRASE"),
    "LEDGER": env.text("LMS_LEDGER"),
}

# Retry counts from the moment a task leaves the queue, so it covers one waiting task as well.
Q_CLUSTER: dict[str, Any] = {
    "name": "laurel",
    "orm": "default",
    "workers": env.number("LMS_WORKERS", 1),
    "queue_limit": 1,
    "bulk": 1,
    "timeout": 120,
    "retry": 420,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "save_limit": -1,
    "recycle": 200,
    "poll": 0.5,
}

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django_tasks": {"level": "WARNING"}, "django-q": {"level": "WARNING"}},
}
