"""Cuts text into words and numbers and says where a phrase may not run on."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lms.wording.lemma import JOINTS, clean

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(rf"(\d+(?:[.,]\d+)*)|{_LETTER}+(?:[{JOINTS}]+{_LETTER}*)*")
# Addresses and placeholders are not prose: a person reads neither as words of ours.
_OPAQUE = re.compile(
    r"(?:https?://|www\.)[^\s<>\"\u00bb\u201d]+"
    r"|[\w.+-]++@[\w-]+(?:\.[\w-]+)+"
    r"|(?:[\w-]++\.)+(?:com|org|net|edu|gov|io|ru|pl|eu|\u0440\u0444)\b(?:/\S*)?"
    r"|%\(\w+\)[a-z]|\{\{.*?\}\}|\{[a-z0-9_.!:]*\}"
)
_OPAQUE_SIGN = re.compile(r"[@{]|%\(|://|\.\w")  # none of these: nothing opaque, and no slow search
_SENTENCE_END = re.compile(r"[!?;:\u2026\u2022|]|\n\s*\n")
_HYPHEN = re.compile(r"[-\u2010\u2011](?:\n\s*)?")
_ABBREVIATION = 3  # a full stop after so few letters ends no sentence


class Token(NamedTuple):
    """A word (``form`` in lower case, cleaned) or a number, and its place in the text."""

    form: str
    start: int
    end: int
    number: bool = False
    fresh: bool = False  # a sentence or block begins here
    hyphened: bool = False  # only a hyphen parts it from the token before
    capital: bool = False


def tokenise(text: str) -> list[Token]:
    """Return the words and numbers of a plain text, in order."""
    if _OPAQUE_SIGN.search(text):
        text = _OPAQUE.sub(lambda match: " " * len(match[0]), text)
    tokens: list[Token] = []
    previous = Token("", 0, 0)
    for match in _TOKEN.finditer(text):
        previous = _token(match, previous)
        tokens.append(previous)
    return tokens


def _token(match: re.Match[str], previous: Token) -> Token:
    raw, number = match[0], match[1] is not None
    start, end = match.span()
    form = raw if number else clean(raw)
    between = match.string[previous.end : start]
    if between == " ":  # nearly always
        return Token(form, start, end, number, capital=raw[0].isupper())
    fresh = _ends_sentence(previous, between)
    hyphened = _HYPHEN.fullmatch(between) is not None
    return Token(form, start, end, number, fresh, hyphened, raw[0].isupper())


def _ends_sentence(previous: Token, between: str) -> bool:
    if _SENTENCE_END.search(between):
        return True
    return "." in between and (previous.number or len(previous.form) > _ABBREVIATION)


def compounds(tokens: list[Token]) -> Iterator[tuple[range, str]]:
    """Yield the hyphened words as one: the indices of their parts and the letters joined."""
    start = 0
    for end in range(1, len(tokens) + 1):
        if end < len(tokens) and tokens[end].hyphened:
            continue
        if end - start > 1:
            yield range(start, end), "".join(token.form for token in tokens[start:end])
        start = end
