"""What a company's numbers come to on a day: metrics, points, its rank among others."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import ceil

from partners.domain.counting import Staff, is_within, read_metric
from partners.domain.dates import add_months
from partners.domain.facts import Facts
from partners.domain.results import Amount, LineResult, SourceResult, State
from partners.domain.rules.document import RulesDocument
from partners.domain.rules.lines import Condition, MetricLine, PointsLine, RankLine, Source

WHOLE = Decimal(100)


class Numbers:
    """The numbers of one company on a day, of one place or of all."""

    def __init__(
        self, rules: RulesDocument, facts: Facts, on: date, *, kind: str = "", place: str = ""
    ) -> None:
        self._rules, self._facts, self._on = rules, facts, on
        self._kind, self._place = kind, place
        self._share = WHOLE
        if rules.new_partners and protects_until(rules, facts, on) is not None:
            self._share = Decimal(rules.new_partners.metrics_percent)

    def read(self, metric: str) -> Decimal | None:
        """Return what a metric comes to; ``None`` if no value is on record."""
        return self._read_in(metric, self._kind, self._place)

    def holds(self, condition: Condition) -> bool:
        """Say whether a metric lies within bounds."""
        return is_within(self.read(condition.metric), condition)

    def measure(self, line: MetricLine | RankLine, name: str) -> LineResult:
        """Judge a line of a number."""
        return self._rank(line, name) if isinstance(line, RankLine) else self._weigh(line, name)

    def add_points(self, line: PointsLine, name: str, staff: Staff) -> LineResult:
        """Judge a line of points; each source gives what it counts, within its own bounds."""
        sources = tuple(self._tell_source(source, staff) for source in line.sources)
        total = sum((source.points for source in sources), Decimal(0))
        short = total < line.points or any(source.state == "short" for source in sources)
        return LineResult(
            id=name,
            kind="points",
            state="short" if short else "met",
            amount=Amount(value=total, at_least=line.points),
            sources=sources,
        )

    def _weigh(self, line: MetricLine, name: str) -> LineResult:
        least = None if line.at_least is None else line.at_least * self._share / WHOLE
        bounds = Condition(metric=line.metric, at_least=least, at_most=line.at_most)
        values = self._values(line)
        best = next((place for place, value in values.items() if is_within(value, bounds)), None)
        if best is None:
            known = {place: value for place, value in values.items() if value is not None}
            best = max(known, key=lambda place: (known[place], place), default="")
        value = values.get(best)
        state: State = "met" if is_within(value, bounds) else "short"
        return LineResult(
            id=name,
            kind="metric",
            state="unknown" if value is None else state,
            amount=Amount(value=value, at_least=least, at_most=line.at_most, metric=line.metric),
            place=best,
        )

    def _values(self, line: MetricLine) -> Mapping[str, Decimal | None]:
        if line.within is None:
            return {"": self.read(line.metric)}
        found = {getattr(each, line.within) for each in self._facts.metrics}
        return {
            place: self._read_in(line.metric, line.within, place) for place in sorted(found - {""})
        }

    def _rank(self, line: RankLine, name: str) -> LineResult:
        standing = next(
            (
                each
                for each in self._facts.standings
                if (each.metric, each.among) == (line.metric, line.among)
            ),
            None,
        )
        if standing is None:
            return LineResult(id=name, kind="rank", state="unknown")
        last = ceil(standing.of * line.top_percent / WHOLE)
        return LineResult(
            id=name,
            kind="rank",
            state="met" if standing.position <= last else "short",
            amount=Amount(
                value=Decimal(standing.position), at_most=Decimal(last), metric=line.metric
            ),
        )

    def _tell_source(self, source: Source, staff: Staff) -> SourceResult:
        is_open = staff.passes(source.gate)
        value = self._count(source, staff) if is_open else None
        points = _weigh(source, value) if value is not None else Decimal(0)
        short = source.at_least is not None and points < source.at_least
        state: State = "closed" if not is_open else "unknown" if value is None else "met"
        return SourceResult(
            id=source.id, value=value, points=points, state="short" if short else state
        )

    def _count(self, source: Source, staff: Staff) -> Decimal | None:
        if source.metric is not None:
            return self.read(source.metric)
        if source.count == "people":
            return Decimal(len(staff.claims(source.who)))
        return Decimal(staff.count_credentials(source.who, None)[0])

    def _read_in(self, metric: str, kind: str, place: str) -> Decimal | None:
        rule = self._rules.metrics[metric]
        readings = [each for each in self._facts.metrics if each.metric == metric]
        return read_metric(rule, readings, self._on, kind=kind, place=place)


def _weigh(source: Source, value: Decimal) -> Decimal:
    if source.counts_from is not None and value < source.counts_from:
        return Decimal(0)
    times = value / source.per
    points = (times // 1 if source.whole else times) * source.points
    return points if source.at_most is None else min(points, source.at_most)


def protects_until(rules: RulesDocument, facts: Facts, on: date) -> date | None:
    """Return the first day a new partner is one no longer; ``None`` if that has come."""
    if rules.new_partners is None or facts.joined_on is None:
        return None
    end = add_months(facts.joined_on, rules.new_partners.months)
    return end if facts.joined_on <= on < end else None
