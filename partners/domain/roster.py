"""People on plain files, for trying rules without a database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from partners.domain.facts import Facts, Holding, Pause, Person, Reading
from partners.domain.files import Fault, FaultyFiles, Row, read_table, read_yaml
from partners.domain.links import LinkOverlaps, LinkRefused, Span, check_free, check_span
from partners.domain.programme_files import Email
from partners.domain.rules import Filled, RulesDocument, RulesInvalid, Slug, parse_rules
from partners.domain.standings import rank

Day = Annotated[date | None, BeforeValidator(lambda given: given or None)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RosterRow(_Row):
    """One certificate of one person, or a person without any (``achievement`` empty)."""

    partner: Filled
    email: Email
    name: str = ""
    job: str = ""
    since: Day = None
    until: Day = None
    achievement: Annotated[Slug | None, BeforeValidator(lambda given: given or None)] = None
    valid_from: Day = None
    valid_until: Day = None
    state: Literal["", "suspended", "under_review"] = ""
    office: str = ""
    region: str = ""
    country: str = ""

    @property
    def span(self) -> Span:
        """The days of the link; without ``since`` it always held."""
        return Span(self.since or date.min, self.until)


class MetricRow(_Row):
    """A value of a metric of one company as known on a day."""

    partner: Filled
    metric: Slug
    on: date
    value: Decimal
    office: str = ""
    region: str = ""
    country: str = ""
    source: str = ""


class CompanyRow(_Row):
    """What is known of a company itself."""

    partner: Filled
    joined_on: Day = None
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Facts by company, and the address behind each number."""

    facts: Mapping[str, Facts]
    emails: Mapping[int, str]
    countries: Mapping[str, str] = field(default_factory=dict)


def read_document(text: str, file: str) -> tuple[dict[str, Any], RulesDocument]:
    """Return a rules document as written and as read; raises ``FaultyFiles``.

    It stands alone or is the ``programme`` part of a programme.yaml.
    """
    raw = read_yaml(text, file)
    if isinstance(raw, dict) and isinstance(raw.get("programme"), dict):
        raw = {"products": raw.get("products", {}), **raw["programme"]}
    if not isinstance(raw, dict):
        raise FaultyFiles([Fault(file, None, "", "must be a rules document: slug, tiers, …")])
    try:
        return raw, parse_rules(raw)
    except RulesInvalid as error:
        faults = [Fault(file, None, each.path, each.message) for each in error.problems]
        raise FaultyFiles(faults) from None


def read_rules(text: str, file: str) -> RulesDocument:
    """Read a rules document; raises ``FaultyFiles``."""
    return read_document(text, file)[1]


def read_roster(text: str, file: str) -> Roster:
    """Read people and their certificates from CSV; raises ``FaultyFiles`` with every bad row."""
    rows, faults = read_table(RosterRow, text, file)
    emails = dict(enumerate(sorted({row.value.email for row in rows}), start=1))
    numbers = {email: number for number, email in emails.items()}
    links: dict[str, dict[tuple[str, Span], list[Row[RosterRow]]]] = {}
    for row in rows:
        key = (row.value.partner, row.value.span)
        links.setdefault(row.value.email, {}).setdefault(key, []).append(row)
    people: dict[str, list[Person]] = {}
    for email, spans in links.items():
        faults += _check_links(file, spans)
        for (partner, span), held in spans.items():
            people.setdefault(partner, []).append(_person(numbers[email], span, held))
    if faults:
        raise FaultyFiles(sorted(faults, key=lambda fault: fault.row or 0))
    facts = {partner: Facts(people=tuple(people[partner])) for partner in sorted(people)}
    return Roster(facts=facts, emails=emails)


def _check_links(file: str, links: Mapping[tuple[str, Span], list[Row[RosterRow]]]) -> list[Fault]:
    faults, seen = [], list[Span]()
    for (_, span), rows in links.items():
        try:
            check_span(span)
            check_free(span, seen)
        except LinkRefused as error:
            field = "partner" if isinstance(error, LinkOverlaps) else "until"
            faults.append(Fault(file, rows[0].number, field, str(error)))
        seen.append(span)
        for row in rows:
            start, end = row.value.valid_from, row.value.valid_until
            if start and end and end <= start:
                wrong = "must lie after valid_from: it is the first day it no longer counts"
                faults.append(Fault(file, row.number, "valid_until", wrong))
    return faults


def _person(number: int, span: Span, rows: list[Row[RosterRow]]) -> Person:
    holdings = tuple(
        Holding(
            achievement=row.value.achievement,
            code=f"row {row.number}",
            valid_from=row.value.valid_from or date.min,
            valid_until=row.value.valid_until,
            pauses=tuple(_pauses(row.value)),
        )
        for row in rows
        if row.value.achievement
    )
    first = rows[0].value
    return Person(
        id=number,
        since=span.since,
        until=span.until,
        job=first.job,
        office=first.office,
        region=first.region,
        country=first.country,
        holdings=holdings,
    )


def _pauses(row: RosterRow) -> Iterator[Pause]:
    if row.state:
        yield Pause(why=row.state, since=date.min)


def add_metrics(roster: Roster, text: str, file: str, rules: RulesDocument) -> Roster:
    """Return a roster with the numbers of a CSV text; raises ``FaultyFiles`` with every bad row."""
    rows, faults = read_table(MetricRow, text, file)
    for row in rows:
        if row.value.metric not in rules.metrics:
            known = ", ".join(sorted(rules.metrics)) or "none"
            wrong = f"the rules have no such metric; they have: {known}"
            faults.append(Fault(file, row.number, "metric", wrong))
    if faults:
        raise FaultyFiles(faults)
    readings: dict[str, list[Reading]] = {}
    for row in rows:
        given = row.value.model_dump(exclude={"partner"})
        readings.setdefault(row.value.partner, []).append(Reading(**given))
    facts = {
        name: replace(roster.facts.get(name, Facts()), metrics=tuple(readings.get(name, ())))
        for name in sorted({*roster.facts, *readings})
    }
    return replace(roster, facts=facts)


def add_companies(roster: Roster, text: str, file: str) -> Roster:
    """Return a roster that knows when companies joined, and where they are."""
    rows, faults = read_table(CompanyRow, text, file)
    if faults:
        raise FaultyFiles(faults)
    known = {row.value.partner: row.value for row in rows}
    facts = {name: roster.facts.get(name, Facts()) for name in sorted({*roster.facts, *known})}
    joined = {
        name: replace(one, joined_on=known[name].joined_on) if name in known else one
        for name, one in facts.items()
    }
    countries = {name: row.country for name, row in known.items()}
    return replace(roster, facts=joined, countries=countries)


def add_standings(roster: Roster, rules: RulesDocument, on: date) -> Roster:
    """Return a roster in which every company knows its rank on a day."""
    return replace(roster, facts=rank(rules, roster.facts, roster.countries, on))
