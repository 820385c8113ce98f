"""Credentials as other apps see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from badges.domain.validity import Marks, state_on
from badges.models import Credential, Edition


@dataclass(frozen=True, kw_only=True)
class CredentialCard:
    id: int
    code: str
    achievement: str
    title: str
    recipient_id: int
    edition: int
    issued_at: datetime
    valid_from: date
    valid_until: date | None
    revoked_at: datetime | None
    suspended_at: datetime | None
    reason: str

    def state(self, on: date) -> str:
        """Return its state on a day, as ``badges.domain.validity`` names it."""
        marks = Marks(revoked=self.revoked_at is not None, suspended=self.suspended_at is not None)
        return state_on(on, valid_from=self.valid_from, valid_until=self.valid_until, marks=marks)


def list_credentials(
    *, recipient_ids: Iterable[int], limit: int = 50, after: int | None = None
) -> tuple[CredentialCard, ...]:
    """Return credentials of these recipients, newest first; ``after`` is the last id seen."""
    found = Credential.objects.filter(recipient_id__in=list(recipient_ids))
    if after is not None:
        found = found.filter(pk__lt=after)
    return _cards(list(found.select_related("achievement").order_by("-pk")[:limit]))


def get_credential(code: str) -> CredentialCard | None:
    """Return the credential with this code."""
    found = Credential.objects.select_related("achievement").filter(code=code)
    return next(iter(_cards(list(found))), None)


def get_credentials(ids: Iterable[int]) -> dict[int, CredentialCard]:
    """Return credentials by id; unknown ids are absent."""
    found = Credential.objects.select_related("achievement").filter(pk__in=list(ids))
    return {card.id: card for card in _cards(list(found))}


def _cards(credentials: Sequence[Credential]) -> tuple[CredentialCard, ...]:
    editions = (
        Edition.objects.filter(credential__in=[credential.pk for credential in credentials])
        .order_by("number")
        .values_list("credential_id", "number", "data__achievement__name")
    )
    latest = {pk: (number, title) for pk, number, title in editions}
    return tuple(
        CredentialCard(
            id=credential.pk,
            code=credential.code,
            achievement=credential.achievement.slug,
            title=latest[credential.pk][1],
            recipient_id=credential.recipient_id,
            edition=latest[credential.pk][0],
            issued_at=credential.issued_at,
            valid_from=credential.valid_from,
            valid_until=credential.valid_until,
            revoked_at=credential.revoked_at,
            suspended_at=credential.suspended_at,
            reason=credential.revoke_reason or credential.suspend_reason,
        )
        for credential in credentials
    )
