"""Reads the rows of a table as questions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.question import (
    FULL,
    NONE,
    Format,
    Option,
    Question,
    Text,
    clean,
    find_format,
    one_line,
    true_or_false,
)
from courses.domain.formats.reading import Collector, Reading, Remark
from courses.domain.formats.sheet import words
from courses.domain.formats.sheet.cells import (
    find_right,
    read_gap,
    read_numbers,
    read_pair,
    read_units,
    read_wordings,
    share,
)
from courses.domain.formats.sheet.details import read_details
from courses.domain.formats.sheet.mapping import Mapping
from courses.domain.items import read_number

MAX_CELL = 32_767  # what Excel puts into one

Row = tuple[int, Sequence[object]]


@dataclass(frozen=True)
class Cells:
    """A row by its fields, with the options and what is said about them by their places."""

    where: int
    fields: Dict[str, str]
    options: tuple[tuple[int, str], ...]
    told: Dict[int, str]
    mapping: Mapping

    def get(self, field: str) -> str:
        """Return the text of a field, empty if there is none."""
        return self.fields.get(field, "")

    @property
    def markup(self) -> Format:
        """Return the format of the row's texts, plain where none is named."""
        named = find_format(self.get(words.FORMAT) or "plain")
        if named is None:
            raise NotAQuestion("a text is written in html, markdown, moodle or plain")
        return named


def read_rows(rows: Iterable[Row], mapping: Mapping) -> Reading:
    """Return the questions of numbered rows, the header left out."""
    mapping.check()
    collector, unused = Collector(), set[int]()
    for number, raw in rows:
        cells = [clean(_to_text(cell)) for cell in raw]
        if not any(cells):
            continue
        columns = (*mapping.columns, *[""] * (len(cells) - len(mapping.columns)))
        pairs = list(zip(columns, cells, strict=False))
        unused |= {place for place, (field, cell) in enumerate(pairs, 1) if cell and not field}
        _read_row(to_cells(number, pairs, mapping), collector)
    for place in sorted(unused):
        collector.note(0, Remark("column %(number)s is not read", number=str(place)))
    return collector.finish()


def _to_text(cell: object) -> str:
    """Return a cell as it is seen: workbooks hold whole numbers as fractions."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def to_cells(number: int, pairs: Iterable[tuple[str, str]], mapping: Mapping) -> Cells:
    """Return a row's cells by field; options and what is said of them by their places."""
    named = list(pairs)
    options = [cell for field, cell in named if field == words.OPTION]
    told = [cell for field, cell in named if field == words.TOLD]
    return Cells(
        where=number,
        fields={field: cell for field, cell in named if field and cell},
        options=tuple((place, text) for place, text in enumerate(options) if text),
        told={place: text for place, text in enumerate(told) if text},
        mapping=mapping,
    )


def _read_row(cells: Cells, collector: Collector) -> None:
    try:
        texts = (*cells.fields.values(), *dict(cells.options).values(), *cells.told.values())
        if any(len(text) > MAX_CELL for text in texts):
            raise NotAQuestion("a cell is longer than a spreadsheet's: shorten the text")
        collector.take(_complete(cells, collector))
    except NotAQuestion as reason:
        collector.reject(cells.where, cells.get(words.STEM) or cells.get(words.CODE), reason)


def _complete(cells: Cells, collector: Collector) -> Question:
    """Return the question of a row, with the details that its columns cannot show."""
    details = cells.get(words.DETAILS)
    try:
        shown = read_cells(cells)
    except NotAQuestion:
        whole = read_details(details, None) if details else None
        if whole is None:
            raise
        return replace(whole, where=cells.where)
    whole = read_details(details, shown) if details else None
    if details and whole is None:
        changed = Remark("the details are of another form of this row and are not kept")
        collector.note(cells.where, changed)
    if unused := _find_unused(cells):
        out_of_place = Remark(
            "this kind of question does not read %(names)s", names=", ".join(unused)
        )
        collector.note(cells.where, out_of_place)
    return whole or shown


def _find_unused(cells: Cells) -> list[str]:
    used = _USED[_find_kind(cells)]
    fields = (words.OPTION, words.RIGHT, words.TOLERANCE, words.UNIT)
    return [words.HEADS[field][0] for field in fields if cells.get(field) and field not in used]


def read_cells(cells: Cells) -> Question:
    """Return the question the columns say."""
    kind = _find_kind(cells)
    details = _KINDS[kind](cells)
    places = {place for place, _ in cells.options} if words.OPTION in _USED[kind] else set()
    if set(cells.told) - (places or ({0, 1} if kind == "truth" else set())):
        raise NotAQuestion("an explanation belongs to an option that is not there")
    rationale, shared = cells.get(words.RATIONALE), cells.get(words.CASE_STEM)
    return Question(
        kind=details.pop("kind", kind),
        stem=Text(cells.get(words.STEM), cells.markup),
        title=one_line(cells.get(words.TITLE)),
        code=one_line(cells.get(words.CODE)),
        category=one_line(cells.get(words.TOPIC)),
        tags=tuple(filter(None, map(one_line, cells.get(words.TAGS).split(",")))),
        language=one_line(cells.get(words.LANGUAGE)),
        difficulty=one_line(cells.get(words.DIFFICULTY)),
        feedback=Text(rationale, cells.markup) if rationale else None,
        case=one_line(cells.get(words.CASE)),
        case_stem=Text(shared, cells.markup) if shared else None,
        where=cells.where,
        **details,
    )


