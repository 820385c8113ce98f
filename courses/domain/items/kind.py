"""What every kind of item answers; one module a kind, all of one shape."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from courses.domain.items.reading import MAX_TEXT
from courses.domain.items.refusals import NotAnItem, UnreadableResponse
from courses.domain.items.rules import ALL, grade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from courses.domain.items.body import ItemBody, Option


class Kind(ABC):
    """A kind: what a body of it must be, how a response is read, and what it is worth."""

    name: ClassVar[str]
    rules: ClassVar[tuple[str, ...]] = (ALL,)
    # The list of a body that is shown in an order drawn for the attempt, if there is one.
    drawn_from: ClassVar[str] = ""  # "options" or "choices"

    @abstractmethod
    def check(self, body: ItemBody) -> None:
        """Raise ``NotAnItem`` unless the body fits."""

    @abstractmethod
    def read(self, body: ItemBody, raw: Any) -> Any:
        """Turn what a browser sent into a stored response, or raise ``UnreadableResponse``."""

    @abstractmethod
    def decide(self, body: ItemBody, value: Any, language: str) -> list[bool | None]:
        """Judge each decision of a stored response; ``None`` where there is none."""

    @abstractmethod
    def answer(self, body: ItemBody, *, right: bool) -> Any:
        """Return a response that is right, or one that is wrong."""

    @abstractmethod
    def mistakes(self, body: ItemBody) -> Iterator[Any]:
        """Yield responses as people give them who do not know; one may happen to be right."""

    def slips(self, body: ItemBody) -> list[Any]:
        """Return different responses that are not worth all of the item, in whatever language."""
        languages = ("", *body.local_key)
        found: list[Any] = []
        for value in self.mistakes(body):
            worth = max(self.credit(body, value, language) for language in languages)
            if worth < 1 and value not in found:
                found.append(value)
        return found

    def credit(self, body: ItemBody, value: Any, language: str) -> Fraction:
        """Return what a response is worth, from 0 to 1."""
        return grade(body.scoring, self.decide(body, value, language))

    def drawn(self, body: ItemBody) -> tuple[str, ...]:
        """Return the ids that are shown in an order drawn for the attempt, in the author's."""
        return tuple(one.id for one in getattr(body, self.drawn_from, ()))


def check_ids(options: tuple[Option, ...], least: int) -> None:
    """Options of one list: enough of them, each with an id of its own."""
    ids = [option.id for option in options]
    if len(ids) < least or len(set(ids)) < len(ids):
        raise NotAnItem(
            "options must be at least %(least)s, each with its own letter", least=str(least)
        )


def read_typed(raw: Any) -> str:
    """Read a line of text."""
    if not isinstance(raw, str) or len(raw) > MAX_TEXT or "\x00" in raw:
        raise UnreadableResponse(f"an answer is text of at most {MAX_TEXT} characters")
    return raw.strip()
