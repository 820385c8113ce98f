"""Who listens: receivers register here under their dotted name, once, at start-up."""

from collections.abc import Callable
from typing import Any, TypeVar

from lms.events.event import Event

E = TypeVar("E", bound=Event)
Receiver = Callable[[Any], None]

_receivers: dict[str, dict[str, Receiver]] = {}
_event_types: dict[str, type[Event]] = {}


def subscribe(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function to be called, at least once, with each published ``event_type``.

    A receiver runs in a transaction of its own that commits with the delivery's *done* mark. It
    writes rows and does nothing slow: a second call with the same event must change nothing.
    """

    def register(receiver: Callable[[E], None]) -> Callable[[E], None]:
        dotted = f"{receiver.__module__}.{receiver.__name__}"
        _event_types[event_type.name] = event_type
        _receivers.setdefault(event_type.name, {})[dotted] = receiver
        return receiver

    return register


def receivers_of(event_name: str) -> tuple[str, ...]:
    """Return the dotted names of those who listen to an event, in a stable order."""
    return tuple(sorted(_receivers.get(event_name, {})))


def find_receiver(event_name: str, dotted: str) -> tuple[type[Event], Receiver]:
    """Return the event's class and the receiver; ``LookupError`` if either was removed."""
    try:
        return _event_types[event_name], _receivers[event_name][dotted]
    except KeyError:
        raise LookupError(f"nobody called {dotted} listens to {event_name} any more") from None
