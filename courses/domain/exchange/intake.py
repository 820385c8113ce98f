"""From a question of a file to the body of an item: what fits, what is lost, what is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from pydantic import ValidationError

from courses.domain.editing import letter
from courses.domain.exchange.markup import Keep, NotTaken, to_markdown
from courses.domain.formats.question import (
    FULL,
    Option,
    Question,
    Text,
    category_names,
    write_decimal,
)
from courses.domain.formats.reading import Remark
from courses.domain.formats.sheet.words import plain
from courses.domain.items import ItemBody, Refused
from courses.domain.items.pairs import FALSE, TRUE
from courses.domain.items.rules import ALL, WEIGHTS

ALWAYS, UNEVEN, NEVER = "always", "uneven", "never"
RULE, LEVEL = "scoring:", "difficulty:"
_DIFFICULTY = {
    **dict.fromkeys(("1", "easy", "легко", "легкий", "простой", "latwy", "łatwy", "łatwe"), 1),
    **dict.fromkeys(("2", "normal", "medium", "средний", "обычный", "sredni", "średni"), 2),
    **dict.fromkeys(("3", "hard", "difficult", "сложный", "трудный", "trudny", "trudne"), 3),
}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A question that can be an item. ``topic`` is a name, empty if the file gives none."""

    where: int
    code: str
    title: str
    topic: str
    body: ItemBody
    lost: tuple[Remark, ...]
    case: str = ""
    case_stem: str = ""  # only where the file says it


@dataclass
class _Intake:
    """One question on its way in."""

    question: Question
    language: str
    keep: Keep
    weigh: str
    lost: list[Remark] = field(default_factory=list)

    def say(self, text: Text) -> str:
        return to_markdown(text, self.keep)

    def options(self, options: tuple[Option, ...], names: Iterator[str]) -> list[dict[str, Any]]:
        return [
            {
                "id": next(names),
                "text": {self.language: self.say(option.text)},
                "rationale": self._why(option),
            }
            for option in options
        ]

    def _why(self, option: Option) -> dict[str, str]:
        return {self.language: self.say(option.feedback)} if option.feedback else {}

    def miss(self, lost: object, text: str, **values: str) -> None:
        """Note what is not kept, where the file has it."""
        if lost:
            self.lost.append(Remark(text, **values))


def take(question: Question, *, language: str, keep: Keep, weigh: str = ALWAYS) -> Taken:
    """Return a question as an item in a language; ``NotTaken`` says why it cannot be one.

    ``keep`` takes a picture and returns its name. ``weigh`` says when parts of points are kept:
    always; ``uneven``, where several right options that are worth the same are merely named as
    right, as in tables; or never, and the item is all right or no point.
    """
    maker = _MAKERS.get(question.kind)
    if maker is None:
        raise NotTaken(
            "a question of the type %(kind)s cannot be scored: make it a choice, or leave it out",
            kind=question.foreign_kind or question.kind,
        )
    intake = _Intake(question, language, keep, weigh)
    data = {
        "kind": question.kind,
        "stem": {language: intake.say(question.stem)},
        "difficulty": _DIFFICULTY.get(plain(question.difficulty or _tagged(question, LEVEL)), 2),
        "rationale": {language: intake.say(question.feedback)} if question.feedback else {},
        **maker(intake),
    }
    data |= _rule(question, data)
    _note_losses(intake)
    try:
        body = ItemBody.model_validate(data)
    except ValidationError as error:
        fault: Any = error.errors()[0]
        reason = fault.get("ctx", {}).get("error")
        if isinstance(reason, Refused):
            raise NotTaken(reason.text, **reason.values) from error
        raise NotTaken("it does not fit: %(reason)s", reason=fault["msg"]) from error
    names = category_names(question.category)
    return Taken(
        where=question.where,
        code=question.code,
        title=question.title,
        topic=names[-1] if names else "",
        body=body,
        lost=tuple(intake.lost),
        case=question.case,
        case_stem=intake.say(question.case_stem) if question.case_stem else "",
    )


def _note_losses(intake: _Intake) -> None:
    question = intake.question
    miss = intake.miss
    tags = [tag for tag in question.tags if not tag.startswith((RULE, LEVEL))]
    miss(tags, "tags are not kept: %(tags)s", tags=", ".join(tags))
    miss(question.penalty, "the penalty is not kept: a test has no second try at a question")
    miss(question.grade not in (None, 1), "points are not kept: every item is worth one")
    miss(question.case_sensitive, "capitals do not matter here")
    miss(question.shuffle is False, "the order of options is not kept: it is drawn for each person")
    miss(
        question.difficulty and plain(question.difficulty) not in _DIFFICULTY,
        "the difficulty “%(said)s” is none of easy, normal, hard",
        said=question.difficulty,
    )


def _rule(question: Question, data: dict[str, Any]) -> dict[str, Any]:
    """A tag may say by which rule an item is scored: no format has a place for that."""
    rule = _tagged(question, RULE)
    if not rule:
        return {}
    weights = data.get("weights") or _shares(question, data) if rule == WEIGHTS else {}
    return {"scoring": rule, "weights": weights}


def _tagged(question: Question, prefix: str) -> str:
    found = (tag.removeprefix(prefix) for tag in question.tags if tag.startswith(prefix))
    return next(found, "")


