"""Questions of a finished attempt with the right answers. Asked only where the policy tells all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import escape

from courses.domain.items import ItemBody, credit_of
from courses.domain.items.saying import Said, give_reasons, number_gaps, say, say_right
from courses.domain.prose import to_html, to_inline_html
from courses.models import Attempt
from courses.queries.cases import show_cases
from courses.queries.places import CaseView, PictureView, show_picture, with_pictures


@dataclass(frozen=True, kw_only=True)
class SaidView:
    """A line of an answer as it is shown; ``truth`` is for a statement alone."""

    row: str
    html: str
    truth: bool | None


@dataclass(frozen=True, kw_only=True)
class ReasonView:
    about: str
    html: str


@dataclass(frozen=True, kw_only=True)
class KeyView:
    """The right answer of a question, and why."""

    right: tuple[SaidView, ...]
    reasons: tuple[ReasonView, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """A question as it was answered, and what would have been right."""

    slot: int
    kind: str
    stem_html: str
    picture: PictureView | None
    said: tuple[SaidView, ...]
    right: tuple[SaidView, ...]
    reasons: tuple[ReasonView, ...]
    state: str  # "right", "part" or "wrong"
    case: CaseView | None


def list_questions(attempt: Attempt) -> tuple[QuestionView, ...]:
    """Return every question that counted, in the order shown; those on trial are left out."""
    answers = dict(attempt.responses.values_list("slot", "value"))
    places = attempt.items.filter(pilot=False).select_related("version", "group_version")
    cases = show_cases(places)
    return tuple(
        _show(
            place.slot,
            place.version.parsed,
            answers.get(place.slot),
            attempt.language,
            case=cases.get(place.slot),
        )
        for place in places
    )


def show_key(body: ItemBody, language: str) -> KeyView:
    """Return the right answer in words, for those who may know it."""
    return KeyView(
        right=tuple(_lines(say_right(body, language), body)),
        reasons=tuple(
            ReasonView(about=_html(reason.about), html=with_pictures(to_html(reason.text)))
            for reason in give_reasons(body, language)
        ),
    )


def _show(
    slot: int, body: ItemBody, value: object, language: str, *, case: CaseView | None
) -> QuestionView:
    credit, key = credit_of(body, value, language), show_key(body, language)
    return QuestionView(
        slot=slot,
        kind=body.kind,
        stem_html=with_pictures(to_html(number_gaps(body, language))),
        picture=show_picture(body, language),
        said=tuple(_lines(say(body, value, language), body)),
        right=key.right,
        reasons=key.reasons,
        state="right" if credit == 1 else "part" if credit > 0 else "wrong",
        case=case,
    )


def _lines(said: Iterable[Said], body: ItemBody) -> Iterator[SaidView]:
    for line in said:
        # What was typed is text, not Markdown: it is shown letter by letter.
        html = _html(line.text) if body.options else escape(line.text)
        yield SaidView(row=_html(line.row), html=html, truth=line.truth)


def _html(text: str) -> str:
    return with_pictures(to_inline_html(text)) if text else ""
