"""Who asked to be forgotten: known by a keyed digest alone, so that no list brings them back."""

from collections.abc import Iterable
from itertools import islice

from django.conf import settings
from django.utils.crypto import salted_hmac

from badges.domain.identity import normalize_email
from badges.models import ForgottenAddress

PURPOSE = "badges.forgotten"  # no digest of the site's for anything else is the same
CHUNK = 400  # digests in one statement


def digest_of(email: str) -> str:
    """Return what is kept of a forgotten address; only the site's secret makes it again."""
    return _digest(normalize_email(email), settings.SECRET_KEY)


def digests_of(email: str) -> list[str]:
    """Return the digests under which an address may be kept: of former secrets too."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_digest(normalize_email(email), secret) for secret in secrets]


def is_forgotten(email: str) -> bool:
    """Say whether the person with this address asked to be forgotten and did not come back."""
    return bool(list_forgotten([email]))


def list_forgotten(emails: Iterable[str]) -> frozenset[str]:
    """Return those of these addresses, as they are given, whose people asked to be forgotten."""
    asked = ((digest, email) for email in emails for digest in digests_of(email))
    found = set[str]()
    while part := list(islice(asked, CHUNK)):
        rows = ForgottenAddress.objects.filter(digest__in=[digest for digest, _ in part])
        kept = set(rows.values_list("digest", flat=True))
        found |= {email for digest, email in part if digest in kept}
    return frozenset(found)


def _digest(address: str, secret: str | bytes) -> str:
    return salted_hmac(PURPOSE, address, secret=secret, algorithm="sha256").hexdigest()
