"""Reads GIFT: https://docs.moodle.org/en/GIFT_format, and the ordering block of its plugin."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.decode import decode
from courses.domain.formats.gift.blocks import ESCAPES, Block, split
from courses.domain.formats.gift.syntax import Answer, Entry, Form, parse
from courses.domain.formats.question import (
    FULL,
    NONE,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    Text,
    one_line,
    true_or_false,
)
from courses.domain.formats.reading import Collector, Reading, Remark

_EXACT = Context(prec=400)  # more digits than any number that is read can have


def read_gift(body: bytes) -> Reading:
    """Return the questions of a GIFT file; ``Unreadable`` where it is no text at all."""
    text, remarks = decode(body)
    collector = Collector()
    collector.note(0, *remarks)
    category, comments = "", 0
    for block in split(text):
        comments += block.comments
        if block.category is not None:
            category = one_line(block.category)
        elif block.lines:
            _read_block(block, category, collector)
        elif block.code or block.tags:
            unattached = Remark("a code or tag stands before no question and is not kept")
            collector.note(block.line, unattached)
    if comments:
        collector.note(0, Remark("comment lines are not kept: %(count)s", count=str(comments)))
    return collector.finish()


def _read_block(block: Block, category: str, collector: Collector) -> None:
    try:
        entry = parse(block)
    except NotAQuestion as reason:
        collector.reject(block.line, ESCAPES.show(block.text), reason)
        return
    if collector.take(to_question(entry, category)) and entry.settings:
        rules = Remark("the rules of this ordering are not kept: %(rules)s", rules=entry.settings)
        collector.note(entry.line, rules)


def to_question(entry: Entry, category: str = "") -> Question:
    """Return the question an entry is."""
    kind = _KINDS.get(entry.form)
    return Question(
        kind=kind or ("single" if _has_right(entry) else "multiple"),
        stem=entry.stem,
        title=entry.title,
        code=entry.code,
        category=category,
        tags=entry.tags,
        options=_OPTIONS[entry.form](entry) if entry.form in _OPTIONS else (),
        pairs=tuple(Pair(left, right) for left, right in entry.pairs),
        numbers=tuple(map(_to_number, entry.answers)) if entry.form == "number" else (),
        feedback=entry.feedback,
        where=entry.line,
    )


def _has_right(entry: Entry) -> bool:
    """Whether an answer is marked by =, which makes it a choice of one."""
    return any(answer.sign == "=" for answer in entry.answers)


def _to_options(entry: Entry) -> tuple[Option, ...]:
    return tuple(Option(answer.text, _credit(answer), answer.feedback) for answer in entry.answers)


def _to_wordings(entry: Entry) -> tuple[Option, ...]:
    """Return accepted wordings: they are compared as they stand, so they have no markup."""
    return tuple(
        Option(Text(option.text.text, "plain"), option.credit, option.feedback)
        for option in _to_options(entry)
    )


def _to_sequence(entry: Entry) -> tuple[Option, ...]:
    return tuple(Option(answer.text) for answer in entry.answers)


def _to_truth(entry: Entry) -> tuple[Option, ...]:
    right, wrong = entry.if_right, entry.if_wrong
    if entry.truth:
        return true_or_false(True, if_true=right, if_false=wrong)
    return true_or_false(False, if_true=wrong, if_false=right)


def _to_number(answer: Answer) -> Number:
    value, tolerance = None, NONE
    if answer.value and answer.value.form == "high-low":
        low, high = answer.value.first, answer.value.second
        # The middle of two decimals is a decimal: nothing is rounded.
        value = _EXACT.divide(_EXACT.add(low, high), Decimal(2))
        tolerance = _EXACT.divide(_EXACT.subtract(high, low), Decimal(2))
    elif answer.value:
        value, tolerance = answer.value.first, answer.value.second
    return Number(value, tolerance, _credit(answer), answer.feedback)


def _credit(answer: Answer) -> Decimal:
    if answer.weight is not None:
        return answer.weight
    return NONE if answer.sign == "~" else FULL


_KINDS: Mapping[Form, Kind] = {
    "description": "description",
    "essay": "essay",
    "truth": "single",
    "wording": "text",
    "number": "numeric",
    "matching": "matching",
    "ordering": "ordering",
}
_OPTIONS: Mapping[Form, Callable[[Entry], tuple[Option, ...]]] = {
    "truth": _to_truth,
    "choice": _to_options,
    "wording": _to_wordings,
    "ordering": _to_sequence,
}
