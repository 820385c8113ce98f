"""System checks: what would make certificates worthless is said before they are issued."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from badges.models import Edition
from badges.queries.keys import get_active_key, keys_folder
from lms.conf import get_conf


@register(Tags.security, deploy=True)
def check_base_url(**_: Any) -> list[CheckMessage]:
    """The address is printed and signed: over plain HTTP anybody on the way could answer for us."""
    if settings.DEBUG or urlsplit(get_conf().base_url).scheme == "https":
        return []
    return [
        Warning(
            f"LMS['BASE_URL'] is {get_conf().base_url}: certificates would carry an http address.",
            hint="Set LMS_BASE_URL to the site's https:// address.",
            id="lms_badges.W001",
        )
    ]


@register(Tags.database)
def check_keys(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """A key whose file is gone cannot sign; before the first start there is none at all."""
    try:
        active = get_active_key() if databases else None
    except DatabaseError:  # not migrated yet
        return []
    if not databases or (active and (keys_folder() / f"{active.kid}.pem").exists()):
        return []
    problem = f"the file of {active.kid} is missing" if active else "there is none yet"
    return [
        Warning(
            f"No signing key: {problem}.",
            hint="Run manage.py prepare_keys, or restore data/keys from the backup.",
            id="lms_badges.W002",
        )
    ]


@register(Tags.database)
def check_issued_base_url(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Certificates keep the address they were issued under; moving the site orphans them."""
    base_url = get_conf().base_url
    try:
        latest = Edition.objects.order_by("-pk").first() if databases else None
    except DatabaseError:
        return []
    if latest is None or latest.data["base_url"] == base_url:
        return []
    return [
        Warning(
            f"LMS['BASE_URL'] is {base_url}, but certificates were issued under "
            f"{latest.data['base_url']}.",
            hint="Keep the old address answering as long as these certificates live.",
            id="lms_badges.W003",
        )
    ]
