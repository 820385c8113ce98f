"""A vendor's programme folder as checked values: rules, companies, people, a year of acts."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from partners.domain.files import (
    Fault,
    FaultyFiles,
    M,
    Row,
    entry_lines,
    read_row,
    read_table,
    read_value,
    read_yaml,
)
from partners.domain.links import LinkRefused, Span, check_free, check_span
from partners.domain.rules import Filled, RulesDocument, RulesInvalid, Slug, Texts, parse_rules

PROGRAMME, HISTORY = "programme.yaml", "history.yaml"
PARTNERS, PEOPLE = "people/partners.csv", "people/people.csv"

Email = Annotated[
    str, StringConstraints(to_lower=True, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")
]
Country = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}$")]
Website = Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$")]
OptionalDay = Annotated[date | None, BeforeValidator(lambda given: given or None)]

# A reason may be given in several languages; the one in English is kept.
Reason = Annotated[
    str, BeforeValidator(lambda given: given.get("en", "") if isinstance(given, dict) else given)
]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VendorFile(_Record):
    """Who issues the certificates."""

    name: Filled
    url: Filled
    email: Email
    description: Texts


class PartnerRow(_Record):
    """A row of ``people/partners.csv``."""

    slug: Slug
    name: Filled
    country: Country
    city: str = ""
    website: Website = ""
    joined_on: date


class PersonRow(_Record):
    """A row of ``people/people.csv``; whoever changed companies has a row a company."""

    email: Email
    name: Filled
    partner: Slug
    job: Literal["sales", "engineer", "other"]
    role: Literal["manager", "member"]
    language: str = "en"
    since: date
    until: OptionalDay = None

    @property
    def span(self) -> Span:
        """The days of the link."""
        return Span(self.since, self.until)


class Act(_Record):
    """Something that happened on a day: one of pass, fail, leave, revoke."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    on: date
    kind: Literal["pass", "fail", "leave", "revoke"]
    subject: Slug | Email
    person: Email
    reason: Reason = ""

    @model_validator(mode="before")
    @classmethod
    def _name_kind(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise ValueError("must be an act, such as {on: 2026-05-04, leave: ana@x.example}")
        kinds = [kind for kind in ("pass", "fail", "leave", "revoke") if kind in raw]
        if len(kinds) != 1:
            raise ValueError("must say exactly one of pass, fail, leave, revoke")
        rest = {key: value for key, value in raw.items() if key != kinds[0]}
        subject = raw[kinds[0]]
        person = {"person": subject} if kinds == ["leave"] else {}
        return {**rest, **person, "kind": kinds[0], "subject": subject}

    @model_validator(mode="after")
    def _check_reason(self) -> Self:
        if self.kind == "revoke" and not self.reason.strip():
            raise ValueError("a revocation says its reason")
        return self


@dataclass(frozen=True, kw_only=True)
class ProgrammeFiles:
    """Everything a folder says, apart from its trainings."""

    vendor: VendorFile
    tracks: Mapping[str, Mapping[str, str]]
    products: Mapping[str, Mapping[str, str]]
    rules: RulesDocument
    document: Mapping[str, Any]
    partners: tuple[Row[PartnerRow], ...]
    people: tuple[Row[PersonRow], ...]
    acts: tuple[Row[Act], ...]
    rejected: tuple[Fault, ...] = field(default=())


Trainings = Mapping[str, str]  # slug of a training -> achievement it awards


def read_programme(
    texts: Mapping[str, str], trainings: Trainings, today: date, *, keep_going: bool = False
) -> ProgrammeFiles:
    """Check a folder's files, given by name, and return what they say.

    Raises ``FaultyFiles`` with every fault; with ``keep_going`` rows at fault (and what rests on
    them) are left out and told in ``rejected``. The rules themselves are never left out.
    """
    head = _read_head(texts)
    partners, faults = read_table(PartnerRow, _text(texts, PARTNERS), PARTNERS)
    people, more = read_table(PersonRow, _text(texts, PEOPLE), PEOPLE)
    acts, yet_more = _read_acts(texts.get(HISTORY, "[]"))
    faults += more + yet_more
    partners = list(_without(partners, _check_partners(partners), faults))
    people = list(_without(people, _check_people(people, partners), faults))
    acts = list(_without(acts, _check_acts(acts, people, trainings, today), faults))
    if faults and not keep_going:
        raise FaultyFiles(faults)
    return ProgrammeFiles(
        **head,
        partners=tuple(partners),
        people=tuple(people),
        acts=tuple(acts),
        rejected=tuple(faults),
    )


def _text(texts: Mapping[str, str], file: str) -> str:
    if file not in texts:
        raise FaultyFiles([Fault(file, None, "", "is missing from the folder")])
    return texts[file]


def _read_head(texts: Mapping[str, str]) -> dict[str, Any]:
    raw = read_yaml(_text(texts, PROGRAMME), PROGRAMME)
    wanted = ("vendor", "tracks", "products", "programme")
    if not isinstance(raw, dict) or any(not isinstance(raw.get(name), dict) for name in wanted):
        message = f"must hold the parts {', '.join(wanted)}, each with its values indented"
        raise FaultyFiles([Fault(PROGRAMME, None, "", message)])
    document = {"products": raw["products"], **raw["programme"]}
    try:
        rules = parse_rules(document)
    except RulesInvalid as error:
        paths = [(f"programme.{each.path}".rstrip("."), each.message) for each in error.problems]
        raise FaultyFiles(Fault(PROGRAMME, None, *pair) for pair in paths) from None
    return {
        "vendor": read_value(VendorFile, raw["vendor"], PROGRAMME, "vendor"),
        "tracks": raw["tracks"],
        "products": raw["products"],
        "rules": rules,
        "document": document,
    }


def _read_acts(text: str) -> tuple[list[Row[Act]], list[Fault]]:
    raw = read_yaml(text, HISTORY) or []
    if not isinstance(raw, list):
        return [], [Fault(HISTORY, None, "", "must be a list of acts, each beginning with “- ”")]
    rows, faults = [], []
    for number, entry in zip(entry_lines(text), raw, strict=True):
        row, problems = read_row(Act, entry, HISTORY, number)
        rows += [row] if row else []
        faults += problems
    return rows, faults


def _without(
    rows: Iterable[Row[M]], problems: Iterable[Fault], faults: list[Fault]
) -> Iterator[Row[M]]:
    found = list(problems)
    faults += found
    at_fault = {fault.row for fault in found}
    return (row for row in rows if row.number not in at_fault)


def _check_partners(rows: Iterable[Row[PartnerRow]]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.value.slug, row.number)
        if first != row.number:
            yield Fault(PARTNERS, row.number, "slug", f"stands in row {first} already")


def _check_people(
    rows: Iterable[Row[PersonRow]], partners: Iterable[Row[PartnerRow]]
) -> Iterator[Fault]:
    known, spans = {row.value.slug for row in partners}, dict[str, list[Span]]()
    for row in rows:
        person = row.value
        if person.partner not in known:
            yield Fault(PEOPLE, row.number, "partner", suggest(person.partner, known, PARTNERS))
            continue
        try:
            check_span(person.span)
            check_free(person.span, spans.get(person.email, []))
        except LinkRefused as error:
            yield Fault(PEOPLE, row.number, "since", str(error))
            continue
        spans.setdefault(person.email, []).append(person.span)


def _check_acts(
    rows: Iterable[Row[Act]], people: Iterable[Row[PersonRow]], trainings: Trainings, today: date
) -> Iterator[Fault]:
    spans: dict[str, list[PersonRow]] = {}
    for person in people:
        spans.setdefault(person.value.email, []).append(person.value)
    last, earned = date.min, set[tuple[str, str]]()
    for row in rows:
        act = row.value
        problem = _find_fault(act, last, today, spans, trainings, earned)
        if problem:
            yield Fault(HISTORY, row.number, *problem)
            continue
        last = act.on
        if act.kind == "pass":
            earned.add((act.person, trainings[act.subject]))


def _find_fault(
    act: Act,
    last: date,
    today: date,
    links: Mapping[str, list[PersonRow]],
    trainings: Trainings,
    earned: set[tuple[str, str]],
) -> tuple[str, str] | None:
    if act.on < last:
        return "on", f"must be in date order: the act before is on {last}"
    if act.on > today:
        return "on", f"has not happened yet; today is {today}"
    if act.person not in links:
        return "person", suggest(act.person, set(links), PEOPLE)
    if act.kind in {"pass", "fail"} and act.subject not in trainings:
        return act.kind, suggest(act.subject, set(trainings), "trainings/")
    if act.kind == "revoke" and (act.person, act.subject) not in earned:
        return "revoke", f"{act.person} has not earned {act.subject} before {act.on}"
    if act.kind == "leave":
        return _find_leaving_fault(act, links[act.person])
    return None


def _find_leaving_fault(act: Act, links: list[PersonRow]) -> tuple[str, str] | None:
    for link in links:
        if link.since < act.on and link.until in {None, act.on}:
            return None
    return "leave", f"{act.person} has no link that can end on {act.on}; see {PEOPLE}"


def suggest(given: str, known: Collection[str], file: str = PROGRAMME) -> str:
    """Say that a name is not known, and which one may have been meant."""
    near = difflib.get_close_matches(given, sorted(known), n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; it must stand in {file}"
    return f"{given} is not known{hint}"
