"""The register of what was issued, as rows of a table: for an export and nothing else."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils.timezone import get_default_timezone, localdate

from badges.domain.validity import EXPIRED, REVOKED, SUSPENDED, VALID, state_on
from badges.models import Credential, Edition, RecipientAddress

REGISTER = (
    "code",
    "title",
    "achievement",
    "name",
    "email",
    "issued_on",
    "valid_until",
    "state",
    "edition",
)
STATES = (VALID, EXPIRED, SUSPENDED, REVOKED)


def in_state(found: QuerySet[Credential], state: str, on: date) -> QuerySet[Credential]:
    """Keep the credentials that are in one of ``STATES`` on a day."""
    ended = Q(valid_until__lte=on)
    revoked = Q(revoked_at__isnull=False)
    suspended = Q(suspended_at__isnull=False) & ~revoked
    stopped = revoked | suspended
    wanted = {
        REVOKED: revoked,
        SUSPENDED: suspended,
        EXPIRED: ended & ~stopped,
        VALID: ~ended & ~stopped,
    }
    return found.filter(wanted[state])


def find_registered(
    *, achievement: str = "", state: str = "", on: date
) -> QuerySet[Credential, Credential]:
    """Return what an export is asked for, by achievement and by state on a day."""
    found = Credential.objects.all()
    if achievement:
        found = found.filter(achievement__slug=achievement)
    return in_state(found, state, on) if state else found


def list_register(found: QuerySet[Credential], on: date) -> Iterator[tuple[object, ...]]:
    """Yield the header, then a row a credential, oldest first. One statement, however many."""
    yield REGISTER
    # A search over several addresses finds a credential several times.
    rows = Credential.objects.filter(pk__in=found.order_by().values("pk")).order_by("pk")
    latest = Edition.objects.filter(credential=OuterRef("pk")).order_by("-number")
    addresses = RecipientAddress.objects.filter(recipient=OuterRef("recipient")).order_by("pk")
    full = rows.select_related("achievement", "recipient").annotate(
        number=Subquery(latest.values("number")[:1]),
        title=Subquery(latest.annotate(title=KT("data__achievement__name")).values("title")[:1]),
        email=Subquery(addresses.values("email")[:1]),
    )
    for row in full.iterator(chunk_size=2000):
        yield (
            row.code,
            row.title,
            row.achievement.slug,
            row.recipient.name,
            row.email or "",
            _day(row.issued_at),
            row.valid_until or "",
            state_on(on, valid_from=row.valid_from, valid_until=row.valid_until, marks=row.marks),
            row.number,
        )


def _day(moment: datetime) -> date:
    return localdate(moment, get_default_timezone())
