"""Issuing, revoking, and telling that time ran out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission
from badges.actions.editions import NotReady, add_edition
from badges.domain.validity import add_months
from badges.events import CredentialExpired, CredentialIssued, CredentialRevoked
from badges.models import AchievementText, Credential
from lms.events.publish import publish

BATCH = 200


class AchievementUnknown(Exception):
    """No achievement has this slug, or it has no text to print."""


class CredentialUnknown(Exception):
    """No credential has this code."""


class SourceTaken(Exception):
    """The source was already used for somebody or something else."""


class ReasonMissing(Exception):
    """A revocation needs a reason."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    credential_id: int
    code: str
    created: bool


def issue(
    *,
    achievement: str,
    recipient_id: int,
    source: str,
    language: str,
    actor: int | None,
    now: datetime,
) -> Issued:
    """Issue a credential for ``source`` exactly once; a repeated call returns the same one.

    ``achievement`` is a slug. The text is in ``language``, or in the site's own if there is none.
    ``AchievementUnknown``, ``NotReady`` or ``SourceTaken`` say why nothing was issued.
    """
    require_permission(actor, "lms_badges.add_credential")
    known = _known(source, achievement, recipient_id)
    if known is not None:
        return known
    text = _text(achievement, language)
    try:
        return _issue(text, recipient_id, source, actor, now)
    except IntegrityError:
        known = _known(source, achievement, recipient_id)
        if known is None:
            raise
        return known


@transaction.atomic
def revoke(*, code: str, reason: str, actor: int | None, now: datetime) -> None:
    """Revoke a credential for good; a repeated call changes nothing.

    ``PermissionDenied``, ``ReasonMissing`` or ``CredentialUnknown`` say why it was not revoked.
    """
    require_permission(actor, "lms_badges.revoke_credential")
    if not (said := reason.strip()):
        raise ReasonMissing(_("Say why the credential is revoked."))
    found = Credential.objects.filter(code=code)
    if found.filter(revoked_at__isnull=True).update(revoked_at=now, revoke_reason=said):
        credential = found.select_related("recipient", "achievement").get()
        publish(CredentialRevoked(occurred_at=now, reason=said, **_facts(credential)))
        record(credential, "lms_badges.credential.revoked", actor, reason=said)
    elif not found.exists():
        raise CredentialUnknown(_("No credential has the code %(code)s.") % {"code": code})


def expire_due(now: datetime) -> int:
    """Announce, once each, the credentials whose last day has passed; return how many."""
    today = localdate(now, get_default_timezone())
    due = Credential.objects.filter(
        valid_until__lte=today, revoked_at__isnull=True, expired_announced_at__isnull=True
    ).order_by("valid_until", "pk")
    announced = 0
    while batch := list(due.select_related("recipient", "achievement")[:BATCH]):
        with transaction.atomic():
            announced += sum(_announce(credential, now) for credential in batch)
    return announced


def _announce(credential: Credential, now: datetime) -> bool:
    mine = Credential.objects.filter(
        pk=credential.pk, expired_announced_at__isnull=True, revoked_at__isnull=True
    ).update(expired_announced_at=now)
    if mine:
        publish(CredentialExpired(occurred_at=now, **_facts(credential)))
    return bool(mine)


@transaction.atomic
def _issue(
    text: AchievementText, recipient_id: int, source: str, actor: int | None, now: datetime
) -> Issued:
    today = localdate(now, get_default_timezone())
    months = text.achievement.valid_months
    credential = Credential.objects.create(
        achievement=text.achievement,
        recipient_id=recipient_id,
        source=source,
        language=text.language,
        issued_at=now,
        valid_from=today,
        valid_until=add_months(today, months) if months else None,
    )
    edition = add_edition(credential, text, now=now)
    facts = _facts(credential)
    publish(CredentialIssued(occurred_at=now, edition=edition.number, **facts))
    record(credential, "lms_badges.credential.issued", actor)
    return Issued(credential_id=credential.pk, code=credential.code, created=True)


def _known(source: str, achievement: str, recipient_id: int) -> Issued | None:
    known = Credential.objects.select_related("achievement").filter(source=source).first()
    if known is None:
        return None
    if known.recipient_id != recipient_id or known.achievement.slug != achievement:
        raise SourceTaken(f"{source} was already used for credential {known.code}.")
    return Issued(credential_id=known.pk, code=known.code, created=False)


def _text(slug: str, language: str) -> AchievementText:
    texts = AchievementText.objects.filter(achievement__slug=slug).select_related("achievement")
    by_language = {text.language: text for text in texts}
    if not by_language:
        raise AchievementUnknown(f"There is no achievement called {slug}, or it has no text.")
    wanted = (language, settings.LANGUAGE_CODE, min(by_language))
    return next(by_language[code] for code in wanted if code in by_language)


def _facts(credential: Credential) -> dict[str, Any]:
    return {
        "credential_id": credential.pk,
        "code": credential.code,
        "achievement": credential.achievement.slug,
        "recipient_id": credential.recipient_id,
        "user_id": credential.recipient.user_id,
    }


__all__ = [
    "AchievementUnknown",
    "CredentialUnknown",
    "Issued",
    "NotReady",
    "ReasonMissing",
    "SourceTaken",
    "expire_due",
    "issue",
    "revoke",
]
