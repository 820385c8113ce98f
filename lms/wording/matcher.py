"""Finds the phrases of the wording policy in a text."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from lms.wording.lemma import RUSSIAN, is_modifier, readings
from lms.wording.markup import strip_markup
from lms.wording.policy import Index, Phrase, Policy, Rule, Severity, Step, named_policy
from lms.wording.tokens import Token, compounds, tokenise
from lms.wording.vocabulary import Atom

__all__ = ["Finding", "find", "strip_markup"]

_AMONG_CYRILLIC = "en"  # what judges Latin words in a Russian text
_GAP_WORDS = 4
_QUOTED = re.compile(
    r"[\u00ab\u201e\u201c\"](?:[^\u00ab\u00bb\u201e\u201c\u201d\"\n]|\u00ab[^\u00ab\u00bb\n]*\u00bb)*"
    r"[\u00bb\u201d\u201c\"]"
)


@dataclass(frozen=True)
class Finding:
    """A phrase of the policy in a text: where it stands and what to write instead."""

    rule: str
    start: int
    end: int
    found: str
    allowed: tuple[str, ...]
    severity: Severity
    language: str


class _Word(NamedTuple):
    token: Token
    atoms: frozenset[Atom]


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: Rule
    taken: tuple[int, ...]  # indices of the words that the phrase names, without those in gaps

    @property
    def rank(self) -> tuple[bool, int, int]:
        return self.rule.severity == "warned", -len(self.taken), self.rule.order


@dataclass(frozen=True, slots=True)
class _Reader:
    """One text under one policy."""

    text: str
    words: Sequence[_Word]
    policy: Policy
    latin: str
    certificate: bool

    def hits(self) -> list[_Hit]:
        matches = self._matches(self.policy.judged)
        hits = [_Hit(phrase.rule, taken) for phrase, taken in matches if phrase.rule]
        return hits + list(self._joined_hits({index for hit in hits for index in hit.taken}))

    def _joined_hits(self, taken: set[int]) -> Iterator[_Hit]:
        """Judge hyphened words as one too, unless a part was hit: a hyphen must not hide a word."""
        for parts, form in compounds([word.token for word in self.words]):
            if taken.isdisjoint(parts):
                atoms = self.policy.atoms(Token(form, 0, 0), self.latin)
                for phrase in chain(*(self._starting(self.policy.judged, each) for each in atoms)):
                    if phrase.rule and len(phrase.steps) == 1:
                        yield _Hit(phrase.rule, tuple(parts))

    def exempt(self) -> set[int]:
        """Return the indices of words that belong to an allowed phrase or a name."""
        allowed = {index for _, taken in self._matches(self.policy.exempt) for index in taken}
        return allowed.union(*map(self._quotation, _QUOTED.finditer(self.text)))

    def _matches(self, index: Index) -> Iterator[tuple[Phrase, tuple[int, ...]]]:
        for start, word in enumerate(self.words):
            for first in word.atoms:
                for phrase in self._starting(index, first):
                    taken = self._taken(phrase, start)
                    if taken:
                        yield phrase, taken

    def _starting(self, index: Index, first: Atom) -> Iterator[Phrase]:
        phrases = index.get(first, ())
        return (phrase for phrase in phrases if phrase.applies(certificate=self.certificate))

    def _taken(self, phrase: Phrase, start: int) -> tuple[int, ...] | None:
        if not self._is(phrase.steps[0], start):
            return None
        taken = [start]
        for step in phrase.steps[1:]:
            position = self._seek(step, taken[-1] + 1)
            if position is None:
                return None
            taken.append(position)
        return tuple(taken)

    def _seek(self, step: Step, position: int) -> int | None:
        """Return where a step stands, at once or past the words its gap allows."""
        last = position + (_GAP_WORDS if step.gap else 0)
        while position < len(self.words) and not self.words[position].token.fresh:
            if self._is(step, position):
                return position
            if position == last or not self._bridges(position):
                return None
            position += 1
        return None

    def _is(self, step: Step, position: int) -> bool:
        word = self.words[position]
        return (word.token.capital or not step.capital) and not step.atoms.isdisjoint(word.atoms)

    def _bridges(self, position: int) -> bool:
        """Say whether a phrase may run on over a word: "development of teams and staff"."""
        nearby = self.words[position : position + 2]
        if any(not word.atoms.isdisjoint(self.policy.joining) for word in nearby):
            return True
        cyrillic = readings(nearby[0].token.form).cyrillic
        # A foreign word among Russian ones stands like an adjective: "soft skills" of the staff.
        return not nearby[0].token.number and (not cyrillic or is_modifier(cyrillic))

    def _quotation(self, match: re.Match[str]) -> range:
        """Return the words of a quotation if it is a name: if a title stands before it."""
        first, end = (
            bisect_left(self.words, place, key=lambda word: word.token.start)
            for place in match.span()
        )
        named = first < end and not self.words[first].token.fresh and self._titled(first)
        return range(first, end) if named else range(0)

    def _titled(self, position: int) -> bool:
        for word in reversed(self.words[:position]):
            if not word.atoms.isdisjoint(self.policy.titles):
                return True
            links = word.token.number or word.token.form in self.policy.linking
            if word.token.fresh or not links:
                return False
        return False


def find(
    text: str, language: str, *, policy: Policy | None = None, certificate: bool = False
) -> tuple[Finding, ...]:
    """Return what the policy refuses or warns of in a plain text, in order of appearance.

    Cyrillic words are judged by the Russian rules, Latin ones by those of ``language`` ("pl",
    "en-gb"), or by the English ones if that is Russian. ``certificate`` adds the stricter rules
    of certificate texts. Pass rich text through ``strip_markup`` first.
    """
    policy = policy or named_policy()
    tokens, latin = tokenise(text), _latin(language)
    words = [_Word(token, policy.atoms(token, latin)) for token in tokens]
    reader = _Reader(text, words, policy, latin, certificate)
    hits = reader.hits()
    if not hits:
        return ()
    exempt = reader.exempt()
    chosen = _chosen(hit for hit in hits if not exempt.issuperset(hit.taken))
    return tuple(_finding(hit, tokens, text) for hit in chosen)


def _latin(language: str) -> str:
    primary = language.replace("_", "-").partition("-")[0].lower()
    return _AMONG_CYRILLIC if primary == RUSSIAN else primary


def _chosen(hits: Iterable[_Hit]) -> list[_Hit]:
    """Keep one hit for each word: refused before warned, long before short, then first rule."""
    chosen: list[_Hit] = []
    used: set[int] = set()
    for hit in sorted(hits, key=lambda hit: hit.rank):
        if used.isdisjoint(hit.taken):
            chosen.append(hit)
            used.update(hit.taken)
    return sorted(chosen, key=lambda hit: hit.taken)


def _finding(hit: _Hit, tokens: Sequence[Token], text: str) -> Finding:
    start, end = tokens[hit.taken[0]].start, tokens[hit.taken[-1]].end
    rule = hit.rule
    return Finding(rule.id, start, end, text[start:end], rule.allowed, rule.severity, rule.language)
