"""What the facts would be if people gained achievements and lost credentials."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from partners.domain.facts import Facts, Holding, Person


def suppose(
    facts: Facts, *, gained: Mapping[int, Iterable[str]], lost: frozenset[str], on: date
) -> Facts:
    """Return facts in which people hold more from a day on, and some credentials are gone."""
    return replace(
        facts,
        people=tuple(
            _suppose(person, gained.get(person.id, ()), lost, on) for person in facts.people
        ),
    )


def _suppose(person: Person, gained: Iterable[str], lost: frozenset[str], on: date) -> Person:
    kept = (holding for holding in person.holdings if holding.code not in lost)
    new = (Holding(achievement=one, code="", valid_from=on) for one in gained)
    return replace(person, holdings=(*kept, *new))
