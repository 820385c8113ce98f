"""Judging the rows of a list by what the site has: pure, every fault with row and field."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from badges.domain.rosters import Refusal, Roster, RosterRow, RowRefused, suggest
from badges.domain.similar import fold_name
from badges.domain.validity import Term


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An achievement as far as a row needs to know it."""

    term: Term
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom an address belongs to."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """A credential that is there already."""

    code: str
    achievement: str
    recipient_id: int
    valid_from: date
    valid_until: date | None
    is_revoked: bool


@dataclass(frozen=True, kw_only=True)
class Site:
    """What is there: achievements by slug, people by address, credentials by source and person.

    ``forgotten`` are addresses of the list whose people asked to be forgotten.
    """

    offers: Mapping[str, Offer]
    people: Mapping[str, Person]
    by_source: Mapping[str, Held]
    by_person: Mapping[int, Sequence[Held]]
    forgotten: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """A row that can be issued; ``code`` if its certificate is there already."""

    row: RosterRow
    source: str
    recipient_id: int | None = None
    code: str = ""
    printed: str = ""  # the name on record where the file says another


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Every row of a list, admitted or refused."""

    admitted: tuple[Admitted, ...]
    refusals: tuple[Refusal, ...]

    @property
    def fresh(self) -> tuple[Admitted, ...]:
        """What there is to issue."""
        return tuple(each for each in self.admitted if not each.code)


def admit(roster: Roster, site: Site, today: date) -> Admission:
    """Judge the rows of a list; what was wrong with the file's other rows stays."""
    admitted: list[Admitted] = []
    refusals = list(roster.refusals)
    for row in roster.rows:
        faults = list(_find_faults(row, site, today))
        refusals += faults
        if not faults:
            admitted.append(_admit(row, site, today))
    refusals.sort(key=lambda each: each.row)
    return Admission(admitted=tuple(admitted), refusals=tuple(refusals))


def _admit(row: RosterRow, site: Site, today: date) -> Admitted:
    person, source = site.people.get(row.email), row.source(today)
    known = site.by_source.get(source) or _find_held(row, site, today)
    differs = person and row.name and person.name and fold_name(row.name) != fold_name(person.name)
    return Admitted(
        row=row,
        source=source,
        recipient_id=person.id if person else None,
        code=known.code if known else "",
        printed=person.name if person and differs else "",
    )


def _find_held(row: RosterRow, site: Site, today: date) -> Held | None:
    """Return what makes issuing needless: the same certificate, or one that holds today."""
    person = site.people.get(row.email)
    held = [
        each
        for each in (site.by_person.get(person.id, ()) if person else ())
        if each.achievement == row.achievement
    ]
    if row.issued_on is not None:
        return next((each for each in held if each.valid_from == row.issued_on), None)
    term = site.offers[row.achievement].term
    holds = (
        each
        for each in held
        if not each.is_revoked
        and (each.valid_until is None or each.valid_until > today)
        and not term.renews(today, each.valid_until)
    )
    return next(holds, None)


def _find_faults(row: RosterRow, site: Site, today: date) -> Iterator[Refusal]:
    if row.email in site.forgotten:
        asked = RowRefused(
            "this person asked to be forgotten; register them by hand if they come back"
        )
        yield Refusal(row.row, "email", asked)
        return
    offer, person = site.offers.get(row.achievement), site.people.get(row.email)
    if offer is None:
        yield Refusal(row.row, "achievement", _unknown(row.achievement, sorted(site.offers)))
    else:
        yield from _find_faults_of_offer(row, offer, today)
    if not row.name and not (person and person.name):
        missing = RowRefused("is missing; who is new here needs a name to print")
        yield Refusal(row.row, "name", missing)
    known = site.by_source.get(row.source(today))
    if known and (known.achievement != row.achievement or known.recipient_id != _id(person)):
        taken = RowRefused(
            "was used already for certificate %(code)s, which is another one", code=known.code
        )
        yield Refusal(row.row, "number", taken)


def _find_faults_of_offer(row: RosterRow, offer: Offer, today: date) -> Iterator[Refusal]:
    start = row.issued_on or today
    until = row.valid_until or offer.term.until(start)
    if until is not None and until <= start:
        ended = RowRefused(
            "is missing: by the achievement's rule it would end on %(day)s", day=until.isoformat()
        )
        yield Refusal(row.row, "valid_until", ended)
    if row.language and row.language not in offer.languages:
        languages = ", ".join(offer.languages)
        absent = RowRefused("the achievement has no such text; it has: %(has)s", has=languages)
        yield Refusal(row.row, "language", absent)


def _unknown(slug: str, known: Sequence[str]) -> RowRefused:
    if meant := suggest(slug, known):
        return RowRefused(
            "%(slug)s is not known; did you mean %(meant)s?", slug=slug[:100], meant=meant
        )
    return RowRefused("%(slug)s is not known; the admin lists the slugs", slug=slug[:100])


def _id(person: Person | None) -> int | None:
    return person.id if person else None
