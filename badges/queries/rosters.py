"""A list's rows before the site: what is there already, what cannot be, who may be whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import TypeVar

from django.db.models import F

from badges.domain.admitting import Admission, Admitted, Held, Offer, Person, Site, admit
from badges.domain.rosters import Roster
from badges.domain.similar import NameIndex, Words, fold_name
from badges.models import AchievementText, Credential, Recipient, RecipientAddress
from badges.queries.forgotten import list_forgotten

T = TypeVar("T")
CHUNK = 500  # values in one statement
LISTED = 5  # people named beside one row


@dataclass(frozen=True, kw_only=True)
class Namesake:
    """Somebody with the same or a similar name: on record (``recipient_id``) or in another row."""

    recipient_id: int | None
    row: int | None
    name: str
    emails: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lookalike:
    """A row whose address is new while its name is not: perhaps one person, for a human to say."""

    row: int
    email: str
    name: str
    others: tuple[Namesake, ...]


def admit_roster(roster: Roster, today: date) -> Admission:
    """Judge a list's rows by what the site has. A statement a few hundred rows, none a row."""
    emails = {row.email for row in roster.rows}
    people = _load_people(emails)
    ids = {person.id for person in people.values()}
    site = Site(
        offers=_load_offers(),
        people=people,
        by_source=_load_by_source({row.source(today) for row in roster.rows}),
        by_person=_load_by_person(ids),
        forgotten=list_forgotten(emails),
    )
    return admit(roster, site, today)


def list_lookalikes(admission: Admission) -> tuple[Lookalike, ...]:
    """Return the rows that would make a new person beside one with such a name."""
    new = {each.row.email: each for each in admission.fresh if each.recipient_id is None}
    index = NameIndex(each.row.name for each in new.values())
    namesakes: dict[Words, list[Namesake]] = {}
    for words, namesake in chain(_find_on_record(index), _find_in_rows(new.values(), index)):
        found = namesakes.setdefault(words, [])
        if len(found) <= LISTED:  # one more, because a row finds itself
            found.append(namesake)
    emails = _load_emails(each.recipient_id for found in namesakes.values() for each in found)
    looks = (
        Lookalike(
            row=each.row.row,
            email=each.row.email,
            name=each.row.name,
            others=tuple(
                _with_emails(other, emails)
                for other in namesakes.get(fold_name(each.row.name), ())
                if other.row != each.row.row
            )[:LISTED],
        )
        for each in new.values()
    )
    return tuple(look for look in looks if look.others)


def _find_in_rows(rows: Iterable[Admitted], index: NameIndex) -> Iterator[tuple[Words, Namesake]]:
    for row in (each.row for each in rows):
        for words in index.find(row.name):
            emails = (row.email,)
            yield words, Namesake(recipient_id=None, row=row.row, name=row.name, emails=emails)


def _find_on_record(index: NameIndex) -> Iterator[tuple[Words, Namesake]]:
    named = Recipient.objects.exclude(name="").order_by("pk").values_list("pk", "name")
    for pk, name in named.iterator(chunk_size=2000):
        for words in index.find(name):
            yield words, Namesake(recipient_id=pk, row=None, name=name, emails=())


def _with_emails(other: Namesake, emails: dict[int, list[str]]) -> Namesake:
    if other.recipient_id is None:
        return other
    return replace(other, emails=tuple(emails.get(other.recipient_id, ())))


def _load_emails(ids: Iterable[int | None]) -> dict[int, list[str]]:
    emails: dict[int, list[str]] = {}
    for chunk in _chunks(sorted({pk for pk in ids if pk is not None})):
        found = RecipientAddress.objects.filter(recipient_id__in=chunk)
        for pk, email in found.values_list("recipient_id", "email"):
            emails.setdefault(pk, []).append(email)
    return emails


def _load_offers() -> dict[str, Offer]:
    """Every achievement that has a text to print."""
    offers: dict[str, Offer] = {}
    for text in AchievementText.objects.select_related("achievement").order_by("language"):
        slug = text.achievement.slug
        before = offers[slug].languages if slug in offers else ()
        offers[slug] = Offer(term=text.achievement.term, languages=(*before, text.language))
    return offers


def _load_people(emails: Iterable[str]) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for chunk in _chunks(sorted(emails)):
        found = RecipientAddress.objects.filter(email__in=chunk)
        for email, pk, name in found.values_list("email", "recipient_id", "recipient__name"):
            people[email] = Person(id=pk, name=name)
    return people


def _load_by_source(sources: Iterable[str]) -> dict[str, Held]:
    """Credentials by what they, or their renewals, were issued for."""
    held: dict[str, Held] = {}
    for chunk in _chunks(sorted(sources)):
        own = Credential.objects.filter(source__in=chunk).annotate(found=F("source"))
        renewed = Credential.objects.filter(editions__source__in=chunk)
        for rows in (own, renewed.annotate(found=F("editions__source"))):
            for row in rows.select_related("achievement"):
                held[row.found] = _held(row)
    return held


def _load_by_person(ids: Iterable[int]) -> dict[int, list[Held]]:
    held: dict[int, list[Held]] = {}
    for chunk in _chunks(sorted(ids)):
        rows = Credential.objects.filter(recipient_id__in=chunk).select_related("achievement")
        for row in rows.order_by("pk"):
            held.setdefault(row.recipient_id, []).append(_held(row))
    return held


def _held(row: Credential) -> Held:
    return Held(
        code=row.code,
        achievement=row.achievement.slug,
        recipient_id=row.recipient_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_revoked=row.revoked_at is not None,
    )


def _chunks(values: Sequence[T]) -> Iterator[list[T]]:
    left = iter(values)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
