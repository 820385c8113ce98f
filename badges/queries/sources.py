"""Finding what was issued for something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet

from badges.models import Credential, Edition
from badges.queries.credentials import CredentialCard, get_credential, get_credentials
from badges.queries.prepared import prepared

CHUNK = 400  # sources in one statement


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


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """A credential, and whether the source issued it or renewed one that was held before."""

    card: CredentialCard
    renewed: bool


def find_by_sources(sources: Iterable[str]) -> dict[str, Sourced]:
    """Return what was issued or renewed for each source, where anything was."""
    asked, found = iter(sources), dict[str, Sourced]()
    while part := list(islice(asked, CHUNK)):
        found |= _find_part(part)
    return found


def _find_part(sources: list[str]) -> Iterator[tuple[str, Sourced]]:
    issued = Credential.objects.filter(source__in=sources).values_list("source", "pk")
    renewed = Edition.objects.filter(source__in=sources).values_list("source", "credential_id")
    rows = [(*row, False) for row in issued] + [(*row, True) for row in renewed]
    cards = get_credentials({pk for _source, pk, _renewed in rows})
    for source, pk, by_renewal in rows:
        yield source or "", Sourced(card=cards[pk], renewed=by_renewal)


@prepared
def _issued(source: str) -> QuerySet[Credential, tuple[int, str, str, int]]:
    fields = ("pk", "code", "achievement__slug", "recipient_id")
    return Credential.objects.filter(source=source).order_by().values_list(*fields)


@prepared
def _renewed(source: str) -> QuerySet[Edition, tuple[int, str, str, int, int]]:
    of = ("pk", "code", "achievement__slug", "recipient_id")
    fields = (*(f"credential__{field}" for field in of), "number")
    return Edition.objects.filter(source=source).values_list(*fields)
