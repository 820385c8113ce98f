"""Answers as an editor types them: one on a line, what is right marked where it stands.

* text                      a right option; without the star a wrong one
* 50% text ## why           what it is worth, and why it is right or wrong
+ text  /  - text           a statement that is true, or false
row = match                 a pair; a line that begins with = is a match too many
text                        a line to be put in order: they are typed in the right one
gap: *right | wrong         the choices of the gap that the question marks as [[gap]]
* 10 20 30 15: name         a place in the picture: left, top, width, height in percent

A backslash takes a mark its meaning, as it does in Markdown; ``⏎`` stands for a new line.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from string import ascii_lowercase

from courses.domain.items import Area, ItemBody, Option, Refused
from courses.domain.items.pairs import FALSE, TRUE
from courses.domain.items.rules import WEIGHTS

MARK, WHY, PAIRED, BREAK = "*", " ## ", " = ", "⏎"
_WEIGHT = re.compile(r"(-?\d{1,3}(?:[.,]\d+)?)\s*%\s+(.*)")
_PLACE = re.compile(r"([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*:\s*(.*)")


class TypedWrongly(Refused):
    """What was typed cannot be an item; the message says what would be right."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What lines say, with texts in one language or, once joined, in several."""

    options: tuple[Option, ...] = ()
    choices: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()
    pairs: dict[str, str] = field(default_factory=dict)
    weights: dict[str, Decimal] = field(default_factory=dict)


def read_answers(kind: str, lines: str, language: str, *, weighted: bool = False) -> Answers:
    """Return what an editor typed for a kind that has options or rows; ``TypedWrongly``.

    Only where answers are ``weighted`` does a percent at the beginning say what one is worth.
    """
    return _READERS[kind](read_lines(lines), language, weighted)


def write_answers(body: ItemBody, language: str) -> str:
    """Return an item's answers as ``read_answers`` reads them."""
    return "\n".join(_WRITERS[body.kind](body, language))


def has_answers(kind: str) -> bool:
    """Whether a kind has options or rows; the others have accepted numbers or wordings."""
    return kind in _READERS


def join_answers(main: Answers, others: Mapping[str, Answers], default: str) -> Answers:
    """Join the answers of several languages line by line."""
    joined = main
    for language, other in others.items():
        counts = (len(other.options), len(other.choices))
        if counts != (len(main.options), len(main.choices)):
            raise TypedWrongly(
                "%(language)s: %(given)s options, %(main)s has %(wanted)s",
                language=language,
                given=str(sum(counts)),
                main=default,
                wanted=str(len(main.options) + len(main.choices)),
            )
        joined = replace(
            joined,
            options=_join(joined.options, other.options),
            choices=_join(joined.choices, other.choices),
        )
    return joined


