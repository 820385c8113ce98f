"""What a piece of a GIFT file says, as it is written: before it is judged as a question."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.gift.blocks import ESCAPES, Block
from courses.domain.formats.question import Format, Text, clean, find_format, one_line, read_decimal

Form = Literal[
    "description", "essay", "truth", "choice", "wording", "number", "matching", "ordering"
]

_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%\s*([+-]?[0-9.]{1,160})\s*%")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_SIGNS = re.compile(r"([=~])")
_BLANK = "_____"
_SETTING = re.compile(r"[0-9]+|[A-Z][A-Z_]{2,}|abc|ABCD|123|iii|IIII|none")


@dataclass(frozen=True)
class Value:
    """A number as it is written: alone, with a tolerance, or as a range from low to high."""

    form: Literal["simple", "range", "high-low"]
    first: Decimal
    second: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it is written; a bare one has no sign, and ``value`` is of numbers only."""

    sign: str
    weight: Decimal | None = None
    text: Text
    feedback: Text | None = None
    value: Value | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A question as it is written."""

    line: int
    form: Form
    title: str
    code: str
    tags: tuple[str, ...]
    stem: Text
    embedded: bool = False
    feedback: Text | None = None
    answers: tuple[Answer, ...] = ()
    bare: bool = False  # a single answer that has no sign
    truth: bool | None = None
    if_wrong: Text | None = None
    if_right: Text | None = None
    pairs: tuple[tuple[Text, str], ...] = ()
    settings: str = ""


Details = dict[str, Any]


def parse(block: Block) -> Entry:
    """Return what a piece says; ``NotAQuestion`` says what would be right."""
    title, body = "", block.text
    if found := _TITLE.match(body):
        title, body = one_line(ESCAPES.show(found[1])), body[found.end() :]
    before, brace, rest = body.partition("{")
    inside, closing, after = rest.partition("}")
    if "}" in before or (brace and not closing) or re.search(r"[{}]", inside + after):
        raise NotAQuestion(
            "a question has one pair of braces, around its answers: write \\{ and \\} for braces "
            "of the text, and leave an empty line between questions"
        )
    # What follows the answers makes them a gap of the sentence.
    embedded = bool(after.strip())
    marked = f"{before.rstrip()} {_BLANK} {after.lstrip()}" if embedded else before
    stem = _read_text(marked, "moodle")
    form, details = _read_answers(inside, stem.format) if brace else ("description", {})
    return Entry(
        line=block.line,
        form=form,
        title=title,
        code=one_line(block.code),
        tags=tuple(filter(None, map(one_line, block.tags))),
        stem=stem,
        embedded=embedded,
        **details,
    )


def _read_text(raw: str, default: Format) -> Text:
    """Return a text; in Moodle's own format a line end of the file is but a space."""
    found = _FORMAT.match(raw)
    named = find_format(found[1] if found else "") or default
    rest = raw[found.end() :] if found else raw
    if named == "moodle":
        rest = re.sub(r"(?<![ \t])[ \t]*\n\s*", " ", rest.strip())
    return Text(clean(ESCAPES.show(rest)), named)


def _read_feedback(raw: str, default: Format) -> Text | None:
    feedback = _read_text(raw, default)
    return feedback if feedback.text else None


def _read_answers(inside: str, default: Format) -> tuple[Form, Details]:
    head, _, general = inside.partition("####")
    form, details = _classify(head.strip(), default)
    return form, {**details, "feedback": _read_feedback(general, default)}


def _classify(head: str, default: Format) -> tuple[Form, Details]:
    if not head:
        return "essay", {}
    if head.startswith("#"):
        return "number", _read_numbers(head[1:], default)
    if head.startswith(">"):
        return "ordering", _read_ordering(head[1:], default)
    truth, _, feedback = head.partition("#")
    if truth.strip().upper() in _TRUTHS:
        return "truth", _read_truth(truth.strip().upper(), feedback, default)
    if not _SIGNS.search(head):
        return "wording", {"answers": (_read_answer("", head, default),), "bare": True}
    if not _SIGNS.match(head):
        raise NotAQuestion(
            "every answer begins with = if it is right or ~ if it is wrong; write \\= and \\~ for "
            "these signs within a text"
        )
    answers = _read_signed(head, default, _read_answer)
    if any(answer.sign == "~" for answer in answers):
        return "choice", {"answers": answers}
    if any("->" in answer.text.text for answer in answers) and not _has_weights(answers):
        return "matching", {"pairs": _read_pairs(head, default)}
    return "wording", {"answers": answers}


