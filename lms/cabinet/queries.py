"""What the cabinet shows, composed from the apps' queries."""

from dataclasses import dataclass
from datetime import date

from badges.queries import CredentialCard, RecipientCard, get_recipients, list_credentials
from courses.queries.attempts import TestResultLine, list_results
from partners.queries.cards import PartnerStatus, PersonCard
from partners.queries.lists import list_people
from partners.queries.status import get_status

EVERYBODY = 1000  # people of one company shown on one page


@dataclass(frozen=True, kw_only=True)
class HeldCredential:
    """A credential with its state in a word."""

    card: CredentialCard
    state: str
    kind: str
    days_left: int | None  # while it holds and ends


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A colleague: what they hold, and what is passed or not yet."""

    person: PersonCard
    credentials: tuple[HeldCredential, ...]
    results: tuple[TestResultLine, ...]


@dataclass(frozen=True, kw_only=True)
class CompanyView:
    """A company's status with the names it speaks of."""

    status: PartnerStatus | None
    names: dict[int, str]


KINDS = {
    "valid": "good",
    "expired": "quiet",
    "suspended": "warn",
    "revoked": "bad",
    "not_yet": "accent",
}


def hold(card: CredentialCard, on: date) -> HeldCredential:
    """Return a credential with its state on a day."""
    state = card.state(on)
    left = (card.valid_until - on).days if card.valid_until and state == "valid" else None
    return HeldCredential(card=card, state=state, kind=KINDS.get(state, "quiet"), days_left=left)


def list_held(recipient: RecipientCard | None, on: date) -> tuple[HeldCredential, ...]:
    """Return a person's credentials, the newest first."""
    if recipient is None:
        return ()
    cards = list_credentials(recipient_ids=[recipient.id], limit=200)
    return tuple(hold(card, on) for card in cards)


def get_company(partner_id: int, on: date, language: str) -> CompanyView:
    """Return a company's status and the names of those it counts."""
    status = get_status(partner_id, on, language)
    return CompanyView(status=status, names=name_people(status) if status else {})


def name_people(status: PartnerStatus) -> dict[int, str]:
    """Return the names a status speaks of, joined when shown: a decision keeps ids alone."""
    return {card.id: card.name for card in get_recipients(status.recipient_ids).values()}


def list_colleagues(partner_id: int, on: date, language: str) -> tuple[PersonRow, ...]:
    """Return everybody linked to a company with certificates and results; constant queries."""
    people = list_people(partner_id, on, limit=EVERYBODY)
    cards = list_credentials(
        recipient_ids=[person.recipient_id for person in people], limit=20 * EVERYBODY
    )
    held: dict[int, list[HeldCredential]] = {}
    for card in cards:
        held.setdefault(card.recipient_id, []).append(hold(card, on))
    results: dict[int, list[TestResultLine]] = {}
    for line in list_results([person.user_id for person in people if person.user_id], language):
        results.setdefault(line.user_id, []).append(line)
    return tuple(
        PersonRow(
            person=person,
            credentials=tuple(held.get(person.recipient_id, ())),
            results=tuple(results.get(person.user_id or 0, ())),
        )
        for person in sorted(people, key=lambda person: person.name)
    )
