"""System checks: what would make certificates worthless is said before they are issued."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from badges.domain.keys import did_of
from badges.queries.keys import KeyMissing, get_signer
from badges.queries.moving import FormerAddress, list_former_addresses
from badges.queries.restoring import count_due_lines
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
    """Without its private keys a site can issue nothing: `up` refuses to start."""
    if not databases:
        return []
    try:
        get_signer(timezone.now())
    except DatabaseError:  # not migrated yet
        return []
    except KeyMissing as error:
        return [
            Error(
                f"No signing key: {error}.",
                hint="Run manage.py prepare_keys, or restore data/keys from the backup.",
                id="lms_badges.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_passphrase(**_: Any) -> list[CheckMessage]:
    """A passphrase beside the keys it opens protects them from little."""
    conf = get_conf()
    if conf.key_passphrase or conf.key_store != "badges.keystore.FolderStore":
        return []
    return [
        Warning(
            "The signing keys are opened by a passphrase that lies beside them.",
            hint="Set LMS_KEY_PASSPHRASE before the first prepare_keys, or name a key store.",
            id="lms_badges.W004",
        )
    ]


@register(Tags.database)
def check_issued_base_url(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Certificates keep the address they were issued under; moving the site orphans them."""
    try:
        former = list_former_addresses(get_conf().base_url) if databases else []
    except DatabaseError:
        return []
    return [_describe(address, get_conf().base_url) for address in former]


def _describe(old: FormerAddress, base_url: str) -> CheckMessage:
    lists = ", ".join(f"/status/{number}" for number in old.status_lists)
    return Warning(
        f"LMS['BASE_URL'] is {base_url}, but {old.credentials} certificates were issued under "
        f"{old.base_url} and name it for good.",
        hint=(
            f"Printed codes and pictures work while {old.base_url} passes /c/, /s/, /a/, /keys/, "
            f"/issuer/ and {lists} on to this site. Proofs break unless {old.base_url}"
            f"/.well-known/did.json stays the file it was, as {did_of(old.base_url)}: this site "
            f"answers as {did_of(base_url)}. The status lists name the new address too, which a "
            "strict verifier refuses."
        ),
        id="lms_badges.W003",
    )


@register(Tags.database)
def check_ledger(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """What the ledger does not have, a restore could not bring back."""
    try:
        due = count_due_lines() if databases else 0
    except DatabaseError:
        return []
    if not due:
        return []
    return [
        Warning(
            f"{due} lines are not in the ledger {get_conf().ledger} yet.",
            hint="Run manage.py sweep, which says why. Is its disk mounted, and not full? If the "
            "file is lost for good, run manage.py rewrite_ledger.",
            id="lms_badges.W005",
        )
    ]
