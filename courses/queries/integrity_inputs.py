"""Every finished attempt of a test as the integrity report reads it: numbers in a few columns.

Rows are read once, in order, and kept as columns of numbers: some forty bytes an answer, whatever
is in it. Five statements and the question who belonged together, for any number of attempts.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import numpy as np
from django.db.models import Count, Min, Q
from django.utils import timezone

from courses.domain.integrity.sheet import Sheet
from courses.domain.items import ItemBody, credit_of, is_answered, normalise
from courses.events import GroupLink, GroupLinksOf
from courses.models import Assessment, Attempt, AttemptEvent, AttemptItem, ItemVersion, Response
from lms.events.ask import ask

Kind = AttemptEvent.Kind
CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A finished attempt; ``seconds`` is nought where it was not handed in but ran out."""

    id: int
    user_id: int
    started_at: datetime
    passed: bool
    seconds: float
    leaves: int
    group: int | None


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """A test's attempts in order of time, its answers, and the version behind each item number."""

    sittings: tuple[Sitting, ...]
    sheet: Sheet
    versions: tuple[int, ...]

    @property
    def groups(self) -> dict[int, list[int]]:
        """Return attempts by number, of each company at the time of the attempt."""
        found: dict[int, list[int]] = {}
        for number, sitting in enumerate(self.sittings):
            if sitting.group is not None:
                found.setdefault(sitting.group, []).append(number)
        return found

    @property
    def people(self) -> list[int]:
        """Return whose each attempt is."""
        return [sitting.user_id for sitting in self.sittings]


def load_inputs(assessment: Assessment) -> Inputs:
    """Read the attempts that are scored."""
    sittings = _load_sittings(assessment)
    numbers = {sitting.id: number for number, sitting in enumerate(sittings)}
    shown = AttemptItem.objects.filter(attempt__assessment=assessment).values("version")
    rows = ItemVersion.objects.filter(pk__in=shown).order_by("pk").iterator(CHUNK)
    bodies = {version.pk: version.parsed for version in rows}
    return Inputs(
        sittings=sittings,
        sheet=_load_sheet(assessment, numbers, bodies),
        versions=tuple(bodies),
    )


def _load_sittings(assessment: Assessment) -> tuple[Sitting, ...]:
    scored = Attempt.objects.filter(assessment=assessment, state=Attempt.State.SCORED)
    fields = ("pk", "user_id", "started_at", "finished_at", "passed", "break_given", "break_left")
    rows = list(scored.order_by("started_at", "pk").values_list(*fields).iterator(CHUNK))
    links: dict[int, list[GroupLink]] = {}
    users = tuple(sorted({row[1] for row in rows}))
    for link in next((answer for answer in ask(GroupLinksOf(user_ids=users)) if answer), ()):
        links.setdefault(link.user_id, []).append(link)
    told = _load_events(assessment)
    return tuple(_describe(row, told.get(row[0]), links.get(row[1], ())) for row in rows if row[3])


def _load_events(assessment: Assessment) -> dict[int, tuple[datetime | None, int, int]]:
    """Return when the first question was shown, how often the window was left, if handed in."""
    events = AttemptEvent.objects.filter(
        attempt__assessment=assessment, kind__in=(Kind.SHOWN, Kind.FOCUS_LOST, Kind.SUBMITTED)
    )
    told = (
        events.order_by()
        .values("attempt")
        .annotate(
            first=Min("at", filter=Q(kind=Kind.SHOWN)),
            left=Count("pk", filter=Q(kind=Kind.FOCUS_LOST)),
            submitted=Count("pk", filter=Q(kind=Kind.SUBMITTED)),
        )
    )
    rows = told.values_list("attempt", "first", "left", "submitted").iterator(CHUNK)
    return {attempt: (first, left, submitted) for attempt, first, left, submitted in rows}


def _describe(
    row: Any, told: tuple[datetime | None, int, int] | None, links: Sequence[GroupLink]
) -> Sitting:
    pk, user_id, started_at, finished_at, passed, given, kept = row
    first, left, submitted = told or (None, 0, 0)
    seconds = (finished_at - (first or started_at) - (given - kept)).total_seconds()
    return Sitting(
        id=pk,
        user_id=user_id,
        started_at=started_at,
        passed=bool(passed),
        seconds=max(seconds, 1.0) if submitted else 0.0,
        leaves=left,
        group=_find_group(links, timezone.localdate(started_at)),
    )


def _find_group(links: Sequence[GroupLink], on: date) -> int | None:
    for link in links:
        if link.since <= on and (link.until is None or on < link.until):
            return link.group_id
    return None


def _load_sheet(
    assessment: Assessment, numbers: dict[int, int], bodies: dict[int, ItemBody]
) -> Sheet:
    items = {version: number for number, version in enumerate(bodies)}
    codes: dict[tuple[int, str, bool], int] = {}
    attempt, item, said, right = array("q"), array("q"), array("q"), array("b")
    for pk, version, language, value in _read_answers(assessment):
        if pk not in numbers or not is_answered(value):
            continue
        is_right = credit_of(bodies[version], value, language) == 1
        code = codes.setdefault((version, _spell(value), is_right), len(codes))
        for column, number in zip(
            (attempt, item, said, right), (numbers[pk], items[version], code, is_right), strict=True
        ):
            column.append(number)
    return Sheet(
        attempt=np.array(attempt, dtype=np.int64),
        item=np.array(item, dtype=np.int64),
        said=np.array(said, dtype=np.int64),
        right=np.array(right, dtype=bool),
        attempts=len(numbers),
        items=len(items),
    )


def _read_answers(assessment: Assessment) -> Iterator[tuple[int, int, str, Any]]:
    """Walk places and responses side by side, an attempt at a time."""
    scored = {"attempt__assessment": assessment, "attempt__state": Attempt.State.SCORED}
    places = AttemptItem.objects.filter(**scored).order_by("attempt_id", "slot")
    answered = Response.objects.filter(**scored).order_by("attempt_id", "slot")
    responses = groupby(
        answered.values_list("attempt_id", "slot", "value").iterator(CHUNK), lambda row: row[0]
    )
    at, values = 0, dict[int, Any]()
    fields = ("attempt_id", "slot", "version_id", "attempt__language")
    for pk, slot, version, language in places.values_list(*fields).iterator(CHUNK):
        while at < pk:
            at, rows = next(responses, (pk + 1, iter(())))
            values = {place: value for _attempt, place, value in rows}
        yield pk, version, language, values.get(slot) if at == pk else None


def _spell(value: Any) -> str:
    """Write an answer so that the same answer is written the same."""
    if isinstance(value, str):
        return normalise(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
