"""Lines of a tier as a person reads them."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from partners.domain.judging import DIFFERENT
from partners.domain.results import Amount, LineResult
from partners.domain.rules import Line, RulesDocument, Tier, pick_text
from partners.domain.rules.lines import walk, whos
from partners.queries.cards import Count, LineStatus, NumberStatus, Waiting


class LineWords:
    """What the lines of a document are called, in a language, by the id a result gives them."""

    def __init__(self, rules: RulesDocument, language: str) -> None:
        self.rules, self._language = rules, language
        self._rules_of: dict[str, Line] = {}
        self._texts: dict[str, str] = {}
        for slug, competency in rules.competencies.items():
            self._texts[slug] = self.pick(competency.name)
            self._add(competency.lines, f"{slug}/")
        with override(language):
            self._texts[DIFFERENT] = _("Different people over all lines")

    def of_tier(self, tier: Tier) -> "LineWords":
        """Take in the lines of one tier, in place of another's."""
        self._add(tier.lines, "")
        return self

    def pick(self, texts: Mapping[str, str]) -> str:
        """Return a text of the document."""
        return pick_text(texts, self._language)

    def text(self, name: str) -> str:
        """Return what a line is called."""
        return self._texts[name]

    def achievements(self, name: str) -> tuple[str, ...]:
        """Return what a line reads, each once."""
        line = self._rules_of.get(name)
        named = [self.rules.list_achievements(who) for who in whos(line)] if line else []
        return tuple(dict.fromkeys(slug for each in named for slug in each))

    def unit(self, amount: Amount) -> str:
        """Return what a number is counted in."""
        metric = self.rules.metrics.get(amount.metric)
        return metric.unit if metric else ""

    def _add(self, lines: tuple[Line, ...], prefix: str) -> None:
        for line in walk(lines):
            self._rules_of[prefix + line.id] = line
            self._texts[prefix + line.id] = self.pick(line.text)


def to_line(line: LineResult, words: LineWords) -> LineStatus:
    """Return a line with its words."""
    return LineStatus(
        id=line.id,
        text=words.text(line.id),
        kind=line.kind,
        state=line.state,
        needed=line.needed,
        counted=line.counted,
        missing=line.missing,
        people=tuple(
            Count(recipient_id=each.person, codes=each.codes, valid_until=each.valid_until)
            for each in line.people
        ),
        waiting=tuple(
            Waiting(
                recipient_id=each.person,
                codes=each.codes,
                reason=each.reason,
                line_id=each.line,
                line_text=words.text(each.line) if each.line else "",
            )
            for each in line.standby
        ),
        achievements=words.achievements(line.id),
        including=tuple((each.counted, each.needed) for each in line.including),
        number=_to_number(line.amount, words) if line.amount else None,
        place=line.place,
        parts=tuple(to_line(part, words) for part in line.parts),
    )


def short_lines(lines: Iterable[LineStatus]) -> Iterator[LineStatus]:
    """Every line that keeps a tier away, those within groups instead of their group."""
    for line in lines:
        if not line.met:
            yield from tuple(short_lines(line.parts)) or (line,)


def _to_number(amount: Amount, words: LineWords) -> NumberStatus:
    return NumberStatus(
        value=amount.value,
        at_least=amount.at_least,
        at_most=amount.at_most,
        unit=words.unit(amount),
        missing=amount.missing,
    )
