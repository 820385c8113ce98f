"""What an achievement's own rules say, besides its words."""

from dataclasses import dataclass
from datetime import date

from badges.domain.validity import FROM_PASS


@dataclass(frozen=True, kw_only=True)
class AchievementRules:
    """How long it holds and what renews it; ``extends`` are slugs of what it renews as well."""

    level: str = ""
    validity_basis: str = FROM_PASS
    released_on: date | None = None
    ends_on: date | None = None
    renew_days: int = 90
    extends: tuple[str, ...] = ()
