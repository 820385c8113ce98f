"""A table of ratings from a panel that met on paper: which column is which, what each row says."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from courses.domain.angoff import MOST_ROUNDS

JUDGE, ITEM, ROUND, PERCENT = COLUMNS = ("judge", "item", "round", "percent")
_HEADS = {
    JUDGE: {"judge", "e-mail", "email", "judge e-mail", "эксперт", "почта", "ekspert", "sędzia"},
    ITEM: {"item", "code", "item code", "вопрос", "код", "pytanie", "kod"},
    ROUND: {"round", "раунд", "круг", "runda", "tura"},
    PERCENT: {"percent", "%", "rating", "процент", "procent", "ocena"},
}


class RatingRefused(Exception):
    """A row, or the whole table, says what cannot be a rating; the message says what would be."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


@dataclass(frozen=True)
class RatingRow:
    """What one row says."""

    row: int
    judge: str
    item: str
    round: int
    percent: int


@dataclass(frozen=True)
class RatingFault:
    """Where a table is wrong: ``row`` 1 is the header."""

    row: int
    field: str
    error: RatingRefused


def read_ratings(
    header: Sequence[str], rows: Iterable[tuple[int, tuple[str, ...]]]
) -> tuple[list[RatingRow], list[RatingFault]]:
    """Return the ratings of a table, and every fault in it."""
    places = {name: _find(name, header) for name in COLUMNS}
    lacking = [name for name, place in places.items() if place is None]
    if lacking:
        none = RatingRefused(
            "there is no such column: the columns are judge, item, round and percent"
        )
        return [], [RatingFault(1, name, none) for name in lacking]
    taken: list[RatingRow] = []
    faults: list[RatingFault] = []
    known: dict[tuple[str, str, int], int] = {}
    for number, cells in rows:
        texts = {name: _cell(cells, place) for name, place in places.items()}
        wrong = list(_judge_row(number, texts))
        if wrong:
            faults += wrong
            continue
        row = RatingRow(
            number, texts[JUDGE].casefold(), texts[ITEM], int(texts[ROUND]), _number(texts[PERCENT])
        )
        twin = known.setdefault((row.judge, row.item.casefold(), row.round), number)
        if twin != number:
            twice = RatingRefused(
                "this judge rates this item in this round at row %(row)s already: keep one of them",
                row=twin,
            )
            faults.append(RatingFault(number, ITEM, twice))
            continue
        taken.append(row)
    return taken, faults


def _find(name: str, header: Sequence[str]) -> int | None:
    heads = [head.strip().casefold() for head in header]
    return next((place for place, head in enumerate(heads) if head in _HEADS[name]), None)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _number(text: str) -> int:
    return int(text.removesuffix("%").strip())


def _judge_row(number: int, texts: dict[str, str]) -> Iterator[RatingFault]:
    if "@" not in texts[JUDGE]:
        refusal = RatingRefused("the judge's e-mail address is needed, such as dee@example.com")
        yield RatingFault(number, JUDGE, refusal)
    if not texts[ITEM]:
        yield RatingFault(number, ITEM, RatingRefused("the code of the item is needed"))
    if not _is_between(texts[ROUND], 1, MOST_ROUNDS):
        refusal = RatingRefused("the round is a number from 1 to %(most)s", most=MOST_ROUNDS)
        yield RatingFault(number, ROUND, refusal)
    if not _is_between(texts[PERCENT].removesuffix("%").strip(), 0, 100):
        refusal = RatingRefused("a rating is a whole number from 0 to 100")
        yield RatingFault(number, PERCENT, refusal)


def _is_between(text: str, least: int, most: int) -> bool:
    is_number = text.isascii() and text.isdecimal() and len(text) < 4
    return is_number and least <= int(text) <= most
