"""Scoring attempts from their rows, under the corrections in force and under those to come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.domain.items import ItemBody
from courses.domain.regrade import Correction, NothingLeft, Placed, rescore
from courses.domain.replay import Pool
from courses.domain.scoring import Cut, Outcome, Sat
from courses.models import Attempt, AttemptItem, DrawRecord, ItemVersion, Response
from courses.models import Correction as CorrectionRow

BATCH = 200  # attempts whose rows are in memory at a time
CHUNK = 500  # values in one statement


@dataclass(frozen=True)
class _Version:
    body: ItemBody
    topic: str
    lesson_slug: str


class Scorer:
    """Scores attempts; the versions they share are read and parsed once, however many share them.

    ``corrections`` are thought of, or about to be recorded: they replace those in force.
    """

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self._new = {correction.version: correction for correction in corrections}
        self._in_force: dict[int, Correction] = {}
        self._versions: dict[int, _Version] = {}
        self._bodies: dict[int, ItemBody] = {}

    def score(self, attempts: Sequence[Attempt]) -> dict[int, Outcome]:
        """Return outcomes by attempt; ``NothingLeft`` if one has no question left that counts."""
        return {
            attempt.pk: self._rescore(attempt, places) for attempt, places in self._sat(attempts)
        }

    def finish(self, attempt: Attempt) -> Outcome:
        """Score one that ends now: should nothing of it count any more, it is taken as shown."""
        [(_attempt, places)] = self._sat([attempt])
        try:
            return self._rescore(attempt, places)
        except NothingLeft:
            return rescore(places, {}, {}, cut=_cut(attempt), language=attempt.language)

    def _rescore(self, attempt: Attempt, places: Sequence[Placed]) -> Outcome:
        return rescore(
            places,
            self._in_force | self._new,
            self._bodies,
            cut=_cut(attempt),
            language=attempt.language,
        )

    def _sat(self, attempts: Sequence[Attempt]) -> list[tuple[Attempt, list[Placed]]]:
        ids = [attempt.pk for attempt in attempts]
        rows = AttemptItem.objects.filter(attempt__in=ids).order_by("attempt", "slot")
        places = list(rows.values_list("attempt_id", "slot", "version_id", "pilot"))
        self._learn({version for _attempt, _slot, version, _pilot in places})
        answered = Response.objects.filter(attempt__in=ids)
        values = {
            (pk, slot): value
            for pk, slot, value in answered.values_list("attempt_id", "slot", "value")
        }
        topics = _drawn_topics(ids)
        found: dict[int, list[Placed]] = defaultdict(list)
        for pk, slot, version, pilot in places:
            known = self._versions[version]
            sat = Sat(
                body=known.body,
                topic=topics.get((pk, version), known.topic),
                lesson_slug=known.lesson_slug,
                value=values.get((pk, slot)),
                pilot=pilot,
            )
            found[pk].append(Placed(version=version, sat=sat))
        return [(attempt, found[attempt.pk]) for attempt in attempts]

    def _learn(self, versions: set[int]) -> None:
        """Read what is not known yet: the versions, their corrections, the keys those name."""
        unknown = versions - self._versions.keys()
        if not unknown:
            return
        fresh = find_corrections(unknown)
        self._in_force |= fresh
        keys = {one.by for one in (*fresh.values(), *self._new.values()) if one.by is not None}
        wanted = (unknown | keys) - self._versions.keys()
        for part in _chunks(sorted(wanted)):
            for row in ItemVersion.objects.filter(pk__in=part).select_related("item__topic"):
                body, item = row.parsed, row.item
                self._bodies[row.pk] = body
                self._versions[row.pk] = _Version(body, item.topic.slug, item.lesson_slug)


def find_corrections(version_ids: Iterable[int]) -> dict[int, Correction]:
    """Return the corrections in force, by version: of each the newest."""
    found: dict[int, Correction] = {}
    for part in _chunks(sorted(version_ids)):
        for row in CorrectionRow.objects.filter(version__in=part).order_by("run"):
            found[row.version_id] = row.rule
    return found


def _cut(attempt: Attempt) -> Cut:
    return Cut(percent=attempt.policy["cut_percent"], minimums=attempt.policy.get("minimums", {}))


def _drawn_topics(ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """Return the topic each version was drawn for: its item may have moved to another since."""
    pools = DrawRecord.objects.filter(attempt__in=ids).values_list("attempt_id", "inputs__pools")
    return {
        (attempt, version): pool["topic"]
        for attempt, kept in pools
        for pool in kept
        for version in Pool.model_validate(pool).version_ids
    }


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
