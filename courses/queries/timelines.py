"""One attempt from its start to its end, for staff who answer an appeal. No key is in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from courses.models import Attempt, AttemptEvent, AttemptItem
from courses.models.localised import pick
from courses.queries.said import say

Kind = AttemptEvent.Kind


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event in words. ``place`` names question, item and version; ``came_from`` is a number
    each for address and device, in the order in which they appeared."""

    number: int
    at: datetime
    seconds_left: int
    kind: str
    title: str
    place: str
    text: str
    came_from: str

    @property
    def time_left(self) -> str:
        """Minutes and seconds, as the candidate's clock shows them."""
        return f"{self.seconds_left // 60}:{self.seconds_left % 60:02}"

    @property
    def is_notable(self) -> bool:
        """Whether somebody who looks for trouble looks here first."""
        return self.kind in (
            Kind.REFUSED,
            Kind.LATE,
            Kind.TOO_LATE,
            Kind.FOCUS_LOST,
            Kind.ADDRESS,
            Kind.DEVICE,
        )


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """An attempt with everything that happened in it."""

    attempt: Attempt
    entries: tuple[Entry, ...]


def get_timeline(pk: int) -> Timeline:
    """Return a timeline or raise ``Attempt.DoesNotExist``; as many statements for any length."""
    attempt = Attempt.objects.select_related("user", "assessment__course").get(pk=pk)
    places = attempt.items.select_related("version__item", "group_version__group")
    teller = _Teller(attempt, {place.slot: place for place in places})
    return Timeline(attempt=attempt, entries=tuple(teller.tell(attempt.events.all())))


def list_cells(timeline: Timeline) -> Iterator[tuple[object, ...]]:
    """Yield a header and a row an event, for a file; moments are local, with their offset."""
    yield (
        _("Number"), _("Time"), _("Seconds left"), _("Event"), _("Question"), _("What was saved"),
        _("From"), _("Kind"),
    )  # fmt: skip
    for entry in timeline.entries:
        yield (
            entry.number,
            timezone.localtime(entry.at).isoformat(timespec="milliseconds"),
            entry.seconds_left,
            entry.title,
            entry.place,
            entry.text,
            entry.came_from,
            entry.kind,
        )


class _Teller:
    """Turns the rows of one attempt into words."""

    def __init__(self, attempt: Attempt, places: dict[int, AttemptItem]) -> None:
        self.attempt, self.places = attempt, places
        self.bodies = {slot: place.version.parsed for slot, place in places.items()}
        self.addresses: list[str] = []
        self.devices: list[str] = []

    def tell(self, events: Any) -> Iterator[Entry]:
        for number, event in enumerate(events, start=1):
            yield Entry(
                number=number,
                at=event.at,
                seconds_left=event.seconds_left,
                kind=event.kind,
                title=event.get_kind_display(),
                place=self._place(event.slot),
                text=self._text(event),
                came_from=self._origin(event),
            )

    def _place(self, slot: int | None) -> str:
        place = self.places.get(slot or 0)
        if place is None:
            return ""
        said = _("%(slot)s: %(item)s, version %(version)s") % {
            "slot": slot,
            "item": place.version.item.code,
            "version": place.version.number,
        }
        if place.group_version is None:
            return said
        case = _("case %(case)s, version %(version)s") % {
            "case": place.group_version.group.code,
            "version": place.group_version.number,
        }
        return f"{said} ({case})"

    def _text(self, event: AttemptEvent) -> str:
        tell = self._tellers.get(event.kind)
        return tell(self, event.slot, event.detail) if tell else ""

    def _answered(self, slot: int | None, detail: dict[str, Any]) -> str:
        said = self._say(slot, detail["value"])
        late = _("after the deadline, within the grace for the network")
        return f"{said} ({late})" if detail["late"] else said

    def _refused(self, slot: int | None, detail: dict[str, Any]) -> str:
        return _("Not saved: %(unsent)s. Saved meanwhile: %(stored)s.") % {
            "unsent": self._say(slot, detail["unsent"]),
            "stored": self._say(slot, detail["stored"]),
        }

    def _late(self, slot: int | None, detail: dict[str, Any]) -> str:
        return _("Not saved: %(unsent)s.") % {"unsent": self._say(slot, detail["unsent"])}

    def _extended(self, slot: int | None, detail: dict[str, Any]) -> str:
        minutes, breaks = detail["minutes"], detail.get("breaks", 0)
        more = ngettext("%(count)s minute more", "%(count)s minutes more", minutes)
        rest = ngettext("%(count)s minute for breaks", "%(count)s minutes for breaks", breaks)
        said = [more % {"count": minutes}] if minutes or not breaks else []
        said += [rest % {"count": breaks}] if breaks else []
        return ", ".join(said)

    def _entered(self, slot: int | None, detail: dict[str, Any]) -> str:
        return pick(self.attempt.policy["sections"][detail["section"] - 1]["title"])

    def _left(self, slot: int | None, detail: dict[str, Any]) -> str:
        title = self._entered(slot, detail)
        return _("%(title)s: its time was over") % {"title": title} if detail["over"] else title

    def _paused(self, slot: int | None, detail: dict[str, Any]) -> str:
        return _("for %(seconds)s s at most") % {"seconds": detail["seconds"]}

    def _after(self, slot: int | None, detail: dict[str, Any]) -> str:
        return _("after %(seconds)s s") % {"seconds": detail["seconds"]}

    def _shown(self, slot: int | None, detail: dict[str, Any]) -> str:
        if "seconds" not in detail:
            return ""
        text = _("without a connection, told %(seconds)s s later")
        return text % {"seconds": detail["seconds"]}

    _tellers: ClassVar[dict[str, Callable[["_Teller", int | None, dict[str, Any]], str]]] = {
        Kind.SHOWN: _shown,
        Kind.ANSWERED: _answered,
        Kind.REFUSED: _refused,
        Kind.LATE: _late,
        Kind.TOO_LATE: _late,
        Kind.EXTENDED: _extended,
        Kind.ENTERED: _entered,
        Kind.LEFT: _left,
        Kind.PAUSED: _paused,
        Kind.FOCUS_BACK: _after,
        Kind.RECONNECTED: _after,
        Kind.RESUMED: _after,
    }

    def _say(self, slot: int | None, value: Any) -> str:
        place = self.places[slot or 0]
        lines = say(self.bodies[place.slot], value, self.attempt.language, order=place.option_order)
        return "; ".join(lines)

    def _origin(self, event: AttemptEvent) -> str:
        if not event.device:
            return ""
        return pgettext("attempt", "address %(address)s, device %(device)s") % {
            "address": _number(self.addresses, event.address),
            "device": _number(self.devices, event.device),
        }


def _number(known: list[str], mark: str) -> int:
    if mark not in known:
        known.append(mark)
    return known.index(mark) + 1
