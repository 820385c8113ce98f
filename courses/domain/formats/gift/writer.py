"""Writes GIFT, and says what of a question it has no words for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from courses.domain.formats import losses
from courses.domain.formats.question import (
    FULL,
    NONE,
    Format,
    Kind,
    Number,
    Option,
    Question,
    Text,
    is_true_or_false,
    one_line,
    write_decimal,
)
from courses.domain.formats.reading import Note, Remark, Written

# What would be taken for something else at the beginning of a text, so a format is named first.
_TAKEN = re.compile(r"\[|%|//|\$|>")


def write_gift(questions: Iterable[Question]) -> Written:
    """Return a GIFT file and what is not in it; a question's number in the list is its place."""
    pieces, lost, category = [], [], ""
    for number, question in enumerate(questions, start=1):
        lost += [Note(number, remark) for remark in _find_lost(question)]
        if not _can_hold(question):
            continue
        if question.category != category:
            category = question.category
            pieces.append(f"$CATEGORY: {category}\n")
        pieces.append(_write_question(question))
    return Written("\n".join(pieces), tuple(lost))


def _can_hold(question: Question) -> bool:
    needed = [question.stem, *(option.text for option in question.options)]
    needed += [pair.left for pair in question.pairs if pair.left.files]
    if not all(text.text for text in needed):
        return False
    if question.kind == "matching":
        return not any("->" in pair.left.text for pair in question.pairs)
    return question.kind in _ANSWERS


def _find_lost(question: Question) -> Iterator[Remark]:
    if not _can_hold(question):
        yield losses.WHOLE_QUESTION
        return
    found = {
        losses.UNITS: question.units,
        losses.CASE: question.case_sensitive,
        losses.SHUFFLING: question.shuffle is not None,
        losses.POINTS: question.grade is not None,
        losses.PENALTY: question.penalty is not None,
        losses.LANGUAGE: question.language,
        losses.SHARED_TEXT: question.case,
        losses.DIFFICULTY: question.difficulty,
        losses.FILES: any(text.files for text in _texts(question)),
        losses.FEEDBACK_ON_ORDER: _has_feedback_on_order(question),
        losses.GENERAL_FEEDBACK: question.kind == "description" and question.feedback,
    }
    yield from (remark for remark, is_there in found.items() if is_there)


def _has_feedback_on_order(question: Question) -> bool:
    return question.kind == "ordering" and any(
        option.feedback or option.credit for option in question.options
    )


def _texts(question: Question) -> Iterator[Text]:
    answers: list[Option | Number] = [*question.options, *question.numbers]
    found = [question.stem, question.feedback, *(pair.left for pair in question.pairs)]
    found += [option.text for option in question.options]
    found += [answer.feedback for answer in answers]
    return (text for text in found if text)


def _write_question(question: Question) -> str:
    head = _write_labels(question)
    if question.title:
        head += f"::{_escape(question.title)}::"
    stem = _write_text(question.stem, "moodle")
    answers = _ANSWERS[question.kind](question)
    if answers is None:
        return f"{head}{stem}\n"
    if question.feedback:
        answers += f"\n\t####{_write_text(question.feedback, question.stem.format)}"
    return f"{head}{stem} {{{answers}}}\n"


def _write_labels(question: Question) -> str:
    labels = [f"[id:{_escape_label(question.code)}]"] if question.code else []
    labels += [f"[tag:{_escape_label(tag)}]" for tag in question.tags]
    return f"// {' '.join(labels)}\n" if labels else ""


def _escape_label(text: str) -> str:
    return re.sub(r"([\\\]])", r"\\\1", one_line(text))


def _escape(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _write_text(text: Text, default: Format) -> str:
    written = _escape(text.text)
    named = text.format != default or _TAKEN.match(written)
    return f"[{text.format}]{written}" if named else written


def _write_feedback(feedback: Text | None, default: Format) -> str:
    return f"#{_write_text(feedback, default)}" if feedback else ""


def _write_choice(question: Question) -> str:
    if is_true_or_false(question):
        return _write_truth(question)
    right = _right_ones(question)
    lines = [
        _write_option(option, "=" if place in right else "~", question.stem.format)
        for place, option in enumerate(question.options)
    ]
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _right_ones(question: Question) -> set[int]:
    """Return the places to mark by =: in a choice of one at least one, and never all."""
    if question.kind == "multiple":
        return set()
    full = [place for place, option in enumerate(question.options) if option.credit == FULL]
    return set(full[:1] if len(full) == len(question.options) else full or [0])


def _write_truth(question: Question) -> str:
    true, false = question.options
    right, wrong = (true, false) if true.credit else (false, true)
    text = "TRUE" if right is true else "FALSE"
    if right.feedback or wrong.feedback:
        text += _write_feedback(wrong.feedback, question.stem.format) or "#"
        text += _write_feedback(right.feedback, question.stem.format)
    return text


def _write_wordings(question: Question) -> str:
    default = question.stem.format
    lines = []
    for option in question.options:
        # A weight keeps an arrow from being read as that of a pair.
        weight = _write_weight(option.credit, None if "->" in option.text.text else FULL)
        text = _write_text(Text(option.text.text, default), default)
        lines.append(f"={weight}{text}{_write_feedback(option.feedback, default)}")
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _write_option(option: Option, sign: str, default: Format) -> str:
    weight = _write_weight(option.credit, FULL if sign == "=" else NONE)
    text = _write_text(option.text, default)
    return f"{sign}{weight}{text}{_write_feedback(option.feedback, default)}"


def _write_weight(credit: Decimal, usual: Decimal | None) -> str:
    return "" if credit == usual else f"%{write_decimal(credit)}%"


def _write_numbers(question: Question) -> str:
    lines = [
        f"={_write_weight(number.credit, FULL)}{_write_value(number)}"
        f"{_write_feedback(number.feedback, question.stem.format)}"
        for number in question.numbers
    ]
    return "#" + "".join(f"\n\t{line}" for line in lines) + "\n"


def _write_value(number: Number) -> str:
    if number.value is None:
        return "*"
    return f"{write_decimal(number.value)}:{write_decimal(number.tolerance)}"


def _write_pairs(question: Question) -> str:
    default = question.stem.format
    lines = [
        f"={_write_text(pair.left, default)} -> {_escape(pair.right)}" for pair in question.pairs
    ]
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _write_sequence(question: Question) -> str:
    default = question.stem.format
    lines = [_write_text(option.text, default) for option in question.options]
    return ">" + "".join(f"\n\t{line}" for line in lines) + "\n"


def _write_nothing(question: Question) -> str:
    return ""


def _write_no_answers(question: Question) -> None:
    return None


_ANSWERS: Mapping[Kind, Callable[[Question], str | None]] = {
    "single": _write_choice,
    "multiple": _write_choice,
    "text": _write_wordings,
    "numeric": _write_numbers,
    "matching": _write_pairs,
    "ordering": _write_sequence,
    "essay": _write_nothing,
    "description": _write_no_answers,
}