def _find_kind(cells: Cells) -> str:
    """Return the kind by its word, or by what the row has."""
    written = cells.get(words.KIND)
    kind = words.KIND_OF_WORD.get(words.plain(written)) if written else ""
    if kind is None:
        raise NotAQuestion(
            "“%(kind)s” is no kind of question: write single, multiple, matching, ordering, "
            "numeric, text, dropdown, essay, description, series or true/false",
            kind=written[:40],
        )
    return _guess_kind(cells) if kind in {"", "choice"} else kind


def _guess_kind(cells: Cells) -> str:
    right = cells.get(words.RIGHT)
    if not right:
        raise NotAQuestion("the right answer is missing: name it, or say what kind this is")
    if cells.options:
        return "single" if len(find_right(right, cells.options, cells.mapping)) == 1 else "multiple"
    if words.plain(right) in map(words.plain, (*words.TRUE_WORDS, *words.FALSE_WORDS)):
        return "truth"
    return "text" if read_number(right[:100]) is None else "numeric"


def _option(cells: Cells, place: int, text: str, credit: Decimal) -> Option:
    told = cells.told.get(place)
    return Option(Text(text, cells.markup), credit, Text(told, cells.markup) if told else None)


def _read_single(cells: Cells) -> dict[str, Any]:
    return {"options": tuple(_read_choice(cells, FULL))}


def _read_multiple(cells: Cells) -> dict[str, Any]:
    right = find_right(cells.get(words.RIGHT), cells.options, cells.mapping)
    return {"options": tuple(_read_choice(cells, share(len(right) or 1)))}


def _read_choice(cells: Cells, usual: Decimal) -> Iterator[Option]:
    right = find_right(cells.get(words.RIGHT), cells.options, cells.mapping)
    for place, text in cells.options:
        percent = right.get(place, NONE)
        yield _option(cells, place, text, usual if percent is None else percent)


def _read_series(cells: Cells) -> dict[str, Any]:
    """Read statements; a dash says that none of them is true."""
    cell = cells.get(words.RIGHT)
    right = {} if cell in {"-", "–", "—"} else find_right(cell, cells.options, cells.mapping)
    if not cell:
        raise NotAQuestion("name the true statements by letter, or write - if none is true")
    options = [
        _option(cells, place, text, FULL if place in right else NONE)
        for place, text in cells.options
    ]
    return {"options": tuple(options)}


def _read_truth(cells: Cells) -> dict[str, Any]:
    word = words.plain(cells.get(words.RIGHT))
    is_true = word in map(words.plain, words.TRUE_WORDS)
    if not is_true and word not in map(words.plain, words.FALSE_WORDS):
        raise NotAQuestion("the right answer of a true-false question is true or false")
    told = [Text(cells.told[n], cells.markup) if n in cells.told else None for n in (0, 1)]
    return {
        "kind": "single",
        "options": true_or_false(is_true, if_true=told[0], if_false=told[1]),
    }


def _read_ordering(cells: Cells) -> dict[str, Any]:
    """Read things in the right order, or in the order their letters are named in."""
    cell = cells.get(words.RIGHT)
    texts = dict(cells.options)
    order = list(find_right(cell, cells.options, cells.mapping)) if cell else list(texts)
    if len(order) != len(texts):
        raise NotAQuestion("name every thing once in the right order, or leave the cell empty")
    return {"options": tuple(_option(cells, place, texts[place], NONE) for place in order)}


def _read_matching(cells: Cells) -> dict[str, Any]:
    return {"pairs": tuple(read_pair(text, cells.markup) for _, text in cells.options)}


def _read_numeric(cells: Cells) -> dict[str, Any]:
    numbers = read_numbers(cells.get(words.RIGHT), cells.get(words.TOLERANCE))
    return {"numbers": tuple(numbers), "units": read_units(cells.get(words.UNIT))}


def _read_text(cells: Cells) -> dict[str, Any]:
    return {"options": read_wordings(cells.get(words.RIGHT))}


def _read_dropdown(cells: Cells) -> dict[str, Any]:
    return {"gaps": tuple(read_gap(text, cells.markup) for _, text in cells.options)}


def _read_nothing(cells: Cells) -> dict[str, Any]:
    return {}


_CHOICE = frozenset({words.OPTION, words.RIGHT})
_USED: Dict[str, frozenset[str]] = {
    "single": _CHOICE,
    "multiple": _CHOICE,
    "truth": frozenset({words.RIGHT}),
    "series": _CHOICE,
    "ordering": _CHOICE,
    "matching": frozenset({words.OPTION}),
    "numeric": frozenset({words.RIGHT, words.TOLERANCE, words.UNIT}),
    "text": frozenset({words.RIGHT}),
    "dropdown": frozenset({words.OPTION}),
    "essay": frozenset(),
    "description": frozenset(),
}
_KINDS: Dict[str, Callable[[Cells], dict[str, Any]]] = {
    "single": _read_single,
    "multiple": _read_multiple,
    "truth": _read_truth,
    "series": _read_series,
    "ordering": _read_ordering,
    "matching": _read_matching,
    "numeric": _read_numeric,
    "text": _read_text,
    "dropdown": _read_dropdown,
    "essay": _read_nothing,
    "description": _read_nothing,
}
