"""A person's dated links: one company on any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


class LinkRefused(ValueError):
    """A link that cannot stand; the message says why."""


@dataclass(frozen=True)
class Span:
    """From ``since`` to the day before ``until``; open if ``None``."""

    since: date
    until: date | None


class LinkOverlaps(LinkRefused):
    """The person is linked to a company on one of these days already; ``other`` says when."""

    def __init__(self, other: Span) -> None:
        taken = f"from {other.since}" + (f" to {other.until}" if other.until else "")
        super().__init__(f"the person is linked to a company {taken} already")
        self.other = other


class LinkEmpty(LinkRefused):
    """The link would not hold a single day."""


def check_span(span: Span) -> None:
    """Raise ``LinkEmpty`` unless the span holds at least one day."""
    if span.until is not None and span.until <= span.since:
        raise LinkEmpty("a link ends after the day it starts")


def check_free(span: Span, others: Iterable[Span]) -> None:
    """Raise ``LinkOverlaps`` if any day of ``span`` is taken by another link of the person."""
    for other in others:
        starts_before_end = other.until is None or span.since < other.until
        if starts_before_end and (span.until is None or other.since < span.until):
            raise LinkOverlaps(other)
