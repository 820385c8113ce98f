"""What makes two questions the same one, however they are marked up and in whatever order."""

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable

from courses.domain.formats.question import Question, Text

_COMMENT = re.compile(r"<!--[^<>]*-->")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"(?<![*_`~])[*_`~]+(?=\w)|(?<=[\w.,;:!?)])[*_`~]+|^[#>\s-]+", re.MULTILINE)


def normalise(text: Text) -> str:
    """Return a text as it is compared: no markup, composed, case folded, spaces collapsed."""
    bare = text.text
    if text.format in {"html", "moodle", "markdown"}:
        bare = html.unescape(_TAG.sub(" ", _COMMENT.sub(" ", bare)))
    if text.format == "markdown":
        bare = _MARKS.sub("", _LINK.sub(r"\1", bare))
    return _fold(bare)


def fingerprint(question: Question) -> str:
    """Return a short sign that is the same for questions that ask the same with the same answers.

    What is right does not count: the same question with another key is still the same question.
    """
    parts = [normalise(question.stem), *sorted(_answers(question))]
    if question.case:
        parts.append(f"case {_fold(question.case)}")  # the same words ask of another text
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _answers(question: Question) -> Iterable[str]:
    yield from (normalise(option.text) for option in question.options)
    yield from (f"{normalise(pair.left)} {_fold(pair.right)}" for pair in question.pairs)
    for gap in question.gaps:
        yield " / ".join(sorted(normalise(option.text) for option in gap.options))


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
