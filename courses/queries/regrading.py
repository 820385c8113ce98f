"""What scoring again would change: results, certificates, and what rests on those."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from badges.domain.validity import EXPIRED, REVOKED
from badges.queries import (
    RecipientCard,
    Sourced,
    find_by_sources,
    get_recipients_of_users,
)
from courses.domain.regrade import KEY, Correction, find_misfit
from courses.domain.scoring import Outcome
from courses.events import TiersAfter, TierShift
from courses.models import Attempt, AttemptItem, ItemVersion
from courses.queries.scoring import BATCH, CHUNK, Scorer, find_corrections
from lms.events.ask import ask

# What becomes of certificates.
ISSUE = "issue"  # one follows
HELD = "held"  # a later try was passed, so there is one already
QUESTION = "question"  # one rests on it: somebody decides
GONE = "gone"  # the one issued for it was revoked since, which is for good
NOTHING = ""
_COMPARED = ("points", "maximum", "passed", "topics", "missed")


class NothingToCorrect(Exception):
    """No correction is given, or all of them are in force already."""


class VersionUnknown(Exception):
    """A correction names a version that does not exist, or a key of another item."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A result before and after, and what becomes of the certificate that rests on it."""

    attempt_id: int
    user_id: int
    assessment_id: int
    number: int
    course: str
    achievement: str
    before: Mapping[str, Any]
    after: Outcome
    effect: str = NOTHING
    code: str = ""  # of the credential that is concerned
    renewed: bool = False  # the attempt renewed what was held before
    recipient: RecipientCard | None = None  # none: nobody on record any more

    @property
    def now_passed(self) -> bool:
        return self.after.passed and not self.before["passed"]

    @property
    def now_failed(self) -> bool:
        return bool(self.before["passed"]) and not self.after.passed

    @property
    def source(self) -> str:
        return f"courses.attempt:{self.attempt_id}"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a run would do. ``running`` attempts showed a version and are scored when they end."""

    looked_at: int
    running: int
    changes: tuple[Change, ...]
    shifts: tuple[TierShift, ...]

    @property
    def now_passed(self) -> int:
        return sum(change.now_passed for change in self.changes)

    @property
    def now_failed(self) -> int:
        return sum(change.now_failed for change in self.changes)

    @property
    def issued(self) -> int:
        return sum(change.effect == ISSUE for change in self.changes)

    @property
    def in_question(self) -> int:
        return sum(change.effect == QUESTION for change in self.changes)


def preview_run(corrections: Sequence[Correction], *, on: date, language: str) -> Preview:
    """Return what recording these corrections would change; nothing is written.

    Raises ``NothingToCorrect``, ``VersionUnknown``, ``KeyUnfit`` or ``NothingLeft``.
    """
    check_corrections(corrections)
    scorer, looked_at = Scorer(corrections), 0
    changes: list[Change] = []
    for part in read_in_batches(list_affected(corrections, Attempt.State.SCORED)):
        looked_at += len(part)
        changes += compare(part, scorer.score(part))
    weighed = sorted(weigh(changes, on=on), key=_gravest_first)
    return Preview(
        looked_at=looked_at,
        running=len(list_affected(corrections, Attempt.State.OPEN)),
        changes=tuple(weighed),
        shifts=_ask_tiers(weighed, on, language),
    )


def check_corrections(corrections: Sequence[Correction]) -> None:
    """Raise why these corrections cannot be made, if they cannot."""
    named = {pk for one in corrections for pk in (one.version, one.by) if pk is not None}
    versions = ItemVersion.objects.in_bulk(named)
    for one in corrections:
        shown, right = versions.get(one.version), versions.get(one.by or one.version)
        if shown is None or right is None or shown.item_id != right.item_id:
            raise VersionUnknown("there is no such version of this item")
        if (one.kind == KEY) != (one.by is not None):
            raise VersionUnknown("a key is that of a version")
        if one.kind == KEY and (misfit := find_misfit(shown.parsed, right.parsed)):
            raise misfit
    in_force = find_corrections(one.version for one in corrections)
    if all(in_force.get(one.version, _as_shown(one.version)) == one for one in corrections):
        raise NothingToCorrect("all of this is in force already")


def _as_shown(version: int) -> Correction:
    return Correction(version=version, kind=KEY, by=version)


def list_affected(corrections: Iterable[Correction], state: str) -> list[int]:
    """Return the attempts in a state that showed one of the versions, the oldest first."""
    shown = AttemptItem.objects.filter(version__in=[one.version for one in corrections])
    attempts = Attempt.objects.filter(state=state, pk__in=shown.values("attempt"))
    return list(attempts.order_by("pk").values_list("pk", flat=True))


def read_in_batches(ids: Sequence[int], *, lock: bool = False) -> Iterator[list[Attempt]]:
    """Yield attempts a batch at a time; locked ones stay so until the transaction ends."""
    rows: QuerySet[Attempt] = Attempt.objects.select_related("assessment__course__achievement")
    if lock:
        rows = rows.select_for_update(of=("self",))
    for start in range(0, len(ids), BATCH):
        yield list(rows.filter(pk__in=ids[start : start + BATCH]).order_by("pk"))


def compare(attempts: Iterable[Attempt], outcomes: Mapping[int, Outcome]) -> Iterator[Change]:
    """Yield what differs from the outcome that stands."""
    for attempt in attempts:
        before, after = attempt.outcome or {}, outcomes[attempt.pk]
        told = _plain(asdict(after))
        if all(before.get(name) == told[name] for name in _COMPARED):
            continue
        course = attempt.assessment.course
        yield Change(
            attempt_id=attempt.pk,
            user_id=attempt.user_id,
            assessment_id=attempt.assessment_id,
            number=attempt.number,
            course=course.slug,
            achievement=course.achievement.slug if course.achievement else "",
            before=before,
            after=after,
        )


def weigh(changes: Sequence[Change], *, on: date) -> list[Change]:
    """Add what becomes of certificates, as of a day."""
    turned = [change for change in changes if change.now_passed or change.now_failed]
    issued = find_by_sources(change.source for change in turned)
    people = get_recipients_of_users({change.user_id for change in changes})
    later = _passed_later(turned, changes)
    return [
        _weigh(
            replace(change, recipient=people.get(change.user_id)),
            issued.get(change.source),
            change.attempt_id in later,
            on,
        )
        for change in changes
    ]


def _weigh(change: Change, found: Sourced | None, passed_later: bool, on: date) -> Change:
    if found is not None:
        state = found.card.state(on)
        over = state in (EXPIRED, REVOKED)
        told = replace(change, code=found.card.code, renewed=found.renewed)
        if change.now_failed:  # a later pass renewed it, and it rests on that
            return change if over or passed_later else replace(told, effect=QUESTION)
        return replace(told, effect=GONE if state == REVOKED else NOTHING)
    if not change.now_passed or not change.achievement or change.recipient is None:
        return change
    return replace(change, effect=HELD if passed_later else ISSUE)


def _passed_later(turned: Sequence[Change], changes: Sequence[Change]) -> set[int]:
    """Return which of these attempts have a later one at the same test that is passed, too."""
    after = {change.attempt_id: change.after.passed for change in changes}
    latest: dict[tuple[int, int], int] = {}
    users = sorted({change.user_id for change in turned})
    for start in range(0, len(users), CHUNK):
        rows = Attempt.objects.filter(
            user__in=users[start : start + CHUNK], state=Attempt.State.SCORED
        ).values_list("pk", "user_id", "assessment_id", "number", "passed")
        for pk, user, assessment, number, stands in rows:
            if after.get(pk, stands):
                latest[user, assessment] = max(number, latest.get((user, assessment), 0))
    return {
        change.attempt_id
        for change in turned
        if latest.get((change.user_id, change.assessment_id), 0) > change.number
    }


def _ask_tiers(changes: Iterable[Change], on: date, language: str) -> tuple[TierShift, ...]:
    gained, lost = [], []
    for change in changes:
        if change.recipient and change.effect == ISSUE:
            gained.append((change.recipient.id, change.achievement))
        if change.recipient and change.effect == QUESTION:
            lost.append((change.recipient.id, change.code))
    if not gained and not lost:
        return ()
    question = TiersAfter(gained=tuple(gained), lost=tuple(lost), on=on, language=language)
    return tuple(shift for answer in ask(question) for shift in answer)


def _gravest_first(change: Change) -> tuple[int, str, int]:
    order = 0 if change.now_failed else 1 if change.now_passed else 2
    return order, change.course, change.attempt_id


def _plain(value: Any) -> Any:
    """Return a value as it reads back from JSON."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
