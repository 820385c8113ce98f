"""Replaying past tests through the same actions people use, with the moment passed in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from courses.actions.attempts import save_answer, start_attempt, submit_attempt
from courses.actions.banks import ItemDraft, write_item
from courses.actions.enrolment import confirm_printed_name, finish_reading
from courses.actions.running import enter_section, leave_section
from courses.domain.files import parse_items
from courses.domain.items import KINDS, ItemBody
from courses.domain.retakes import AttemptRefused
from courses.domain.simulation import Asked, Taker, sit_through
from courses.models import Attempt, AttemptItem, ItemBank, Lesson

__all__ = ["Taker", "Truth", "Visit", "has_passed", "sit", "sit_as", "write_past_item"]


def sit(*, course: str, user_id: int, passing: bool, at: datetime) -> bool:
    """Let a person read the lessons and take the test at a moment in the past.

    A passing person misses about one item in eight, a failing one half of them, always the same
    ones. Raises what ``start_attempt`` raises.
    """
    attempt = _start(course, user_id, at, reads=True, seed=None)
    for place in attempt.items.select_related("version"):
        moment = at + timedelta(minutes=1, seconds=40 * place.slot)
        _go_to(attempt, place.section, moment)
        missed = place.slot % 8 == 0 if passing else place.slot % 2 == 0
        value = _answer(place.version.parsed, right=not missed)
        _save(attempt, place, value, moment)
    minutes = max(2, attempt.policy["minutes"] * 3 // 4)
    return submit_attempt(code=attempt.code, user_id=user_id, now=at + timedelta(minutes=minutes))


def _go_to(attempt: Attempt, section: int, moment: datetime) -> None:
    """Enter a section at its first question, and leave the one before."""
    if not section or attempt.sections.filter(number=section).exclude(opened_at=None).exists():
        return
    who: dict[str, Any] = {"code": attempt.code, "user_id": attempt.user_id, "now": moment}
    if open_one := attempt.sections.exclude(opened_at=None).last():
        leave_section(number=open_one.number, **who)
    enter_section(number=section, **who)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """An item as ``items.yaml`` says it, whose key on the site may be wrong; people go by this.

    ``belief`` are the options that most choose who do not know: an editor did, too.
    """

    entry: Mapping[str, Any]
    belief: tuple[str, ...]

    @property
    def asked(self) -> Asked:
        """The item as people meet it."""
        belief = list(self.belief)
        return Asked(code=str(self.entry["code"]), body=_parse(self.entry), belief=belief)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody's coming to a test; ``seed`` and ``mood`` make what they are shown and answer."""

    course: str
    user_id: int
    taker: Taker
    seed: str
    mood: str
    truths: tuple[Truth, ...] = ()


def sit_as(visit: Visit, *, at: datetime) -> bool | None:
    """Let a simulated person take a test; ``None`` if the rules do not let them.

    Who is slow runs out of time: then the attempt expires with what was saved.
    """
    first = not Attempt.objects.filter(
        user_id=visit.user_id, assessment__course__slug=visit.course
    ).exists()
    try:
        attempt = _start(
            visit.course, visit.user_id, at, reads=first, seed=f"{visit.seed}:{visit.mood}"
        )
    except AttemptRefused:
        return None
    truths = {truth.asked.code: truth.asked for truth in visit.truths}
    places = list(attempt.items.select_related("version__item"))
    codes = [place.version.item.code for place in places]
    asked = [
        truths.get(code) or Asked(code=code, body=place.version.parsed)
        for code, place in zip(codes, places, strict=True)
    ]
    moment = at + timedelta(seconds=20)
    given = sit_through(asked, visit.taker, seed=visit.seed, mood=visit.mood)
    for place, one in zip(places, given, strict=True):
        _go_to(attempt, place.section, moment)
        moment += timedelta(seconds=one.seconds)
        if moment > attempt.deadline:
            moment = attempt.closes_at + timedelta(seconds=1)
            break
        if one.value is not None:
            _save(attempt, place, one.value, moment)
    end = moment + timedelta(seconds=25) if moment <= attempt.deadline else moment
    return submit_attempt(code=attempt.code, user_id=visit.user_id, now=end)


def has_passed(*, course: str, user_id: int, since: datetime) -> bool:
    """Whether somebody passed a test in a try begun since a moment."""
    return Attempt.objects.filter(
        user_id=user_id, assessment__course__slug=course, passed=True, started_at__gte=since
    ).exists()


def write_past_item(
    *, bank: str, entry: Mapping[str, Any], key: list[str] | None, now: datetime
) -> None:
    """Write an item as ``items.yaml`` says it, with another key if one is given."""
    raw = {**entry, "key": key} if key else dict(entry)
    row = ItemBank.objects.get(slug=bank)
    draft = ItemDraft(
        code=raw["code"], topic=raw["topic"], lesson_slug=raw["lesson"], body=_parse(raw)
    )
    write_item(bank=row, draft=draft, actor=None, now=now)


def _start(course: str, user_id: int, at: datetime, *, reads: bool, seed: str | None) -> Attempt:
    user = get_user_model().objects.get(pk=user_id)
    if reads:
        for lesson in Lesson.objects.filter(course__slug=course):
            finish_reading(user_id=user_id, lesson=lesson, now=at - timedelta(days=1))
        confirm_printed_name(user_id=user_id, name=user.get_full_name(), now=at)
    language = getattr(user, "language", "en")
    started = start_attempt(course=course, user_id=user_id, language=language, now=at, seed=seed)
    return Attempt.objects.get(code=started.code)


def _save(attempt: Attempt, place: AttemptItem, value: Any, at: datetime) -> None:
    save_answer(
        code=attempt.code,
        user_id=attempt.user_id,
        slot=place.slot,
        raw=value,
        base_revision=0,
        save_id=uuid.uuid4().hex,
        at=at,
    )


def _parse(raw: Mapping[str, Any]) -> ItemBody:
    """Read one item as the files of a training say it."""
    topics: dict[str, dict[str, str]] = {str(raw["topic"]): {}}
    entry = {name: value for name, value in raw.items() if name != "texts"}
    others = {language: {raw["code"]: text} for language, text in raw.get("texts", {}).items()}
    [(_entry, body)] = parse_items("simulation.yaml", [entry], others, topics)
    return body


def _answer(body: ItemBody, *, right: bool) -> Any:
    return KINDS[body.kind].answer(body, right=right)