def _shares(question: Question, data: dict[str, Any]) -> dict[str, Decimal]:
    names = [one["id"] for one in data.get("options", ())]
    return {
        name: option.credit / 100 for name, option in zip(names, question.options, strict=False)
    }


def _choice(intake: _Intake) -> dict[str, Any]:
    options = intake.question.options
    made = intake.options(options, map(letter, count()))
    worth = {one["id"]: option.credit / 100 for one, option in zip(made, options, strict=True)}
    best = max(option.credit for option in options)
    right = [name for name, share in worth.items() if share > 0]
    if intake.question.kind == "single":
        right = [next(name for name, share in worth.items() if share * 100 == best)]
    plain_single = sum(share != 0 for share in worth.values()) == 1 and best == FULL
    even = {abs(share) for share in worth.values() if share} == {worth[right[0]]}
    named = intake.weigh == UNEVEN and even and min(worth.values()) == 0
    trivial = plain_single if intake.question.kind == "single" else named
    if intake.weigh == NEVER or trivial:
        return {"options": made, "key": right, "scoring": ALL}
    return {"options": made, "key": right, "scoring": WEIGHTS, "weights": worth}


def _series(intake: _Intake) -> dict[str, Any]:
    options = intake.question.options
    made = intake.options(options, map(letter, count()))
    pairs = {
        one["id"]: TRUE if option.credit == FULL else FALSE
        for one, option in zip(made, options, strict=True)
    }
    return {"options": made, "pairs": pairs}


def _matching(intake: _Intake) -> dict[str, Any]:
    names = map(letter, count())
    matches: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    pairs: dict[str, str] = {}
    for pair in intake.question.pairs:
        if pair.right not in matches:
            matches[pair.right] = next(names).upper()
        if pair.left.text or pair.left.files:
            row = f"{len(rows) + 1}"
            rows.append({"id": row, "text": {intake.language: intake.say(pair.left)}})
            pairs[row] = matches[pair.right]
    choices = [
        {"id": name, "text": {intake.language: intake.say(Text(right, "plain"))}}
        for right, name in matches.items()
    ]
    return {"options": rows, "choices": choices, "pairs": pairs}


def _ordering(intake: _Intake) -> dict[str, Any]:
    made = intake.options(intake.question.options, map(letter, count()))
    return {
        "options": made,
        "pairs": {one["id"]: str(place) for place, one in enumerate(made, start=1)},
    }


def _numeric(intake: _Intake) -> dict[str, Any]:
    every = intake.question.numbers
    numbers = [each for each in every if each.value is not None]
    intake.miss(len(numbers) < len(every), "what any other number earns is not kept")
    intake.miss(any(each.feedback for each in numbers), "what is said of a number is not kept")
    units = [unit for unit in intake.question.units if unit.multiplier == 1]
    intake.miss(
        len(intake.question.units) > len(units[:1]),
        "an answer is given in one unit; the others are not kept",
    )
    keys = {
        f"{write_decimal(each.value)} ± {write_decimal(each.tolerance)}": each
        for each in numbers
        if each.value is not None
    }
    whole = [key for key, each in keys.items() if each.credit == FULL]
    data: dict[str, Any] = {"unit": {intake.language: units[0].name} if units else {}}
    if len(keys) == 1 or intake.weigh == NEVER:
        first = keys[whole[0]] if whole else numbers[0]
        intake.miss(len(keys) > 1, "only the number worth all points is kept")
        return {
            **data,
            "key": [write_decimal(first.value or Decimal(0))],
            "tolerance": write_decimal(first.tolerance),
        }
    weights = {key: each.credit / 100 for key, each in keys.items()}
    return {**data, "key": list(keys), "scoring": WEIGHTS, "weights": weights}


def _text(intake: _Intake) -> dict[str, Any]:
    options = intake.question.options
    intake.miss(any(option.feedback for option in options), "what is said of a wording is not kept")
    worth = {option.text.text: option.credit / 100 for option in options if option.credit > 0}
    intake.miss(len(worth) < len(options), "wordings that earn nothing are not kept")
    if intake.weigh != NEVER and any(share != 1 for share in worth.values()):
        return {"key": list(worth), "scoring": WEIGHTS, "weights": worth}
    return {"key": list(worth)}


def _dropdown(intake: _Intake) -> dict[str, Any]:
    stem = intake.say(intake.question.stem)
    rows, choices, pairs = [], [], {}
    for number, gap in enumerate(intake.question.gaps, start=1):
        name = f"g{number}"
        stem = stem.replace(f"\\[\\[{number}\\]\\]", f"[[{number}]]").replace(
            f"[[{number}]]", f"[[{name}]]"
        )
        names = (f"{name}-{place}" for place in count(1))
        made = intake.options(gap.options, names)
        rows.append({"id": name, "text": {intake.language: name}})
        choices += [{**one, "gap": name} for one in made]
        credits = [option.credit for option in gap.options]
        pairs[name] = made[credits.index(FULL)]["id"]
    return {"stem": {intake.language: stem}, "options": rows, "choices": choices, "pairs": pairs}


_MAKERS: dict[str, Callable[[_Intake], dict[str, Any]]] = {
    "single": _choice,
    "multiple": _choice,
    "series": _series,
    "matching": _matching,
    "ordering": _ordering,
    "numeric": _numeric,
    "text": _text,
    "dropdown": _dropdown,
}
