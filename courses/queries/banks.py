"""Reads of item banks."""

from collections import Counter

from courses.domain.drawing import Candidate
from courses.models import Item


def list_candidates(bank_id: int) -> tuple[Candidate, ...]:
    """Return the live items of a bank as the draw needs them."""
    items = Item.objects.filter(
        bank_id=bank_id, state=Item.State.LIVE, current__isnull=False
    ).select_related("current", "topic")
    return tuple(
        Candidate(
            version_id=item.current.pk,
            item_id=item.pk,
            topic=item.topic.slug,
            options=item.current.drawn,
        )
        for item in items
        if item.current
    )


def count_live_by_topic(bank_id: int) -> dict[str, int]:
    """Return how many live items each topic of a bank has."""
    return dict(Counter(candidate.topic for candidate in list_candidates(bank_id)))
