"""Passes in far less time than others needed, and windows left far more often than usual.

Time: the logarithm's distance from the median in robust standard deviations (median absolute
deviation × 1.4826), after Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (1993), who call
3.5 the threshold; its chance by the normal distribution, the usual one for logarithms of times
(van der Linden, 2006). People differ in pace, so the deviation is never taken for less than
``LEAST_SPREAD``, and a finding is besides at most ``MOST_SHARE`` of the usual time.

Windows: the upper tail of a negative binomial distribution, fitted by moments to the counts of the
same test, those above its 95th percentile taken for it so that they do not hide themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from courses.domain.integrity.rates import MOST_FALSE, Bools, Floats, adjust

LEAST_ATTEMPTS = 30
DEVIATIONS = 3.5
LEAST_SPREAD = 0.25  # of the logarithm: a quarter more or less is nobody's secret
MOST_SHARE = 1 / 3  # of the usual time
LEAST_LEAVES = 20  # times the window was left: fewer open no review, however unusual
LEAST_TIMES = 4  # as often as the 95th percentile of the test
WINSOR = 0.95


@dataclass(frozen=True, kw_only=True)
class Fast:
    """A pass in far less time than usual; seconds."""

    attempt: int
    seconds: float
    usual: float
    deviations: float
    chance: float
    rate: float


@dataclass(frozen=True, kw_only=True)
class Leaves:
    """A window left far more often than usual."""

    attempt: int
    count: int
    usual: float
    chance: float
    rate: float


@dataclass(frozen=True, kw_only=True)
class FastFound:
    """How many passes were looked at, and which are worth a look."""

    attempts: int
    found: tuple[Fast, ...]


@dataclass(frozen=True, kw_only=True)
class LeavesFound:
    """How many attempts were looked at, and which are worth a look."""

    attempts: int
    found: tuple[Leaves, ...]


def find_fast(seconds: Sequence[float], passed: Sequence[bool]) -> FastFound:
    """Compare each pass with all attempts that were handed in; seconds are above nought."""
    if len(seconds) < LEAST_ATTEMPTS:
        return FastFound(attempts=0, found=())
    logs, did = np.log(np.asarray(seconds, dtype=float)), np.asarray(passed, dtype=bool)
    middle = float(np.median(logs))
    spread = max(1.4826 * float(np.median(np.abs(logs - middle))), LEAST_SPREAD)
    away = (logs - middle) / spread
    chances = np.where(did, stats.norm.cdf(away), 1.0)
    rates, usual = np.ones(len(logs)), float(np.exp(middle))
    rates[did] = adjust(chances[did])
    worth = did & (rates <= MOST_FALSE) & (away <= -DEVIATIONS)
    worth &= np.asarray(seconds) <= usual * MOST_SHARE
    return FastFound(
        attempts=int(did.sum()),
        found=tuple(
            Fast(
                attempt=int(one),
                seconds=float(seconds[int(one)]),
                usual=usual,
                deviations=float(away[one]),
                chance=float(chances[one]),
                rate=float(rates[one]),
            )
            for one in np.flatnonzero(worth)
        ),
    )


def find_leaves(counts: Sequence[int]) -> LeavesFound:
    """Compare how often each attempt's window was left with the other attempts."""
    if len(counts) < LEAST_ATTEMPTS:
        return LeavesFound(attempts=0, found=())
    values = np.asarray(counts, dtype=float)
    top = float(np.quantile(values, WINSOR))
    chances = _tail(values, np.minimum(values, top))
    rates = adjust(chances)
    worth: Bools = (rates <= MOST_FALSE) & (values >= LEAST_LEAVES) & (values >= LEAST_TIMES * top)
    return LeavesFound(
        attempts=len(values),
        found=tuple(
            Leaves(
                attempt=int(one),
                count=int(values[one]),
                usual=float(np.median(values)),
                chance=float(chances[one]),
                rate=float(rates[one]),
            )
            for one in np.flatnonzero(worth)
        ),
    )


def _tail(values: Floats, usual: Floats) -> Floats:
    """Return how likely as many or more are; where nothing varies, as of a Poisson's."""
    mean = max(float(usual.mean()), 0.1)
    variance = max(float(usual.var(ddof=1)), mean * 1.001)
    size = mean**2 / (variance - mean)
    tail: Floats = stats.nbinom.sf(values - 1, size, size / (size + mean))
    return tail
