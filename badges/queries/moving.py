"""Which certificates name an address that is no longer the site's own."""

from dataclasses import dataclass

from django.db.models import Count
from django.db.models.fields.json import KT

from badges.models import Edition


@dataclass(frozen=True, kw_only=True)
class FormerAddress:
    """An address certificates were issued under, how many, and in which status lists they are."""

    base_url: str
    credentials: int
    status_lists: tuple[int, ...]


def list_former_addresses(base_url: str) -> list[FormerAddress]:
    """Return every address but the present one; reads all editions."""
    editions = Edition.objects.exclude(data__base_url=base_url).annotate(
        base_url=KT("data__base_url")
    )
    counted = editions.values_list("base_url").annotate(Count("credential", distinct=True))
    places = editions.order_by("status_list").values_list("base_url", "status_list").distinct()
    lists: dict[str, list[int]] = {}
    for address, number in places:
        lists.setdefault(address, []).append(number)
    return [
        FormerAddress(base_url=address, credentials=count, status_lists=tuple(lists[address]))
        for address, count in counted.order_by("base_url")
    ]
