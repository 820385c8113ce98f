"""What can be earned."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from badges.actions.actors import record, require_permission
from badges.domain.fonts import check_printable
from badges.domain.identity import NotPrintable
from badges.domain.rules import AchievementRules
from badges.models import Achievement, AchievementText
from lms.wording.checks import refuse
from lms.wording.retold import retell


@dataclass(frozen=True, kw_only=True)
class AchievementTextData:
    """An achievement's words in one language."""

    name: str
    description: str
    criteria: str


@transaction.atomic
def define_achievement(
    *,
    slug: str,
    achievement_type: str,
    valid_months: int | None,
    texts: Mapping[str, AchievementTextData],
    rules: AchievementRules | None = None,
    actor: int | None,
    now: datetime,
) -> int:
    """Create or change an achievement and return its id; the same call twice changes nothing.

    Without ``rules`` those that stand are kept. Raises ``ValidationError`` for an unknown kind, no
    text, or words the policy refuses.
    Credentials already issued keep the words they were issued with.
    """
    require_permission(actor, "lms_badges.change_achievement")
    if not texts:
        raise ValidationError(_("An achievement needs a text in at least one language."))
    for language, text in texts.items():
        refuse_wording(text, language)
    achievement, _created = Achievement.objects.get_or_create(slug=slug)
    achievement.achievement_type, achievement.valid_months = achievement_type, valid_months
    for name, value in (asdict(rules) if rules else {}).items():
        if name != "extends":
            setattr(achievement, name, value)
    achievement.full_clean()
    achievement.save()
    if rules:
        achievement.extends.set(_extended(slug, rules.extends))
    for language, text in texts.items():
        AchievementText.objects.update_or_create(
            achievement=achievement, language=language, defaults=asdict(text)
        )
    record(achievement, "lms_badges.achievement.defined", actor)
    return int(achievement.pk)


def _extended(slug: str, extends: tuple[str, ...]) -> list[Achievement]:
    found = {one.slug: one for one in Achievement.objects.filter(slug__in=extends)}
    if missing := [other for other in extends if other not in found or other == slug]:
        raise ValidationError(
            _("%(slug)s cannot renew %(other)s: there is no such other achievement.")
            % {"slug": slug, "other": ", ".join(missing)}
        )
    return list(found.values())


def refuse_wording(text: AchievementTextData, language: str) -> None:
    """Raise ``ValidationError`` with the place and the allowed word if the policy is broken.

    So too with the character that the certificate's font lacks.
    """
    try:
        check_printable(text.name + text.criteria)
    except NotPrintable as error:
        raise ValidationError(retell(error)) from None
    labels = {
        "name": pgettext("thing", "Name"),
        "description": _("Description"),
        "criteria": _("Criteria"),
    }
    refuse(
        {str(labels[field]): value for field, value in asdict(text).items()},
        language,
        certificate=True,
    )


__all__ = ["AchievementRules", "AchievementTextData", "define_achievement", "refuse_wording"]
