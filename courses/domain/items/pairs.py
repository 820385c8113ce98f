"""Deciding row by row: statements, matches, positions, gaps. A response maps row to choice."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from courses.domain.items.kind import Kind, check_ids
from courses.domain.items.refusals import NotAnItem, UnreadableResponse
from courses.domain.items.rules import ADJACENT, ALL, EACH, MINUS, PAIRS, grade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from courses.domain.items.body import ItemBody

TRUE, FALSE = "true", "false"


class Pairs(Kind):
    """Rows are the options; what each may be paired with differs by kind."""

    rules: ClassVar[tuple[str, ...]] = (ALL, PAIRS, MINUS)
    least: ClassVar[int] = 2

    def choices(self, body: ItemBody, row: str) -> tuple[str, ...]:
        """Return the ids a row may be paired with, in the author's order."""
        return tuple(choice.id for choice in body.choices if choice.gap in ("", row))

    def check(self, body: ItemBody) -> None:
        check_ids(body.options, least=self.least)
        for row in (option.id for option in body.options):
            if body.pairs.get(row) not in self.choices(body, row):
                raise NotAnItem("say what %(row)s is paired with", row=row)
        if strange := sorted(set(body.pairs) - {option.id for option in body.options}):
            raise NotAnItem("there is no row %(rows)s", rows=", ".join(strange))

    def read(self, body: ItemBody, raw: Any) -> dict[str, str]:
        """Rows without a choice are left out."""
        if not isinstance(raw or {}, dict):
            raise UnreadableResponse("an answer names a choice for each row")
        given = {row: choice for row, choice in (raw or {}).items() if choice not in (None, "")}
        rows = {option.id for option in body.options}
        for row, choice in given.items():
            if row not in rows or choice not in self.choices(body, row):
                raise UnreadableResponse("this item has no such option")
        return {option.id: given[option.id] for option in body.options if option.id in given}

    def decide(self, body: ItemBody, value: Any, language: str) -> list[bool | None]:
        given = value or {}
        return [
            given[option.id] == body.pairs[option.id] if option.id in given else None
            for option in body.options
        ]

    def answer(self, body: ItemBody, *, right: bool) -> dict[str, str]:
        if right:
            return dict(body.pairs)
        first = body.options[0].id
        other = [one for one in self.choices(body, first) if one != body.pairs[first]]
        return {first: other[0]} if other else {}

    def mistakes(self, body: ItemBody) -> Iterator[dict[str, str]]:
        """One row wrong, or two taken for each other."""
        for row in body.pairs:
            yield from ({**body.pairs, row: one} for one in self.choices(body, row))
        for one, other in pairwise(body.pairs):
            if body.pairs[other] in self.choices(body, one):
                yield {**body.pairs, one: body.pairs[other], other: body.pairs[one]}


class Series(Pairs):
    """Statements that are true or false, each by itself."""

    name: ClassVar[str] = "series"
    rules: ClassVar[tuple[str, ...]] = (ALL, EACH, MINUS)

    def choices(self, body: ItemBody, row: str) -> tuple[str, ...]:
        return (TRUE, FALSE)


class Matching(Pairs):
    """Each row has its match; there may be more choices than rows."""

    name: ClassVar[str] = "matching"
    drawn_from: ClassVar[str] = "choices"

    def check(self, body: ItemBody) -> None:
        check_ids(body.choices, least=2)
        super().check(body)


class Dropdown(Pairs):
    """Gaps in the stem, written ``[[id]]``, each with choices of its own."""

    name: ClassVar[str] = "dropdown"
    drawn_from: ClassVar[str] = "choices"
    least: ClassVar[int] = 1

    def check(self, body: ItemBody) -> None:
        super().check(body)
        for row in (option.id for option in body.options):
            if len(self.choices(body, row)) < 2:
                raise NotAnItem("the gap %(row)s needs at least two choices", row=row)
            for language, stem in body.stem.items():
                if stem.count(f"[[{row}]]") != 1:
                    raise NotAnItem(
                        "the question must hold [[%(row)s]] once (%(language)s)",
                        row=row,
                        language=language,
                    )


class Ordering(Pairs):
    """Rows are put in order: each is paired with its position, from 1."""

    name: ClassVar[str] = "ordering"
    drawn_from: ClassVar[str] = "options"
    rules: ClassVar[tuple[str, ...]] = (ALL, ADJACENT)

    def choices(self, body: ItemBody, row: str) -> tuple[str, ...]:
        return tuple(str(position) for position in range(1, len(body.options) + 1))

    def check(self, body: ItemBody) -> None:
        super().check(body)
        if len(set(body.pairs.values())) < len(body.options):
            raise NotAnItem("two rows have the same position")

    def credit(self, body: ItemBody, value: Any, language: str) -> Fraction:
        """Adjacent pairs: the share of neighbours that rightly follow one another."""
        if body.scoring != ADJACENT:
            return super().credit(body, value, language)
        given = {row: int(position) for row, position in (value or {}).items()}
        if len(set(given.values())) < len(given):
            return grade(PAIRS, [False])  # two rows in one place stand in no order
        wanted = sorted(body.pairs, key=lambda row: int(body.pairs[row]))
        follows = [given.get(after, 0) - given.get(row, 0) == 1 for row, after in pairwise(wanted)]
        present = [row in given and after in given for row, after in pairwise(wanted)]
        return grade(PAIRS, [one and both for one, both in zip(follows, present, strict=True)])

    def answer(self, body: ItemBody, *, right: bool) -> dict[str, str]:
        if right:
            return dict(body.pairs)
        last = len(body.options) + 1
        return {row: str(last - int(position)) for row, position in body.pairs.items()}

    def mistakes(self, body: ItemBody) -> Iterator[dict[str, str]]:
        """Neighbours that changed places, or all of it the wrong way round."""
        order = sorted(body.pairs, key=lambda row: int(body.pairs[row]))
        for one, other in pairwise(order):
            yield {**body.pairs, one: body.pairs[other], other: body.pairs[one]}
        yield self.answer(body, right=False)
