"""Achievements as other apps and strangers see them."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from badges.domain.award import Accomplishment, Issuer
from badges.domain.rules import AchievementRules
from badges.models import Achievement, AchievementText, Credential, IssuerProfile, unended

FEW = 10


@dataclass(frozen=True, kw_only=True)
class AchievementCard:
    id: int
    slug: str
    code: str
    kind: str
    language: str
    name: str
    description: str
    criteria: str
    valid_months: int | None
    level: str = ""

    def accomplishment(self) -> Accomplishment:
        """Return it as the documents want it."""
        return Accomplishment(
            code=self.code,
            kind=self.kind,
            name=self.name,
            description=self.description,
            criteria=self.criteria,
            language=self.language,
            level=self.level,
        )


def get_achievement(slug: str, language: str) -> AchievementCard | None:
    """Return an achievement in a language, or in the site's own where it has no such text."""
    return _card(Achievement.objects.filter(slug=slug).first(), language)


def get_rules(slug: str) -> AchievementRules | None:
    """Return an achievement's rules as they stand."""
    row = Achievement.objects.filter(slug=slug).first()
    if row is None:
        return None
    return AchievementRules(
        level=row.level,
        validity_basis=row.validity_basis,
        released_on=row.released_on,
        ends_on=row.ends_on,
        renew_days=row.renew_days,
        extends=tuple(row.extends.order_by("slug").values_list("slug", flat=True)),
    )


def achievement_choices() -> list[tuple[int, str]]:
    """Return id and name of every achievement, for the choice lists of other apps."""
    texts = AchievementText.objects.order_by("achievement__slug", "language")
    own = texts.filter(language=settings.LANGUAGE_CODE)
    rows = [*texts.values_list("achievement_id", "name")]
    names = dict(rows) | dict(own.values_list("achievement_id", "name"))
    return list(names.items())


def find_achievement(code: str, language: str) -> AchievementCard | None:
    """The same by the code in its public address."""
    return _card(Achievement.objects.filter(code=code).first(), language)


def is_achievement(slug: str) -> bool:
    """Say whether an achievement has this slug."""
    found: bool = Achievement.objects.filter(slug=slug).exists()
    return found


def get_issuer() -> Issuer:
    """Return the issuer; empty before a programme is loaded."""
    profile = IssuerProfile.objects.filter(pk=1).first() or IssuerProfile()
    return Issuer(
        name=profile.name, url=profile.url, email=profile.email, description=profile.description
    )


def count_holders(achievement: str, on: date) -> int:
    """Count the people who hold an achievement on a day; below ten nobody is told a number."""
    holding = Credential.objects.filter(
        unended(on),
        achievement__code=achievement,
        valid_from__lte=on,
        revoked_at__isnull=True,
        suspended_at__isnull=True,
    )
    people = holding.values("recipient").distinct().count()
    return people if people >= FEW else 0


def _card(achievement: Achievement | None, language: str) -> AchievementCard | None:
    if achievement is None:
        return None
    texts = {t.language: t for t in AchievementText.objects.filter(achievement=achievement)}
    if not texts:
        return None
    wanted = (language, settings.LANGUAGE_CODE, min(texts))
    text = next(texts[code] for code in wanted if code in texts)
    return AchievementCard(
        id=achievement.pk,
        slug=achievement.slug,
        code=achievement.code,
        kind=achievement.achievement_type,
        language=text.language,
        name=text.name,
        description=text.description,
        criteria=text.criteria,
        valid_months=achievement.valid_months,
        level=achievement.level,
    )