def read_lines(text: str) -> Sequence[str]:
    """Return the lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_key(lines: str, *, weighted: bool = False) -> tuple[tuple[str, ...], dict[str, Decimal]]:
    """Return accepted numbers or wordings, and what those are worth that say so: “50% text”."""
    key, weights = [], {}
    for line in read_lines(lines):
        weight = _WEIGHT.fullmatch(line) if weighted else None
        key.append(weight[2] if weight else line)
        if weight:
            weights[weight[2]] = _share(weight[1])
    return tuple(key), weights


def write_key(body: ItemBody) -> str:
    """Return a key as ``read_key`` reads it."""
    return "\n".join(
        f"{_percent(body.weights[one])}% {one}" if one in body.weights else one for one in body.key
    )


def _share(percent: str) -> Decimal:
    return Decimal(percent.replace(",", ".")) / 100


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}"


def _join(options: Sequence[Option], others: Sequence[Option]) -> tuple[Option, ...]:
    return tuple(
        one.model_copy(
            update={
                "text": {**one.text, **other.text},
                "rationale": {**one.rationale, **other.rationale},
            }
        )
        for one, other in zip(options, others, strict=True)
    )


def letter(number: int) -> str:
    """Name the options of an item: a, b … z, a1, b1 …"""
    turn, place = divmod(number, len(ascii_lowercase))
    return f"{ascii_lowercase[place]}{turn or ''}"


def _option(name: str, text: str, language: str, **more: object) -> Option:
    said, _sign, why = (part.replace(BREAK, "\n") for part in text.partition(WHY))
    if not said.strip():
        raise TypedWrongly("line %(name)s is empty: write an answer there", name=name)
    reason = {language: why.strip()} if why.strip() else {}
    return Option.model_validate(
        {"id": name, "text": {language: said}, "rationale": reason, **more}
    )


def _read_choice(lines: Sequence[str], language: str, weighted: bool) -> Answers:
    return _read_marked(lines, lambda name, text: _option(name, text, language), weighted)


def _read_hotspot(lines: Sequence[str], language: str, weighted: bool) -> Answers:
    def place(name: str, text: str) -> Option:
        found = _PLACE.fullmatch(text)
        if not found or any(number.count(".") > 1 for number in found.groups()[:4]):
            raise TypedWrongly(
                "“%(line)s” should read like “10 20 30 15: name”: left, top, width, height in"
                " percent",
                line=text,
            )
        numbers = dict(zip(("x", "y", "width", "height"), found.groups(), strict=False))
        return _option(name, found[5], language, area=Area.model_validate(numbers))

    return _read_marked(lines, place, weighted)


def _read_marked(
    lines: Sequence[str], make: Callable[[str, str], Option], weighted: bool
) -> Answers:
    options, key, weights = [], [], {}
    for number, line in enumerate(lines):
        name, text = letter(number), line.removeprefix(MARK).strip()
        if line.startswith(MARK):
            key.append(name)
        if weighted and (weight := _WEIGHT.fullmatch(text)):
            weights[name], text = _share(weight[1]), weight[2]
        options.append(make(name, text))
    return Answers(options=tuple(options), key=tuple(key), weights=weights)


def _read_series(lines: Sequence[str], language: str, weighted: bool) -> Answers:
    options, pairs = [], {}
    for number, line in enumerate(lines):
        if line[0] not in "+-−":
            raise TypedWrongly("“%(line)s” should begin with + (true) or - (false)", line=line)
        options.append(_option(letter(number), line[1:], language))
        pairs[letter(number)] = TRUE if line[0] == "+" else FALSE
    return Answers(options=tuple(options), pairs=pairs)


def _read_matching(lines: Sequence[str], language: str, weighted: bool) -> Answers:
    rows: list[Option] = []
    pairs: dict[str, str] = {}
    matches: dict[str, str] = {}
    for line in lines:
        row, sign, match = f" {line} ".partition(PAIRED)
        if not sign or not match.strip():
            raise TypedWrongly("“%(line)s” should read like “row = match”", line=line)
        name = matches.setdefault(match.strip(), letter(len(matches)).upper())
        if row.strip():
            pairs[letter(len(rows))] = name
            rows.append(_option(letter(len(rows)), row, language))
    choices = tuple(_option(name, match, language) for match, name in matches.items())
    return Answers(options=tuple(rows), choices=choices, pairs=pairs)


def _read_ordering(lines: Sequence[str], language: str, weighted: bool) -> Answers:
    options = tuple(_option(letter(n), line, language) for n, line in enumerate(lines))
    return Answers(
        options=options, pairs={option.id: str(n) for n, option in enumerate(options, start=1)}
    )


def _read_dropdown(lines: Sequence[str], language: str, weighted: bool) -> Answers:
    rows, choices, pairs = [], [], {}
    for line in lines:
        gap, _colon, listed = (part.strip() for part in line.partition(":"))
        texts = [part.strip() for part in re.split(r"(?<!\\)\|", listed)]
        right = [number for number, text in enumerate(texts) if text.startswith(MARK)]
        if not gap.isidentifier() or len(right) != 1:
            raise TypedWrongly("“%(line)s” should read like “gap: *right | wrong”", line=line)
        rows.append(_option(gap, gap, language))
        pairs[gap] = f"{gap}-{right[0] + 1}"
        choices += [
            _option(f"{gap}-{number}", text.removeprefix(MARK), language, gap=gap)
            for number, text in enumerate(texts, start=1)
        ]
    return Answers(options=tuple(rows), choices=tuple(choices), pairs=pairs)


_READERS: dict[str, Callable[[Sequence[str], str, bool], Answers]] = {
    "single": _read_choice,
    "multiple": _read_choice,
    "hotspot": _read_hotspot,
    "series": _read_series,
    "matching": _read_matching,
    "ordering": _read_ordering,
    "dropdown": _read_dropdown,
}


def _say(option: Option, language: str) -> str:
    why = option.rationale.get(language, "").replace("\n", BREAK)
    return _text(option, language) + (WHY + why if why else "")


def _text(option: Option, language: str, mark: str = "") -> str:
    """A text with a backslash before what would be read as a mark."""
    text = option.text.get(language, "").replace("\n", BREAK).replace(WHY, " \\## ")
    if mark:
        text = re.sub(rf"(?<!\\){re.escape(mark)}", lambda found: _escape(found[0]), text)
    return f"\\{text}" if text.startswith(MARK) else text


def _escape(mark: str) -> str:
    return mark.replace(mark.strip(), f"\\{mark.strip()}")


def _write_choice(body: ItemBody, language: str) -> Iterator[str]:
    for option in body.options:
        yield _write_mark(body, option) + _say(option, language)


def _write_mark(body: ItemBody, option: Option) -> str:
    mark = f"{MARK} " if option.id in body.key else ""
    if body.scoring != WEIGHTS:
        return mark
    return f"{mark}{_percent(body.weights.get(option.id, Decimal(0)))}% "


def _write_hotspot(body: ItemBody, language: str) -> Iterator[str]:
    for option in body.options:
        area = option.area
        place = f"{area.x:f} {area.y:f} {area.width:f} {area.height:f}: " if area else ""
        yield _write_mark(body, option) + place + _say(option, language)


def _write_series(body: ItemBody, language: str) -> Iterator[str]:
    for option in body.options:
        yield f"{'+' if body.pairs[option.id] == TRUE else '-'} {_say(option, language)}"


def _write_matching(body: ItemBody, language: str) -> Iterator[str]:
    matches = {choice.id: _text(choice, language, PAIRED) for choice in body.choices}
    for option in body.options:
        yield _text(option, language, PAIRED) + PAIRED + matches[body.pairs[option.id]]
    for choice in body.choices:
        if choice.id not in body.pairs.values():
            yield f"= {matches[choice.id]}"


def _write_ordering(body: ItemBody, language: str) -> Iterator[str]:
    for option in sorted(body.options, key=lambda option: int(body.pairs[option.id])):
        yield _say(option, language)


def _write_dropdown(body: ItemBody, language: str) -> Iterator[str]:
    for option in body.options:
        texts = (
            (MARK if choice.id == body.pairs[option.id] else "") + _text(choice, language, "|")
            for choice in body.choices
            if choice.gap == option.id
        )
        yield f"{option.id}: {' | '.join(texts)}"


_WRITERS: dict[str, Callable[[ItemBody, str], Iterator[str]]] = {
    "single": _write_choice,
    "multiple": _write_choice,
    "hotspot": _write_hotspot,
    "series": _write_series,
    "matching": _write_matching,
    "ordering": _write_ordering,
    "dropdown": _write_dropdown,
    "numeric": lambda body, language: iter(()),
    "text": lambda body, language: iter(()),
}
