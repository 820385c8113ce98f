"""Taking questions from a file into a bank: judged first, then all of them or none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from courses.actions.banks import ItemDraft, write_item
from courses.actions.import_cases import CaseIntake
from courses.actions.pictures import keep_picture
from courses.domain.exchange.intake import ALWAYS, Taken, take
from courses.domain.exchange.markup import NotTaken
from courses.domain.exchange.merging import merge
from courses.domain.formats.normalise import fingerprint
from courses.domain.formats.question import Question
from courses.domain.formats.reading import Note, Reading, Remark, excerpt
from courses.domain.items import ItemBody
from courses.models import Item, ItemBank, Topic
from courses.queries.exchange import find_fingerprints
from lms.pictures import NotAPicture
from lms.wording.checks import refuse

MAX_CODE = 50


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A question that is, or would be, an item; ``outcome`` is new, changed or unchanged."""

    where: int
    code: str
    topic: str
    text: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A question that is not taken, and what would be right."""

    where: int
    text: str
    reason: Exception


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """A question that asks what another one asks: an item's code, or a place in the file."""

    where: int
    text: str
    code: str = ""
    other: int = 0


@dataclass
class ImportReport:
    """What became, or would become, of every question of a file."""

    accepted: list[Accepted] = field(default_factory=list)
    rejected: list[Refusal] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    lost: list[Note] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)  # names of topics that are new
    cases: list[tuple[str, str]] = field(default_factory=list)  # code and outcome
    written: bool = False


def import_items(
    reading: Reading,
    *,
    bank: ItemBank,
    language: str,
    topic: str = "",
    weigh: str = ALWAYS,
    keep_going: bool = False,
    dry_run: bool = False,
    actor: int | None,
    now: datetime,
) -> ImportReport:
    """Write the questions of a file as items of a bank, and say what became of each.

    A question with the code of an item changes that item, in this language alone; without a code
    it is known by what it asks, so that the same file twice changes nothing. ``topic`` is the slug
    for questions that name none; names that are no topic yet become topics. If one is rejected
    nothing is written, unless ``keep_going``.
    """
    report = ImportReport(lost=list(reading.lost))
    report.rejected += [
        Refusal(where=one.where, text=one.excerpt, reason=one.reason) for one in reading.rejected
    ]
    with transaction.atomic():
        intake = _Import(bank, language, topic, weigh, actor, now, report)
        for question in reading.questions:
            intake.take(question)
        intake.finish()
        report.written = not dry_run and (keep_going or not report.rejected)
        if not report.written:
            transaction.set_rollback(True)
    return report


@dataclass
class _Import:
    bank: ItemBank
    language: str
    topic: str
    weigh: str
    actor: int | None
    now: datetime
    report: ImportReport
    seen: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = find_fingerprints(self.bank, self.language)
        self.topics = {str(topic).casefold(): topic for topic in self.bank.topics.all()}
        self.cases = CaseIntake(self.bank, self.language)
        self.topics |= {topic.slug.casefold(): topic for topic in self.bank.topics.all()}

    def take(self, question: Question) -> None:
        text, sign = excerpt(question.stem.text), fingerprint(question)
        code = question.code or f"q-{sign[:10]}"
        if twin := self._find_twin(sign, code):
            self.report.duplicates.append(Duplicate(where=question.where, text=text, **twin))
            return
        try:
            taken = take(question, language=self.language, keep=_keep, weigh=self.weigh)
            self._check(taken, code)
            accepted = self._write(taken, code, text)
        except (NotTaken, ValidationError) as error:
            self.report.rejected.append(Refusal(where=question.where, text=text, reason=error))
            return
        self.seen[sign], self.codes[code] = question.where, question.where
        self.report.accepted.append(accepted)

    def finish(self) -> None:
        """Write the cases that the accepted questions belong to."""
        for code, where, outcome in self.cases.write(actor=self.actor, now=self.now):
            if isinstance(outcome, str):
                self.report.cases.append((code, outcome))
            else:
                self.report.rejected.append(Refusal(where=where, text=code, reason=outcome))

    def _find_twin(self, sign: str, code: str) -> dict[str, Any]:
        known = self.known.get(sign, [])
        if code in known:
            return {}
        if sign in self.seen:
            return {"other": self.seen[sign]}
        return {"code": known[0]} if known else {}

    def _check(self, taken: Taken, code: str) -> None:
        if len(code) > MAX_CODE:
            raise NotTaken("the code has more than 50 characters: shorten it")
        if code in self.codes:
            raise NotTaken(
                "the code %(code)s stands in the file already, at %(other)s: give it another",
                code=code,
                other=str(self.codes[code]),
            )
        refuse({excerpt(text): text for text in _texts(taken.body)}, self.language)

    def _write(self, taken: Taken, code: str, text: str) -> Accepted:
        before = Item.objects.filter(bank=self.bank, code=code).select_related("current").first()
        topic = self._topic(taken.topic, before)
        body = self._join(before, taken)
        self.cases.take(taken, code, topic)
        saved = write_item(
            bank=self.bank,
            draft=ItemDraft(
                code=code,
                topic=topic.slug,
                lesson_slug=before.lesson_slug if before else "",
                body=body,
            ),
            actor=self.actor,
            now=self.now,
        )
        outcome = "new" if saved.created else "changed" if saved.changed else "unchanged"
        self.report.lost += [Note(taken.where, remark) for remark in taken.lost]
        return Accepted(where=taken.where, code=code, topic=str(topic), text=text, outcome=outcome)

    def _join(self, before: Item | None, taken: Taken) -> ItemBody:
        """Keep an item's other languages, if the answers are still the same ones."""
        old = before.current.parsed if before and before.current else None
        if old is None:
            return taken.body
        if joined := merge(old, taken.body, self.language):
            return joined
        others = sorted(set(old.stem) - {self.language})
        if others:
            remark = Remark(
                "its answers changed, so its texts in %(languages)s are not kept",
                languages=", ".join(others),
            )
            self.report.lost.append(Note(taken.where, remark))
        return taken.body

    def _topic(self, name: str, before: Item | None) -> Topic:
        wanted = name or self.topic
        if not wanted and before:
            return before.topic
        if not wanted:
            raise NotTaken("it names no topic: say which topic such questions belong to")
        if found := self.topics.get(wanted.casefold()):
            return found
        made = Topic.objects.create(
            bank=self.bank,
            slug=self._slug(wanted),
            names={self.language: wanted[:100]},
            position=len(self.topics),
        )
        self.topics[wanted.casefold()] = made
        self.report.topics.append(wanted[:100])
        return made

    def _slug(self, name: str) -> str:
        slug = slugify(name)[:40] or "topic"
        taken = {topic.slug for topic in self.topics.values()}
        numbered: Iterator[str] = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
        return slug if slug not in taken else next(one for one in numbered if one not in taken)


def _keep(body: bytes) -> str:
    try:
        return keep_picture(body)
    except NotAPicture as error:
        raise NotTaken(str(error)) from error


def _texts(body: ItemBody) -> Iterator[str]:
    yield from body.stem.values()
    yield from body.rationale.values()
    for option in (*body.options, *body.choices):
        yield from (*option.text.values(), *option.rationale.values())
