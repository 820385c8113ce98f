"""One credential with everything its page, pictures and documents are made from."""

from dataclasses import dataclass
from datetime import date, datetime

from badges.domain.award import Award
from badges.domain.validity import picture_on, state_on
from badges.models import Credential, Edition


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A credential and its latest edition. ``award.name`` is for the holder alone."""

    credential_id: int
    recipient_id: int
    user_id: int | None
    edition: int
    award: Award
    ob3: str
    ob2: str
    kid: str
    revoked_at: datetime | None
    reason: str
    decided_at: datetime | None
    show_name: bool
    show_company: bool
    show_date: bool
    edition_at: datetime

    @property
    def public_name(self) -> str:
        """The name if the holder published it, else nothing."""
        return self.award.name if self.show_name else ""

    def state(self, on: date) -> str:
        """Return ``valid``, ``expired``, ``revoked`` or ``not_yet`` on a day."""
        return state_on(
            on,
            valid_from=self.award.valid_from,
            valid_until=self.award.valid_until,
            revoked=self.revoked_at is not None,
        )

    def picture(self, on: date) -> str:
        """Return the state as pictures show it: ``expiring`` in the last thirty days."""
        return picture_on(on, state=self.state(on), valid_until=self.award.valid_until)


def get_exhibit(code: str) -> Exhibit | None:
    """Return a credential by its code, in one statement."""
    edition = (
        Edition.objects.filter(credential__code=code)
        .select_related("credential__recipient", "key")
        .order_by("-number")
        .first()
    )
    return _exhibit(edition, edition.credential) if edition else None


def _exhibit(edition: Edition, credential: Credential) -> Exhibit:
    recipient = credential.recipient
    return Exhibit(
        credential_id=credential.pk,
        recipient_id=recipient.pk,
        user_id=recipient.user_id,
        edition=edition.number,
        award=Award.from_json(edition.data),
        ob3=edition.ob3,
        ob2=edition.ob2,
        kid=edition.key.kid,
        revoked_at=credential.revoked_at,
        reason=credential.revoke_reason,
        decided_at=recipient.visibility_decided_at,
        show_name=recipient.show_name,
        show_company=recipient.show_company,
        show_date=recipient.show_date,
        edition_at=edition.created_at,
    )
