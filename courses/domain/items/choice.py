"""Choosing among options: one, several, or places in a picture."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from courses.domain.items.kind import Kind, check_ids
from courses.domain.items.refusals import NotAnItem, UnreadableResponse
from courses.domain.items.rules import ALL, EACH, MINUS, WEIGHTS, grade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from courses.domain.items.body import ItemBody


_NEARLY = Fraction(9999, 10000)


class MultipleResponse(Kind):
    """Several options may be right. A response is a sorted list of option ids."""

    name: ClassVar[str] = "multiple"
    rules: ClassVar[tuple[str, ...]] = (ALL, EACH, MINUS, WEIGHTS)
    drawn_from: ClassVar[str] = "options"

    def check(self, body: ItemBody) -> None:
        check_ids(body.options, least=2)
        ids = [option.id for option in body.options]
        if strange := [letter for letter in body.key if letter not in ids]:
            raise NotAnItem(
                "the key names %(strange)s, the options are %(known)s",
                strange=", ".join(strange),
                known=", ".join(ids),
            )

    def read(self, body: ItemBody, raw: Any) -> list[str]:
        chosen = [raw] if isinstance(raw, str) and raw else raw or []
        known = {option.id for option in body.options}
        if not isinstance(chosen, list) or not all(isinstance(letter, str) for letter in chosen):
            raise UnreadableResponse("an answer is a list of options")
        if not set(chosen) <= known:
            raise UnreadableResponse("this item has no such option")
        return sorted(set(chosen))

    def decide(self, body: ItemBody, value: Any, language: str) -> list[bool | None]:
        if not value:
            return [None] * len(body.options)
        return [(option.id in value) == (option.id in body.key) for option in body.options]

    def credit(self, body: ItemBody, value: Any, language: str) -> Fraction:
        """Weights are added up and held between 0 and 1; a blank response is worth nothing."""
        if body.scoring == WEIGHTS:
            weights = [Fraction(body.weights.get(letter, 0)) for letter in value or ()]
            total = sum(weights, Fraction(0))
            # Three thirds are written as 33.333 %.
            return Fraction(1) if total > _NEARLY else max(Fraction(0), total)
        if body.scoring == MINUS:
            chosen = set(value or ())
            share = Fraction(len(chosen & set(body.key)) - len(chosen - set(body.key)))
            return max(Fraction(0), share / len(body.key))
        return grade(body.scoring, self.decide(body, value, language))

    def answer(self, body: ItemBody, *, right: bool) -> list[str]:
        wrong = [option.id for option in body.options if option.id not in body.key]
        return sorted(body.key) if right else (wrong[:1] or sorted(body.key)[:-1])

    def mistakes(self, body: ItemBody) -> Iterator[list[str]]:
        """One too many, one too few, one taken for another."""
        key, wrong = set(body.key), [one.id for one in body.options if one.id not in body.key]
        for letter in wrong:
            yield sorted({*key, letter})
            yield from (sorted({*key, letter} - {other}) for other in sorted(key))
        yield from (sorted(key - {other}) for other in sorted(key) if len(key) > 1)


class SingleChoice(MultipleResponse):
    """Exactly one option is right."""

    name: ClassVar[str] = "single"
    rules: ClassVar[tuple[str, ...]] = (ALL, WEIGHTS)

    def check(self, body: ItemBody) -> None:
        super().check(body)
        if len(body.key) != 1:
            raise NotAnItem("a single-choice item has exactly one right option")

    def read(self, body: ItemBody, raw: Any) -> list[str]:
        chosen = super().read(body, raw)
        if len(chosen) > 1:
            raise UnreadableResponse("this item has no such option")
        return chosen

    def mistakes(self, body: ItemBody) -> Iterator[list[str]]:
        return ([option.id] for option in body.options)


class Hotspot(MultipleResponse):
    """Places in a picture, each with a name, so that it needs neither eyes nor a mouse."""

    name: ClassVar[str] = "hotspot"
    drawn_from: ClassVar[str] = ""  # places stay where they are

    def check(self, body: ItemBody) -> None:
        super().check(body)
        if not body.picture:
            raise NotAnItem("a hotspot item needs a picture")
        if missing := [option.id for option in body.options if option.area is None]:
            raise NotAnItem("%(missing)s has no place in the picture", missing=", ".join(missing))
