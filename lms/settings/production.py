"""The reference site behind TLS: address, secret and mail come from the environment."""

from lms.settings import environment as env
from lms.settings.base import *  # noqa: F403
from lms.settings.base import BASE_URL, DATA_DIR

if not BASE_URL.startswith("https://"):
    raise SystemExit("Set LMS_BASE_URL to the site's https:// address; it is printed and signed.")

DEBUG = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]

# Certificates are issued in earnest here: a commit that was acknowledged survives a power cut.
DATABASES = {
    "default": env.database(
        env.text("LMS_DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
        sqlite_sync="FULL",
    )
}
WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
