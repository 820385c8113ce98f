"""The wording policy, made ready for matching from its data."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Literal

from lms.wording.data import Extra, LanguageData, RuleData, Scope, read_data
from lms.wording.lemma import RUSSIAN, clean, readings
from lms.wording.tokens import Token, tokenise
from lms.wording.vocabulary import NUMBER, Atom, Vocabulary, atom

Severity = Literal["refused", "warned"]

_GAP = "~"


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of a phrase: how grave it is and what to write instead.

    ``order`` is the rule's place in the data: of two that hit the same words the first counts.
    """

    id: str
    language: str
    severity: Severity
    allowed: tuple[str, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a phrase: any of the atoms; ``gap`` lets modifiers stand before it."""

    atoms: frozenset[Atom]
    gap: bool = False
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Steps in order. A phrase without a rule is allowed."""

    steps: tuple[Step, ...]
    rule: Rule | None = None
    scope: Scope = "everywhere"

    def applies(self, *, certificate: bool) -> bool:
        """Say whether the phrase counts in a text of this kind."""
        return self.scope == "everywhere" or (self.scope == "certificate") is certificate


Index = Mapping[Atom, Sequence[Phrase]]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the matcher asks: phrases by their first atom, and the words that surround names."""

    judged: Index
    exempt: Index
    vocabularies: Mapping[str, Vocabulary]
    titles: frozenset[Atom]
    joining: frozenset[Atom]
    linking: frozenset[str]

    def atoms(self, token: Token, latin: str) -> frozenset[Atom]:
        """Return the words of the policy that a token is; ``latin`` judges Latin letters."""
        if token.number:
            return frozenset({NUMBER})
        read = readings(token.form)
        found: frozenset[Atom] = frozenset()
        if read.cyrillic:
            found = self.vocabularies[RUSSIAN].atoms(read.cyrillic)
        if read.latin and latin in self.vocabularies:
            found |= self.vocabularies[latin].atoms(read.latin)
        return found


@lru_cache(maxsize=8)
def named_policy(names: tuple[str, ...] = ()) -> Policy:
    """Return the shipped policy with these further names, built once for each set of names."""
    return load_policy(names=names)


def load_policy(*, names: Iterable[str] = (), extra: Extra | None = None) -> Policy:
    """Build the shipped policy together with a host's names and further rules.

    ``extra`` has the form of the files, by language. A mistake in it raises ``ValueError``.
    """
    data = read_data(extra or {})
    phrases = [*_phrases(data), *_named([*names, *_shipped_names(data)], data)]
    titles, joining = (_atoms(data, key) for key in ("titles", "joining"))
    atoms = (
        titles | joining | {a for phrase in phrases for step in phrase.steps for a in step.atoms}
    )
    return Policy(
        judged=_index(phrase for phrase in phrases if phrase.rule),
        exempt=_index(phrase for phrase in phrases if not phrase.rule),
        vocabularies=_vocabularies(data, atoms),
        titles=titles,
        joining=joining,
        linking=frozenset(word for part in data.values() for word in part.linking.split()),
    )


def _phrases(data: Mapping[str, LanguageData]) -> Iterator[Phrase]:
    order = count()
    for language, part in data.items():
        for refused in part.refused:
            yield from _judged(refused, language, "refused", next(order))
        for warned in part.warned:
            yield from _judged(warned, language, "warned", next(order))
        for allowed in part.allowed:
            for pattern in allowed.phrases:
                yield Phrase(_steps(language, pattern), scope=allowed.scope)


def _judged(data: RuleData, language: str, severity: Severity, order: int) -> Iterator[Phrase]:
    rule = Rule(data.id, language, severity, tuple(data.write), order)
    for pattern in data.phrases:
        yield Phrase(_steps(language, pattern), rule, data.scope)


def _steps(language: str, pattern: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    gap = False
    for part in clean(pattern).split():
        if part != _GAP:
            steps.append(Step(frozenset(atom(language, word) for word in part.split("|")), gap))
        gap = part == _GAP
    return tuple(steps)


def _shipped_names(data: Mapping[str, LanguageData]) -> list[str]:
    return [name for part in data.values() for name in part.names]


def _named(names: Iterable[str], data: Mapping[str, LanguageData]) -> set[Phrase]:
    """Make a phrase of each name; one with Latin letters may stand in any language's text."""
    latin = [language for language in data if language != RUSSIAN]
    named = {_name_steps(name, language) for name in names for language in latin}
    return {Phrase(steps) for steps in named if steps}


def _name_steps(name: str, latin: str) -> tuple[Step, ...]:
    return tuple(
        Step(frozenset({_name_atom(token, latin)}), capital=token.capital)
        for token in tokenise(name)
    )


def _name_atom(token: Token, latin: str) -> Atom:
    if token.number:
        return NUMBER
    cyrillic = readings(token.form).cyrillic
    return atom(RUSSIAN, cyrillic) if cyrillic else atom(latin, token.form)


def _atoms(data: Mapping[str, LanguageData], key: Literal["titles", "joining"]) -> frozenset[Atom]:
    rows = ((language, clean(getattr(part, key)).split()) for language, part in data.items())
    return frozenset(atom(language, word) for language, words in rows for word in words)


def _vocabularies(data: Mapping[str, LanguageData], atoms: Iterable[Atom]) -> dict[str, Vocabulary]:
    words: defaultdict[str, set[str]] = defaultdict(set)
    for language, _, word in (found.partition(":") for found in atoms):
        words[language].add(word)
    return {
        language: Vocabulary(language, words[language], part.forms)
        for language, part in data.items()
    }


def _index(phrases: Iterable[Phrase]) -> Index:
    index: defaultdict[Atom, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for first in phrase.steps[0].atoms:
            index[first].append(phrase)
    return dict(index)
