"""People on plain files, for trying rules without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from partners.domain.evaluation import Decision, LineResult
from partners.domain.facts import Facts, Holding, Person
from partners.domain.files import Fault, FaultyFiles, Row, read_table, read_yaml
from partners.domain.links import LinkOverlaps, LinkRefused, Span, check_free, check_span
from partners.domain.programme_files import Email
from partners.domain.rules import Filled, RulesDocument, RulesInvalid, Slug, parse_rules, pick_text

Day = Annotated[date | None, BeforeValidator(lambda given: given or None)]


class RosterRow(BaseModel):
    """One certificate of one person, or a person without any (``achievement`` empty)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: Filled
    email: Email
    name: str = ""
    job: str = ""
    since: Day = None
    until: Day = None
    achievement: Annotated[Slug | None, BeforeValidator(lambda given: given or None)] = None
    valid_from: Day = None
    valid_until: Day = None

    @property
    def span(self) -> Span:
        """The days of the link; without ``since`` it always held."""
        return Span(self.since or date.min, self.until)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Facts by company, and the address behind each number."""

    facts: Mapping[str, Facts]
    emails: Mapping[int, str]


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
        )
        for row in rows
        if row.value.achievement
    )
    job = rows[0].value.job
    return Person(id=number, since=span.since, until=span.until, job=job, holdings=holdings)


def describe_decision(
    decision: Decision, rules: RulesDocument, emails: Mapping[int, str], language: str = "en"
) -> dict[str, Any]:
    """Return a decision as the commands print it; the keys are stable and documented there."""
    held = rules.find_tier(decision.tier)
    return {
        "on": decision.on.isoformat(),
        "tier": decision.tier,
        "tier_name": pick_text(held.name, language) if held else "",
        "next_tier": decision.next_tier,
        "missing": decision.missing,
        "next_change_on": decision.next_change_on and decision.next_change_on.isoformat(),
        "lines": [
            {"tier": tier.id, **_describe_line(line, emails)}
            for tier in decision.tiers
            for line in tier.lines
        ],
    }


def _describe_line(line: LineResult, emails: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": line.id,
        "needed": line.needed,
        "counted": line.counted,
        "missing": line.missing,
        "people": [emails.get(each.person, f"#{each.person}") for each in line.people],
        "not_counted": [
            {
                "person": emails.get(each.person, f"#{each.person}"),
                "reason": each.reason,
                "line": each.line,
            }
            for each in line.standby
        ],
    }


def render_decision(name: str, told: Mapping[str, Any]) -> str:
    """Return the same for a person at a terminal."""
    heading = f"{name}: {told['tier'] or 'no tier'} on {told['on']}"
    lines = [heading]
    for line in told["lines"]:
        people = ", ".join(line["people"]) or "nobody"
        lines.append(
            f"  {line['tier']}/{line['id']}: {line['counted']} of {line['needed']} ({people})"
        )
        for each in line["not_counted"]:
            why = f"fills {each['line']}" if each["line"] else "to spare"
            lines.append(f"    not counted: {each['person']}, {why}")
    if told["next_tier"]:
        short = ", ".join(f"{count} × {line}" for line, count in told["missing"].items())
        lines.append(f"  missing for {told['next_tier']}: {short}")
    if told["next_change_on"]:
        lines.append(f"  next change on {told['next_change_on']}")
    return "\n".join(lines)
