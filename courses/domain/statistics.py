"""What answers say about items and tests, by classical test theory.

Facility is the mean share of the point, discrimination the correlation with the rest of the same
attempt, so that an item does not correlate with itself. Attempts are drawn, so the rest differs
from attempt to attempt: it is the share of its own points, and figures of a whole test rest on the
covariance of those items that met in an attempt. Questions of a case depend on each other: the rest
of one leaves out its whole case, and in alpha a case is one. What is told of fewer answers than
``GREY`` is uncertain, of fewer than ``LEAST`` it is not told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

LEAST, GREY = 30, 100  # answers
FIFTHS = 5

# Prometric's guideline for classical test theory.
TOO_HARD, TOO_EASY = 0.19, 0.96  # at most, at least
WEAK = 0.20  # discrimination at most
RELIABLE = CONSISTENT = 0.80
IDLE = 0.05  # share that a wrong option should attract

MISKEYED = "miskeyed"  # who knows more answers it worse
HARD, EASY, POOR, IDLE_OPTION, ATTRACTIVE = "hard", "easy", "poor", "idle", "attractive"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: its share of the point, the share of the attempt's other points, what it was.

    ``chosen`` are the options of a choice, ``row=choice`` of rows, the text of what was typed.
    """

    credit: float
    rest: float
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OptionStatistics:
    """How one option was used: by how many, in each fifth of the rest score from low to high."""

    name: str
    right: bool
    count: int
    share: float
    fifths: tuple[int, ...]
    discrimination: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemStatistics:
    """How an item did. Figures are ``None`` below ``LEAST`` answers, or where nothing varies."""

    answers: int
    facility: float | None
    discrimination: float | None
    options: tuple[OptionStatistics, ...]
    flags: tuple[str, ...]

    @property
    def is_uncertain(self) -> bool:
        """Whether the figures rest on few answers."""
        return self.answers < GREY


@dataclass(frozen=True, kw_only=True)
class AssessmentStatistics:
    """How a test did, in shares of its points; ``consistency`` is Livingston's, at the cut."""

    attempts: int
    mean: float | None
    deviation: float | None
    alpha: float | None
    error: float | None
    consistency: float | None
    passed: float | None

    @property
    def is_uncertain(self) -> bool:
        """Whether the figures rest on few attempts."""
        return self.attempts < GREY


def describe_item(answers: Sequence[Answer], right: Mapping[str, bool]) -> ItemStatistics:
    """Return how an item did. ``right`` names its options and says which are right.

    What was typed has no options; then the wordings that were typed most often are told instead.
    """
    if len(answers) < LEAST:
        return ItemStatistics(
            answers=len(answers), facility=None, discrimination=None, options=(), flags=()
        )
    credits = np.array([answer.credit for answer in answers])
    rests = np.array([answer.rest for answer in answers])
    facility, discrimination = float(credits.mean()), correlate(credits, rests)
    fifths = split_in_fifths(rests)
    options = tuple(
        _describe_option(name, is_right, answers, rests, fifths)
        for name, is_right in (right or _typed_most(answers)).items()
    )
    return ItemStatistics(
        answers=len(answers),
        facility=facility,
        discrimination=discrimination,
        options=options,
        flags=tuple(_flag_item(facility, discrimination)),
    )


def describe_assessment(
    attempts: Sequence[Mapping[int, float]],
    *,
    cut: float,
    parts: Sequence[Mapping[int, float]] | None = None,
) -> AssessmentStatistics:
    """Return how a test did: of each attempt, the credit by item; ``cut`` is a share of points.

    ``parts`` are the same attempts by what is independent: a case is one, with the sum of its
    points. Reliability rests on them.
    """
    count = len(attempts)
    scores = np.array([np.mean(list(each.values())) for each in attempts if each])
    if count < LEAST or not scores.size:
        return AssessmentStatistics(
            attempts=count, mean=None, deviation=None, alpha=None, error=None, consistency=None,
            passed=None,
        )  # fmt: skip
    mean, deviation = float(scores.mean()), float(scores.std(ddof=1))
    alpha = estimate_alpha(attempts if parts is None else parts)
    error = deviation * sqrt(1 - alpha) if alpha is not None and alpha <= 1 else None
    return AssessmentStatistics(
        attempts=count,
        mean=mean,
        deviation=deviation,
        alpha=alpha,
        error=error,
        consistency=_consistency(alpha, mean, deviation, cut),
        passed=float((scores >= cut).mean()),
    )


