"""Settings of the test suite: its own folder, quick password hashing, no queue."""

import os
import tempfile

os.environ.setdefault("LMS_DATA_DIR", tempfile.mkdtemp(prefix="laurel-test-"))
os.environ.setdefault(
    "LMS_SECRET_KEY", "a key for tests only, long enough to be accepted by every check"
)

from lms.settings import environment as env
from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATA_DIR, LMS

# A file, not memory: the live server's threads and the test need connections of their own.
DATABASES = {
    "default": env.database(
        env.text("LMS_DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}"), sqlite_sync="OFF"
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {
        "NAME": env.text("LMS_TEST_DATABASE", str(DATA_DIR / "test.sqlite3"))
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "lms.notifications.outbox.OutboxBackend"
LMS_QUEUE = False  # tests call deliver_due(), as the sweep does
STATIC_ROOT = env.private_folder(DATA_DIR / "static")  # WhiteNoise warns about a missing one
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LMS = {**LMS, "KEY_STORE": "tests.factories.keys.SessionStore", "FETCH_AHEAD_SECONDS": 0.2}
