"""The whole knob panel: every default of the one ``LMS = {...}`` setting, typed, on one screen."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True, kw_only=True)
class Conf:
    """What a host may set in ``settings.LMS``; names are the dictionary's keys in lower case."""

    base_url: str = (
        "http://localhost:8000"  # printed on certificates and signed: absolute, no final slash
    )
    data_dir: Path = Path("data")  # signing keys and rendered files; readable by the owner only
    key_store: str = "badges.keystore.FolderStore"  # or EnvironmentStore, or a class of your own
    key_passphrase: str = ""  # opens the private keys; empty: made on first start, kept beside them
    time_stamp_url: str = (
        ""  # of an RFC 3161 authority; with one, PDFs are time-stamped (B-T or B-LT)
    )
    ledger: Path = Path()  # what outlives the database; empty: ledger/credentials.jsonl of DATA_DIR
    site_name: str = "Laurel"
    course_page_model: str = "lms_pages.CoursePage"
    lesson_page_model: str = "lms_pages.LessonPage"
    course_index_page_model: str = "lms_pages.CourseIndexPage"
    network_grace_seconds: int = 5  # an answer sent before the deadline may arrive this much later
    delivery_lease_seconds: int = (
        60  # how long one start of a receiver may take before it is retried
    )
    delivery_attempts: int = 5  # starts before a delivery is marked dead and shown to the operator
    invitation_days: int = 14
    fetch_ahead_seconds: float = 8  # about so many between two questions that a test fetches ahead
    contest_working_days: int = 10  # by when a contested result is answered, weekends left out
    verify_per_minute: int = 60  # verifications from one address
    wording_names: tuple[str, ...] = ()  # names of companies and laws the wording policy lets pass


def _load() -> Conf:
    given: dict[str, Any] = {
        key.lower(): value for key, value in getattr(settings, "LMS", {}).items()
    }
    known = {field.name for field in fields(Conf)}
    if unknown := sorted(set(given) - known):
        names = ", ".join(name.upper() for name in unknown)
        raise ImproperlyConfigured(
            f"LMS has no setting {names}; it knows {', '.join(sorted(known))}."
        )
    given["base_url"] = str(given.get("base_url", Conf.base_url)).rstrip("/")
    given["data_dir"] = Path(given.get("data_dir", Conf.data_dir))
    given["ledger"] = Path(
        given.get("ledger") or given["data_dir"] / "ledger" / "credentials.jsonl"
    )
    return Conf(**given)


@lru_cache(maxsize=1)
def get_conf() -> Conf:
    """Return the site's settings; unknown keys raise ``ImproperlyConfigured``."""
    return _load()


def _forget(*, setting: str, **_: object) -> None:
    if setting == "LMS":
        get_conf.cache_clear()


setting_changed.connect(_forget, dispatch_uid="lms.conf")