def correlate(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Return Pearson's correlation; ``None`` where one of the two does not vary."""
    spread = float(one.std() * other.std())
    if spread < 1e-12:
        return None
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread)


def split_in_fifths(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each score its fifth, 0 the lowest; who scored alike stands in one fifth."""
    order = np.searchsorted(np.sort(scores), scores, side="left")
    return np.minimum(order * FIFTHS // max(1, len(scores)), FIFTHS - 1).astype(np.int64)


def estimate_alpha(attempts: Sequence[Mapping[int, float]]) -> float | None:
    """Estimate Cronbach's alpha of a test of mean length, whatever items each attempt had.

    With the same items in every attempt it is alpha itself: length, mean variance and mean
    covariance of items are all it takes. Covariances are those of items that met often enough.
    """
    items = sorted({item for attempt in attempts for item in attempt})
    if len(items) < 2:
        return None
    places = {item: place for place, item in enumerate(items)}
    credits = np.full((len(attempts), len(items)), np.nan)
    for row, attempt in enumerate(attempts):
        for item, credit in attempt.items():
            credits[row, places[item]] = credit
    return _alpha(credits)


def _alpha(credits: NDArray[np.float64]) -> float | None:
    there = ~np.isnan(credits)
    met = there.T.astype(float) @ there
    enough = met >= LEAST
    values = np.where(there, credits, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Sums over the attempts in which both items stood, for every pair at once.
        mean_one = (values.T @ there) / met
        covariance = ((values.T @ values) / met - mean_one * mean_one.T) * met / (met - 1)
    pairs = enough & ~np.eye(len(met), dtype=bool)
    alone = np.diag(enough)
    if not pairs.any() or not alone.any():
        return None
    variance, between = float(np.diag(covariance)[alone].mean()), float(covariance[pairs].mean())
    length = float(there.sum(axis=1).mean())
    whole = variance + (length - 1) * between
    return length * between / whole if whole > 1e-12 else None


def _consistency(alpha: float | None, mean: float, deviation: float, cut: float) -> float | None:
    """Livingston's coefficient: how alike two such tests would decide at the cut."""
    if alpha is None:
        return None
    away, spread = (mean - cut) ** 2, deviation**2
    return (alpha * spread + away) / (spread + away) if spread + away > 0 else None


def _describe_option(
    name: str,
    is_right: bool,
    answers: Sequence[Answer],
    rests: NDArray[np.float64],
    fifths: NDArray[np.int64],
) -> OptionStatistics:
    chosen = np.array([name in answer.chosen for answer in answers])
    discrimination = correlate(chosen.astype(float), rests)
    share = float(chosen.mean())
    flags = []
    if not is_right and share < IDLE:
        flags.append(IDLE_OPTION)
    if not is_right and discrimination is not None and discrimination > 0 and share >= IDLE:
        flags.append(ATTRACTIVE)
    return OptionStatistics(
        name=name,
        right=is_right,
        count=int(chosen.sum()),
        share=share,
        fifths=tuple(int(chosen[fifths == fifth].sum()) for fifth in range(FIFTHS)),
        discrimination=discrimination,
        flags=tuple(flags),
    )


def _flag_item(facility: float, discrimination: float | None) -> Iterable[str]:
    if facility <= TOO_HARD:
        yield HARD
    if facility >= TOO_EASY:
        yield EASY
    if discrimination is not None and discrimination < 0:
        yield MISKEYED
    elif discrimination is not None and discrimination <= WEAK:
        yield POOR


def _typed_most(answers: Sequence[Answer], most: int = 8) -> dict[str, bool]:
    counts: dict[str, int] = {}
    right: dict[str, bool] = {}
    for answer in answers:
        for text in answer.chosen:
            counts[text] = counts.get(text, 0) + 1
            right[text] = answer.credit >= 1
    often = sorted(counts, key=lambda one: (-counts[one], one))
    return {text: right[text] for text in often[:most]}
