"""Finding what was issued for something."""

from dataclasses import dataclass

from django.db.models import QuerySet

from badges.models import Credential, Edition
from badges.queries.credentials import CredentialCard, get_credential
from badges.queries.prepared import prepared


@dataclass(frozen=True)
class Found:
    """What a source was used for; ``edition`` is 1 unless it renewed what was held."""

    credential_id: int
    code: str
    achievement: str
    recipient_id: int
    edition: int = 1


def find_source(source: str) -> Found | None:
    """Return what was issued or renewed for ``source``, if anything has been yet.

    By an index each: asked for both at once, a database reads through all there is.
    """
    found = [Found(*row) for row in _renewed(source)] or [Found(*row) for row in _issued(source)]
    return found[0] if found else None


def find_by_source(source: str) -> CredentialCard | None:
    """Return the credential that was issued or renewed for ``source``, if one has been yet."""
    found = find_source(source)
    return get_credential(found.code) if found else None


@prepared
def _issued(source: str) -> QuerySet[Credential, tuple[int, str, str, int]]:
    fields = ("pk", "code", "achievement__slug", "recipient_id")
    return Credential.objects.filter(source=source).order_by().values_list(*fields)


@prepared
def _renewed(source: str) -> QuerySet[Edition, tuple[int, str, str, int, int]]:
    of = ("pk", "code", "achievement__slug", "recipient_id")
    fields = (*(f"credential__{field}" for field in of), "number")
    return Edition.objects.filter(source=source).values_list(*fields)
