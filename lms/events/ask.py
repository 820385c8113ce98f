"""Questions that only higher apps can answer: read-only, typed, no answer is a legal answer."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

A = TypeVar("A")


class Question(Generic[A]):
    """Base of every question; subclass it as a frozen dataclass, ``Question[AnswerType]``."""


_answerers: dict[type[Question[Any]], list[Callable[[Any], Any]]] = {}


def answers(question_type: type[Question[A]]) -> Callable[[Callable[[Any], A]], Callable[[Any], A]]:
    """Register a query that answers ``question_type``."""

    def register(answerer: Callable[[Any], A]) -> Callable[[Any], A]:
        known = _answerers.setdefault(question_type, [])
        if answerer not in known:
            known.append(answerer)
        return answerer

    return register


def ask(question: Question[A]) -> tuple[A, ...]:
    """Collect every answer, in the order the apps are installed."""
    return tuple(answerer(question) for answerer in _answerers.get(type(question), ()))
