"""From a word as typed to its dictionary forms: cleaning, look-alike letters, morphology.

Russian is read by pymorphy3, every other language by simplemma. Both open a dictionary, so
neither is touched before a word asks for it, and each word is asked about once.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

import pymorphy3
import yaml
from simplemma import lemmatize

RUSSIAN = "ru"
# Letters between which these stand are still one word: soft hyphen, combining accents, zero widths.
JOINTS = "\u00ad\u0300-\u036f\u0483-\u0487\u200b-\u200f\u2060\ufeff"

_CACHED_WORDS = 2**15
_FOLDED = str.maketrans("\u0451\u0450\u045d", "\u0435\u0435\u0438")  # io, accented ie, accented i
_MODIFIERS = frozenset({"ADJF", "PRTF", "NUMR"})


class Readings(NamedTuple):
    """How a word reads in each script; ``None`` where it cannot be read so."""

    cyrillic: str | None
    latin: str | None


class _Tag(Protocol):
    POS: str | None


class _Parse(Protocol):
    """The part of a pymorphy3 parse that is used here."""

    normal_form: str
    tag: _Tag


class _Analyzer(Protocol):
    def parse(self, word: str) -> list[_Parse]: ...


@lru_cache(maxsize=1)
def _analyzer() -> _Analyzer:
    analyzer: _Analyzer = pymorphy3.MorphAnalyzer()
    return analyzer


@lru_cache(maxsize=1)
def _lookalikes() -> tuple[dict[int, int], dict[int, int]]:
    text = Path(__file__).with_name("lookalikes.yaml").read_text(encoding="utf-8")
    data: dict[str, dict[str, str]] = yaml.safe_load(text)
    cyrillic, latin = (
        str.maketrans(data[key]["from"], data[key]["to"]) for key in Readings._fields
    )
    return cyrillic, latin


@lru_cache(maxsize=_CACHED_WORDS)
def clean(word: str) -> str:
    """Return the word in lower case, without accents of stress and invisible characters."""
    composed = unicodedata.normalize("NFKC", word).lower()
    kept = (char for char in composed if unicodedata.category(char) not in {"Mn", "Cf"})
    return "".join(kept).translate(_FOLDED)


@lru_cache(maxsize=_CACHED_WORDS)
def readings(word: str) -> Readings:
    """Return how a cleaned word reads in Cyrillic and in Latin letters.

    A word of one script reads in that script; one that mixes scripts, or is spelled wholly in
    look-alikes, also reads as the word it imitates.
    """
    to_cyrillic, to_latin = _lookalikes()
    if all(map(_is_cyrillic, word)):
        return Readings(word, None)
    bare = "".join(char if _is_cyrillic(char) else _unaccented(char) for char in word)
    cyrillic, latin = bare.translate(to_cyrillic), word.translate(to_latin)
    return Readings(
        cyrillic if all(map(_is_cyrillic, cyrillic)) else None,
        latin if all(map(_is_latin, latin)) else None,
    )


def _is_cyrillic(char: str) -> bool:
    return "\u0400" <= char <= "\u052f"


def _is_latin(char: str) -> bool:
    return char < "\u0250"


def _unaccented(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0]


@lru_cache(maxsize=_CACHED_WORDS)
def lemmas(word: str, language: str) -> frozenset[str]:
    """Return every dictionary form that a cleaned word may belong to."""
    if language == RUSSIAN:
        return frozenset(clean(parse.normal_form) for parse in _parses(word))
    # The frugal backend: the ordinary one holds 400 MB for Polish alone.
    return frozenset({lemmatize(word, lang=language, low_memory=True).lower()})


def _parses(word: str) -> list[_Parse]:
    """Parse a Russian word; a short participle ("was formed") is not also a short adjective."""
    parses = _analyzer().parse(word)
    if any(parse.tag.POS == "PRTS" for parse in parses):
        return [parse for parse in parses if parse.tag.POS != "ADJS"]
    return parses


@lru_cache(maxsize=_CACHED_WORDS)
def is_modifier(word: str) -> bool:
    """Say whether a Russian word may stand inside a phrase as an adjective does."""
    return any(parse.tag.POS in _MODIFIERS for parse in _parses(word))