def _has_weights(answers: tuple[Answer, ...]) -> bool:
    return any(answer.weight is not None for answer in answers)


def _read_signed(
    head: str, default: Format, read: Callable[[str, str, Format], Answer]
) -> tuple[Answer, ...]:
    _, *parts = _SIGNS.split(head)
    signs, texts = parts[::2], parts[1::2]
    return tuple(read(sign, text, default) for sign, text in zip(signs, texts, strict=True))


def _read_weight(raw: str) -> tuple[Decimal | None, str]:
    found = _WEIGHT.match(raw)
    if not found:
        return None, raw
    weight = read_decimal(found[1])
    if weight is None:
        raise NotAQuestion(
            "“%(weight)s” is no percent: a weight is written %%50%% or %%-33.3%%",
            weight=found[1][:40],
        )
    return weight, raw[found.end() :]


def _read_answer(sign: str, raw: str, default: Format) -> Answer:
    weight, rest = _read_weight(raw)
    text, _, feedback = rest.partition("#")
    return Answer(
        sign=sign,
        weight=weight,
        text=_read_text(text, default),
        feedback=_read_feedback(feedback, default),
    )


def _read_truth(truth: str, feedback: str, default: Format) -> Details:
    """Read what follows TRUE or FALSE: first what a wrong answer is told, then a right one."""
    wrong, _, right = feedback.partition("#")
    return {
        "truth": _TRUTHS[truth],
        "if_wrong": _read_feedback(wrong, default),
        "if_right": _read_feedback(right, default),
    }


def _read_numbers(head: str, default: Format) -> Details:
    if not _SIGNS.search(head):
        return {"answers": (_read_number("", head, default),), "bare": True}
    # Moodle itself leaves out the first sign: {#3:2~#wrong}
    signed = head if _SIGNS.match(head.lstrip()) else f"={head}"
    return {"answers": _read_signed(signed, default, _read_number)}


def _read_number(sign: str, raw: str, default: Format) -> Answer:
    answer = _read_answer(sign, raw, default)
    if answer.text.text in ("", "*"):
        if not sign:
            raise NotAQuestion("no number is right: give at least one, such as 16 or 0.5")
        anything = Text("*", answer.text.format)
        return Answer(
            sign=sign, weight=answer.weight, text=anything, feedback=answer.feedback, value=None
        )
    return Answer(
        sign=sign,
        weight=answer.weight,
        text=answer.text,
        feedback=answer.feedback,
        value=_read_value(answer.text.text),
    )


def _read_value(text: str) -> Value:
    low, dots, high = text.partition("..")
    number, colon, margin = text.partition(":")
    first = read_decimal(low if dots else number)
    second = read_decimal(high if dots else margin) if dots or colon else Decimal(0)
    if first is None or second is None or (dots and second < first):
        raise NotAQuestion(
            "“%(number)s” is not a number as GIFT has it: write 3, 3:0.1 or 2.9..3.1",
            number=text[:40],
        )
    return Value("high-low" if dots else "range" if colon else "simple", first, second)


def _read_pairs(head: str, default: Format) -> tuple[tuple[Text, str], ...]:
    pairs = []
    for part in head.split("=")[1:]:
        left, arrow, right = part.partition("->")
        if not arrow:
            raise NotAQuestion("every pair is written =left -> right, and this one has no arrow")
        pairs.append((_read_text(left, default), one_line(ESCAPES.show(right))))
    return tuple(pairs)


def _read_ordering(head: str, default: Format) -> Details:
    """Read the block of Moodle's ordering plugin: settings in the first line, then the things."""
    first, _, rest = head.partition("\n")
    settings = first.split()
    has_settings = all(map(_SETTING.fullmatch, settings))
    lines = (rest if has_settings else head).split("\n")
    answers = tuple(
        Answer(sign="", text=_read_text(line, default)) for line in lines if line.strip()
    )
    return {"answers": answers, "settings": " ".join(settings) if has_settings else ""}
