"""What a draw has to know, and whether a draw of the past comes out the same again."""

from dataclasses import dataclass

from django.db.models import Count, Max

from courses.domain.blueprint import Exposure
from courses.domain.drawing import Drawn, Past, Relaxed
from courses.domain.policy import AssessmentPolicy
from courses.domain.replay import DrawInputs, Redrawn, draw_again
from courses.domain.sections import put_in_sections
from courses.models import Assessment, Attempt, AttemptItem, DrawRecord, ItemVersion
from courses.queries.banks import describe_version


def get_past(assessment: Assessment, user_id: int, exposure: Exposure | None) -> Past:
    """Return what a person saw in earlier tries and how often items were shown to anybody."""
    own = AttemptItem.objects.filter(attempt__user_id=user_id, attempt__assessment=assessment)
    seen = own.values_list("version__item_id").annotate(at=Max("attempt__started_at"))
    return Past(seen=dict(seen), shown=_count_shown(assessment, exposure))


def _count_shown(assessment: Assessment, exposure: Exposure | None) -> dict[int, int]:
    if exposure is None:
        return {}
    shown = AttemptItem.objects.filter(attempt__assessment=assessment)
    if exposure.percent is not None:
        latest = assessment.attempts.order_by("-started_at", "-pk").values_list("pk", flat=True)
        shown = shown.filter(attempt__in=list(latest[: exposure.last]))
    return dict(shown.values_list("version__item_id").annotate(times=Count("pk")))


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A draw beside what the attempt holds. ``gone`` are versions it would need."""

    code: str
    kept: tuple[Drawn, ...]
    again: tuple[Drawn, ...]
    relaxed: tuple[Relaxed, ...]
    gone: tuple[int, ...]

    @property
    def same(self) -> bool:
        return self.kept == self.again


def replay_draw(code: str) -> Replay:
    """Repeat the draw of an attempt; ``DrawRecord.DoesNotExist`` if nothing was kept of it."""
    record = DrawRecord.objects.select_related("attempt").get(attempt__code=code)
    attempt, inputs = record.attempt, DrawInputs.model_validate(record.inputs)
    versions = ItemVersion.objects.filter(pk__in=inputs.version_ids)
    policy = AssessmentPolicy.model_validate(attempt.policy)
    redrawn = draw_again(
        policy.blueprint,
        inputs,
        [describe_version(version) for version in versions],
        attempt.seed,
    )
    return Replay(
        code=code,
        kept=_kept(attempt),
        again=_in_sections(redrawn, inputs, policy),
        relaxed=tuple(Relaxed(**row) for row in record.relaxed),
        gone=redrawn.gone,
    )


def _in_sections(
    redrawn: Redrawn, inputs: DrawInputs, policy: AssessmentPolicy
) -> tuple[Drawn, ...]:
    places = redrawn.draw.places if redrawn.draw else ()
    topics = {one: pool.topic for pool in inputs.pools for one in pool.version_ids}
    return tuple(place for _, place in put_in_sections(places, topics, policy.sections))


def _kept(attempt: Attempt) -> tuple[Drawn, ...]:
    return tuple(
        Drawn(
            version_id=place.version_id,
            option_order=tuple(place.option_order),
            pilot=place.pilot,
            group_version_id=place.group_version_id,
        )
        for place in attempt.items.order_by("slot")
    )
