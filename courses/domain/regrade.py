"""Scoring again: another key, an item that does not count, a point for everybody.

A correction is of one version of an item, the one people were shown. Attempts keep what was shown
and answered; what changes is how that is judged, so any correction can itself be corrected.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from courses.domain.items import ItemBody, Option
from courses.domain.items.refusals import Refused
from courses.domain.scoring import Cut, Outcome, Sat, score

Kind = Literal["key", "drop", "credit"]
KEY: Kind = "key"  # answers are judged by the key of another version, or again by their own
DROP: Kind = "drop"  # it counts no more, neither points nor maximum
CREDIT: Kind = "credit"  # whoever was shown it has its point
KINDS: tuple[Kind, ...] = (KEY, DROP, CREDIT)


class KeyUnfit(Refused):
    """A version's key cannot judge answers to another version."""


class NothingLeft(ValueError):
    """A test would have no question left that counts."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What is done with answers to a version; ``by`` is the version whose key is right."""

    version: int
    kind: Kind
    by: int | None = None

    @property
    def undoes(self) -> bool:
        """Whether it only takes back what was corrected before."""
        return self.kind == KEY and self.by == self.version


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A place of an attempt with the version it showed."""

    version: int
    sat: Sat


Corrections = Mapping[int, Correction]  # by the version that was shown
Bodies = Mapping[int, ItemBody]  # by version


def rescore(
    places: Sequence[Placed],
    corrections: Corrections,
    bodies: Bodies,
    *,
    cut: Cut,
    language: str,
) -> Outcome:
    """Score an attempt with corrections in force; without any it is ``score`` itself.

    ``bodies`` hold at least the versions whose keys are right. ``NothingLeft`` if all that counted
    is dropped.
    """
    sat = list(apply(places, corrections, bodies))
    counted = any(not place.pilot for place in sat)
    if not counted and any(not place.sat.pilot for place in places):
        raise NothingLeft("every question that counted would be dropped")
    return score(sat, cut=cut, language=language)


def apply(places: Iterable[Placed], corrections: Corrections, bodies: Bodies) -> Iterator[Sat]:
    """Yield the places that count still, each judged as it is right now."""
    for place in places:
        correction = corrections.get(place.version)
        if correction is None or correction.undoes:
            yield place.sat
        elif correction.kind == CREDIT:
            yield replace(place.sat, credited=True)
        elif correction.kind == KEY and correction.by is not None:
            yield replace(place.sat, body=rekey(place.sat.body, bodies[correction.by]))


def rekey(shown: ItemBody, right: ItemBody) -> ItemBody:
    """Return what was shown with the key, the rule and the reasons of another version.

    Raises ``KeyUnfit`` where answers to the one mean nothing to the other.
    """
    _refuse_unfit(shown, right)
    reasons = {option.id: option.rationale for option in (*right.options, *right.choices)}
    told = {
        name: tuple(
            option.model_copy(update={"rationale": reasons[option.id]})
            for option in getattr(shown, name)
        )
        for name in ("options", "choices")
    }
    judged = ("key", "pairs", "local_key", "tolerance", "scoring", "weights", "rationale")
    return shown.model_copy(update={**{name: getattr(right, name) for name in judged}, **told})


def find_misfit(shown: ItemBody, right: ItemBody) -> KeyUnfit | None:
    """Say why a version's key cannot judge answers to another, if it cannot."""
    try:
        _refuse_unfit(shown, right)
    except KeyUnfit as refusal:
        return refusal
    return None


def find_reworded(shown: ItemBody, right: ItemBody) -> tuple[str, ...]:
    """Name the answers that read differently in the two: a letter may mean something else now."""
    texts = {option.id: option.text for option in (*right.options, *right.choices)}
    return tuple(
        option.id
        for option in (*shown.options, *shown.choices)
        if any(texts[option.id].get(language) != text for language, text in option.text.items())
    )


def _refuse_unfit(shown: ItemBody, right: ItemBody) -> None:
    if shown.kind != right.kind:
        raise KeyUnfit(
            "the kind differs: %(shown)s was shown, the key is of %(right)s",
            shown=shown.kind,
            right=right.kind,
        )
    for name in ("options", "choices"):
        one, other = (_identify(getattr(body, name)) for body in (shown, right))
        if one != other:
            raise KeyUnfit(
                "the answers differ: %(shown)s were shown, the key is of %(right)s",
                shown=_list(one),
                right=_list(other),
            )
    if shown.unit != right.unit:
        raise KeyUnfit("the unit differs: what was typed would mean another amount")
    if shown.kind == "hotspot" and _where(shown) != _where(right):
        raise KeyUnfit("the places in the picture differ")


def _identify(options: Iterable[Option]) -> set[tuple[str, str]]:
    return {(option.id, option.gap) for option in options}


def _list(options: set[tuple[str, str]]) -> str:
    return ", ".join(sorted(letter for letter, _gap in options)) or "–"


def _where(body: ItemBody) -> tuple[object, ...]:
    return (body.picture, {option.id: option.area for option in body.options})
