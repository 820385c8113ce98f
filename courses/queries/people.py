"""Names of people for staff's lists, joined when shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from badges.queries import get_recipients_of_users
from courses.queries.scoring import CHUNK


@dataclass(frozen=True, kw_only=True)
class PersonName:
    """Somebody as staff know them; without address and ``known`` false once forgotten."""

    name: str
    email: str = ""
    known: bool = True

    @property
    def called(self) -> str:
        """Return what a list is sorted out by: the address, or that there is nobody any more."""
        return self.email or self.name

    def __str__(self) -> str:
        return f"{self.name} ({self.email})" if self.email else self.name


def name_people(user_ids: Iterable[int]) -> dict[int, PersonName]:
    """Return names by account. Who may not sign in and has no certificate's name is forgotten."""
    wanted = sorted(set(user_ids))
    cards, found = get_recipients_of_users(wanted), dict[int, PersonName]()
    for start in range(0, len(wanted), CHUNK):
        for user in get_user_model().objects.filter(pk__in=wanted[start : start + CHUNK]):
            card = cards.get(user.pk)
            if card is None and not user.is_active:
                found[user.pk] = PersonName(name=_("a person no longer on record"), known=False)
                continue
            name = (card.name if card else "") or user.get_full_name() or user.get_username()
            found[user.pk] = PersonName(name=name, email=getattr(user, "email", ""))
    return found
