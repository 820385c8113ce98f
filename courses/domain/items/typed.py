"""Typing a number or a few words. A response is a string."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from courses.domain.items.kind import Kind, read_typed
from courses.domain.items.reading import is_close, is_like, read_number
from courses.domain.items.refusals import NotAnItem, UnreadableResponse
from courses.domain.items.rules import ALL, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from courses.domain.items.body import ItemBody


class Typed(Kind):
    """One line; the key holds what is accepted, weights what each wording of it is worth."""

    rules: ClassVar[tuple[str, ...]] = (ALL, WEIGHTS)

    def check(self, body: ItemBody) -> None:
        if body.options:
            raise NotAnItem("a short-text item has no options")

    def read(self, body: ItemBody, raw: Any) -> str:
        return read_typed(raw)

    def accepted(self, body: ItemBody, value: str, language: str) -> Iterator[str]:
        """Yield the wordings of the key that a response meets."""
        wordings = (*body.key, *body.local_key.get(language, ()))
        return (wording for wording in wordings if is_like(value, wording))

    def decide(self, body: ItemBody, value: Any, language: str) -> list[bool | None]:
        if not value:
            return [None]
        return [any(True for _wording in self.accepted(body, str(value), language))]

    def credit(self, body: ItemBody, value: Any, language: str) -> Fraction:
        """With weights the best wording that is met counts; one without a weight is worth all."""
        if body.scoring != WEIGHTS or not value:
            return super().credit(body, value, language)
        met = self.accepted(body, str(value), language)
        return max((Fraction(body.weights.get(wording, 1)) for wording in met), default=Fraction(0))

    def answer(self, body: ItemBody, *, right: bool) -> str:
        return body.key[0].replace("\\*", "*") if right else "not known"

    def mistakes(self, body: ItemBody) -> Iterator[str]:
        """What a hurried hand makes of a key, and what stands for knowing nothing."""
        for key in (body.key[0], body.key[-1]):
            word = key.replace("*", "").strip()
            yield from (f"{word}s", f"pg_{word}", word[1:], word[:-2], word.replace("_", " "))
        yield self.answer(body, right=False)


class ShortText(Typed):
    """A few words, compared without regard to case and spaces."""

    name: ClassVar[str] = "text"


class Numeric(Typed):
    """A number within a tolerance, in a unit that is told."""

    name: ClassVar[str] = "numeric"

    def check(self, body: ItemBody) -> None:
        said = [part for key in body.key for part in split_tolerance(key, body.tolerance)]
        if body.options or None in map(read_number, (*said, body.tolerance)):
            raise NotAnItem("key and tolerance must be numbers, such as 16 or 0.5")
        if len(body.key) > 1 and body.scoring != WEIGHTS:
            raise NotAnItem("a numeric item has one number as its key and no options")

    def read(self, body: ItemBody, raw: Any) -> str:
        answer = super().read(body, raw)
        if answer and read_number(answer) is None:
            raise UnreadableResponse(
                "“%(answer)s” is not a number; write for example 16 or 0.5", answer=answer
            )
        return answer

    def accepted(self, body: ItemBody, value: str, language: str) -> Iterator[str]:
        return (key for key in body.key if is_close(value, *split_tolerance(key, body.tolerance)))

    def answer(self, body: ItemBody, *, right: bool) -> str:
        number = split_tolerance(body.key[0], body.tolerance)[0]
        return number if right else str(float(read_number(number) or 0) * 2 + 100)

    def mistakes(self, body: ItemBody) -> Iterator[str]:
        """Half, double, a place too many or too few, one beside it."""
        number = read_number(split_tolerance(body.key[0], body.tolerance)[0]) or Decimal(0)
        for wrong in (number * 2, number / 2, number * 10, number / 10, number + 1, number - 1):
            yield f"{wrong.normalize():f}"
        yield self.answer(body, right=False)


def split_tolerance(key: str, tolerance: str) -> tuple[str, str]:
    """A number may have a tolerance of its own: 16 ± 0.5."""
    number, sign, own = (part.strip() for part in key.partition("±"))
    return number, own if sign else tolerance
