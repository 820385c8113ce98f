"""Where companies stand among one another by a metric, for lines of the best so many per cent."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from partners.domain.counting import read_metric
from partners.domain.facts import Facts, Standing
from partners.domain.rules.document import RulesDocument
from partners.domain.rules.lines import RankLine


def rank(
    rules: RulesDocument, facts: Mapping[str, Facts], countries: Mapping[str, str], on: date
) -> dict[str, Facts]:
    """Return the facts of each company with its standings; who has no value has none.

    Companies with the same value share the better position.
    """
    standings: dict[str, list[Standing]] = {}
    for metric, among in sorted({(one.metric, one.among) for one in _rank_lines(rules)}):
        values = {
            name: value
            for name, one in facts.items()
            if (value := _read(rules, one, metric, on)) is not None
        }
        for name, value in values.items():
            peers = [
                other
                for peer, other in values.items()
                if among == "all" or countries.get(peer) == countries.get(name)
            ]
            position = 1 + sum(other > value for other in peers)
            standing = Standing(metric=metric, among=among, position=position, of=len(peers))
            standings.setdefault(name, []).append(standing)
    return {
        name: replace(one, standings=tuple(standings.get(name, ()))) for name, one in facts.items()
    }


def ranked_metrics(rules: RulesDocument) -> frozenset[str]:
    """Return the metrics by which companies are ranked."""
    return frozenset(line.metric for line in _rank_lines(rules))


def _rank_lines(rules: RulesDocument) -> Iterable[RankLine]:
    return (line for line in rules.lines if isinstance(line, RankLine))


def _read(rules: RulesDocument, facts: Facts, metric: str, on: date) -> Decimal | None:
    readings = [each for each in facts.metrics if each.metric == metric]
    return read_metric(rules.metrics[metric], readings, on)
