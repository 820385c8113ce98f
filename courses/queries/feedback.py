"""Questions of a finished attempt with the right answers. Asked only where the policy tells all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.html import escape

from courses.domain.items import ItemBody, credit_of
from courses.domain.items.saying import Said, give_reasons, number_gaps, say, say_right
from courses.domain.prose import to_html, to_inline_html
from courses.domain.regrade import CREDIT, DROP, Correction, rekey
from courses.models import Attempt, AttemptItem, Contest, ItemVersion
from courses.queries.cases import show_cases
from courses.queries.places import CaseView, PictureView, show_picture, with_pictures
from courses.queries.scoring import find_corrections

OPEN = Contest.State.OPEN
STATES = {DROP: "dropped", CREDIT: "credited"}


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
    state: str  # "right", "part" or "wrong"; "dropped" or "credited" by a later correction
    case: CaseView | None = None
    contested: bool = False


def list_questions(attempt: Attempt) -> tuple[QuestionView, ...]:
    """Return every question that counted, in the order shown; those on trial are left out."""
    answers = dict(attempt.responses.values_list("slot", "value"))
    places = list(attempt.items.filter(pilot=False).select_related("version", "group_version"))
    cases = show_cases(places)
    corrections = find_corrections({place.version_id for place in places})
    keys = ItemVersion.objects.in_bulk({one.by for one in corrections.values() if one.by})
    contested = set(attempt.contests.filter(state=OPEN).values_list("slot", flat=True))
    return tuple(
        replace(
            _show(place, corrections.get(place.version_id), keys, answers.get(place.slot), attempt),
            case=cases.get(place.slot),
            contested=place.slot in contested,
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


def _as_judged(
    version: ItemVersion, correction: Correction | None, keys: dict[int, ItemVersion]
) -> ItemBody:
    if correction is None or correction.by is None:
        return version.parsed
    return rekey(version.parsed, keys[correction.by].parsed)


def _show(
    place: AttemptItem,
    correction: Correction | None,
    keys: dict[int, ItemVersion],
    value: object,
    attempt: Attempt,
) -> QuestionView:
    body, language = _as_judged(place.version, correction, keys), attempt.language
    corrected = STATES.get(correction.kind, "") if correction else ""
    credit, key = credit_of(body, value, language), show_key(body, language)
    return QuestionView(
        slot=place.slot,
        kind=body.kind,
        stem_html=with_pictures(to_html(number_gaps(body, language))),
        picture=show_picture(body, language),
        said=tuple(_lines(say(body, value, language), body)),
        right=key.right,
        reasons=key.reasons,
        state=corrected or ("right" if credit == 1 else "part" if credit > 0 else "wrong"),
    )


def _lines(said: Iterable[Said], body: ItemBody) -> Iterator[SaidView]:
    for line in said:
        # What was typed is text, not Markdown: it is shown letter by letter.
        html = _html(line.text) if body.options else escape(line.text)
        yield SaidView(row=_html(line.row), html=html, truth=line.truth)


def _html(text: str) -> str:
    return with_pictures(to_inline_html(text)) if text else ""
