"""What a question must have to be one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from courses.domain.formats.question import (
    FULL,
    NONE,
    Kind,
    Number,
    Option,
    Question,
    fits,
    gap_numbers,
)
from courses.domain.items import Refused


class NotAQuestion(Refused):
    """A piece of a file is no question; the message says what would be right."""


def check(question: Question) -> None:
    """Raise ``NotAQuestion`` unless the question has what its kind needs."""
    if not question.stem.text and not question.stem.files:
        raise NotAQuestion("the question has no text: write what is asked")
    if not all(map(fits, _decimals(question))):
        raise NotAQuestion("a number is too long: leave out the digits that do not count")
    if rule := _RULES.get(question.kind):
        rule(question)


def _decimals(question: Question) -> Iterator[Decimal]:
    for option in (*question.options, *(each for gap in question.gaps for each in gap.options)):
        yield option.credit
    for number in question.numbers:
        yield from (number.value or NONE, number.tolerance, number.credit)
    yield from (unit.multiplier for unit in question.units)
    yield from (question.grade or NONE, question.penalty or NONE)


def _check_choice(question: Question) -> None:
    if len(question.options) < 2:
        raise NotAQuestion("there must be at least two options to choose from")
    _check_credit(question.options, NotAQuestion("no option is right: mark at least one as right"))
    if not all(option.text.text or option.text.files for option in question.options):
        raise NotAQuestion("an option is empty: every option needs a text")


def _check_series(question: Question) -> None:
    if not question.options:
        raise NotAQuestion("a series needs at least one statement")
    if not all(option.text.text or option.text.files for option in question.options):
        raise NotAQuestion("a statement is empty: every statement needs a text")
    if any(option.credit not in (0, FULL) for option in question.options):
        raise NotAQuestion("a statement is either true or false, nothing between")


def _check_matching(question: Question) -> None:
    whole = [pair for pair in question.pairs if pair.left.text or pair.left.files]
    if len(whole) < 2:
        raise NotAQuestion("there must be at least two pairs to match")
    if not all(pair.right for pair in question.pairs):
        raise NotAQuestion("a pair has no answer: write what belongs to its left side")


def _check_ordering(question: Question) -> None:
    if len(question.options) < 2:
        raise NotAQuestion("there must be at least two things to put in order")
    if not all(option.text.text or option.text.files for option in question.options):
        raise NotAQuestion("a thing to put in order is empty: each needs a text")


def _check_numeric(question: Question) -> None:
    _check_credit(
        question.numbers, NotAQuestion("no number is right: give at least one, such as 16 or 0.5")
    )
    if any(number.tolerance < 0 for number in question.numbers):
        raise NotAQuestion("a tolerance cannot be below zero")
    if any(unit.multiplier == 0 or not unit.name for unit in question.units):
        raise NotAQuestion("a unit needs a name and a multiplier other than zero")


def _check_text(question: Question) -> None:
    _check_credit(question.options, NotAQuestion("no wording is right: give at least one"))
    if not all(option.text.text for option in question.options):
        raise NotAQuestion("a wording is empty: write what is accepted")


def _check_dropdown(question: Question) -> None:
    numbers = gap_numbers(question.stem.text)
    if not numbers:
        raise NotAQuestion("the text has no gap: write [[1]] where the first one is")
    if numbers != list(range(1, len(question.gaps) + 1)):
        raise NotAQuestion("the gaps of the text must be [[1]], [[2]] and so on, each with options")
    for gap in question.gaps:
        if len(gap.options) < 2 or not all(option.text.text for option in gap.options):
            raise NotAQuestion("every gap needs at least two options, none of them empty")
        _check_bounds(gap.options)
        if all(option.credit != FULL for option in gap.options):
            raise NotAQuestion("a gap has no right option: mark one as right")


def _check_credit(answers: Iterable[Option | Number], none_is_right: NotAQuestion) -> None:
    credits = _check_bounds(answers)
    if not any(credit > 0 for credit in credits):
        raise none_is_right


def _check_bounds(answers: Iterable[Option | Number]) -> list[Decimal]:
    credits = [answer.credit for answer in answers]
    if any(credit.copy_abs() > FULL for credit in credits):
        raise NotAQuestion("a percent must lie between -100 and 100")
    return credits


_RULES: Mapping[Kind, Callable[[Question], None]] = {
    "single": _check_choice,
    "multiple": _check_choice,
    "series": _check_series,
    "matching": _check_matching,
    "ordering": _check_ordering,
    "numeric": _check_numeric,
    "text": _check_text,
    "dropdown": _check_dropdown,
}
