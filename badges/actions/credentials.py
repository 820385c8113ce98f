"""Issuing: a first edition for somebody, or a renewal of what they hold."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission
from badges.actions.editions import NotReady, add_edition, add_first_edition
from badges.actions.facts import facts_of
from badges.actions.withdrawal import CredentialUnknown, ReasonMissing
from badges.events import CredentialIssued
from badges.models import Achievement, AchievementText, Credential, Edition, unended
from badges.queries.prepared import prepared
from badges.queries.sources import find_source
from lms.events.publish import publish


class AchievementUnknown(Exception):
    """No achievement has this slug, or it has no text to print."""


class SourceTaken(Exception):
    """The source was already used for somebody or something else."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """``edition`` is 1 for a new credential, more for a renewal of one that was held."""

    credential_id: int
    code: str
    created: bool
    edition: int = 1


@dataclass(frozen=True, kw_only=True)
class Dates:
    """A certificate's first day, and its end where that is not as the achievement says."""

    on: date
    until: date | None = None


def issue(
    *,
    achievement: str,
    recipient_id: int,
    source: str,
    language: str,
    actor: int | None,
    now: datetime,
    earlier: Dates | None = None,
) -> Issued:
    """Issue a credential for ``source`` exactly once; a repeated call returns the same one.

    Within the renewal window of what the person holds, that one is renewed instead; what the
    achievement extends is renewed too. ``achievement`` is a slug. The text is in ``language``, or
    in the site's own if there is none. What was issued elsewhere ``earlier`` keeps its dates and
    renews nothing; it is signed now. ``AchievementUnknown``, ``NotPrintable``, ``NotReady`` or
    ``SourceTaken`` say why nothing was issued.
    """
    require_permission(actor, "lms_badges.add_credential")
    known = _known(source, achievement, recipient_id)
    if known is not None:
        return known
    text = _text(achievement, language)
    try:
        with transaction.atomic():
            if earlier is not None:
                return _issue_new(text, recipient_id, source, actor, earlier, now)
            return _issue(text, recipient_id, source, actor, now)
    except IntegrityError:
        known = _known(source, achievement, recipient_id)
        if known is None:
            raise
        return known


@transaction.atomic
def correct(*, code: str, note: str, actor: int | None, now: datetime) -> int:
    """Issue what stands in the achievement and the issuer today as a corrected edition.

    ``note`` is public and says what was corrected. Returns the edition's number.
    """
    require_permission(actor, "lms_badges.add_credential")
    if not (said := note.strip()):
        raise ReasonMissing(_("Say what is corrected; everybody can read it."))
    today = localdate(now, get_default_timezone())
    living = Credential.objects.filter(unended(today), revoked_at__isnull=True)
    credential = living.select_related("achievement", "recipient").filter(code=code).first()
    if credential is None:
        raise CredentialUnknown(_("No credential has the code %(code)s.") % {"code": code})
    text = _text(credential.achievement.slug, credential.language)
    edition = add_edition(
        credential, kind=Edition.Kind.CORRECTION, text=text, note=said[:300], now=now
    )
    record(credential, "lms_badges.credential.corrected", actor, note=said)
    return edition.number


def _issue(
    text: AchievementText, recipient_id: int, source: str, actor: int | None, now: datetime
) -> Issued:
    today = localdate(now, get_default_timezone())
    held = _held(recipient_id, today)
    own = held.pop(text.achievement.pk, None)
    # Another call with this source may have renewed it while this one waited for the lock.
    if own and (known := _known(source, text.achievement.slug, recipient_id)):
        return known
    issued = _renew_own(own, text.achievement, source, today, now) if own else None
    if issued is None:
        issued = _issue_new(text, recipient_id, source, actor, Dates(on=today), now)
    for extended in text.achievement.extends.filter(pk__in=held) if held else ():
        other = held[extended.pk]
        _renew(other, extended, f"{source} > {other.code}", today, now)
    return issued


def _issue_new(
    text: AchievementText,
    recipient_id: int,
    source: str,
    actor: int | None,
    dates: Dates,
    now: datetime,
) -> Issued:
    today = localdate(now, get_default_timezone())
    until = dates.until or text.achievement.term.until(dates.on)
    if until is not None and until <= dates.on:
        raise NotReady(f"{text.achievement.slug} ended on {until}: it cannot be issued any more.")
    noon = datetime.combine(dates.on, time(12), tzinfo=get_default_timezone())
    credential = Credential.objects.create(
        achievement=text.achievement,
        recipient_id=recipient_id,
        source=source,
        language=text.language,
        issued_at=now if dates.on == today else noon,
        valid_from=dates.on,
        valid_until=until,
        # An end that lies behind is no news to anybody.
        expired_announced_at=now if until is not None and until <= today else None,
    )
    edition = add_first_edition(credential, text, now=now)
    publish(CredentialIssued(occurred_at=now, edition=edition.number, **facts_of(credential)))
    record(credential, "lms_badges.credential.issued", actor)
    return Issued(credential_id=credential.pk, code=credential.code, created=True)


def _renew_own(
    held: Credential, achievement: Achievement, source: str, today: date, now: datetime
) -> Issued | None:
    if not achievement.term.renews(today, held.valid_until):
        return None
    edition = _renew(held, achievement, source, today, now)
    if edition is None:
        return None
    return Issued(credential_id=held.pk, code=held.code, created=True, edition=edition.number)


def _held(recipient_id: int, today: date) -> dict[int, Credential]:
    """Return what the person holds today, of each achievement the one that lasts longest.

    All they ever had is locked, so that renewals queue.
    """
    rows = _locked(recipient_id)
    held = [row for row in rows if not (row.is_over(today) or row.marks.said)]
    ends = {row: row.valid_until for row in held if row.valid_until}
    return {row.achievement_id: row for row in sorted(ends, key=ends.__getitem__)}


@prepared
def _locked(recipient_id: int) -> QuerySet[Credential]:
    return Credential.objects.select_for_update().filter(recipient_id=recipient_id).order_by("pk")


def _renew(
    held: Credential, achievement: Achievement, source: str, today: date, now: datetime
) -> Edition | None:
    """Add a renewal edition; ``None`` if it would not last any longer than what is held."""
    until = achievement.term.until(today, held.valid_until)
    if until is not None and held.valid_until is not None and until <= held.valid_until:
        return None
    held.achievement, held.valid_until = achievement, until
    held.save(update_fields=["valid_until"])
    return add_edition(held, kind=Edition.Kind.RENEWAL, source=source, now=now)


def _known(source: str, achievement: str, recipient_id: int) -> Issued | None:
    known = find_source(source)
    if known is None:
        return None
    if (known.recipient_id, known.achievement) != (recipient_id, achievement):
        raise SourceTaken(f"{source} was already used for credential {known.code}.")
    return Issued(
        credential_id=known.credential_id, code=known.code, created=False, edition=known.edition
    )


def _text(slug: str, language: str) -> AchievementText:
    by_language = {text.language: text for text in _texts(slug)}
    if not by_language:
        raise AchievementUnknown(f"There is no achievement called {slug}, or it has no text.")
    wanted = (language, settings.LANGUAGE_CODE, min(by_language))
    text = next(by_language[code] for code in wanted if code in by_language)
    [text.achievement] = _achievements(text.achievement_id)
    return text


@prepared
def _texts(slug: str) -> QuerySet[AchievementText]:
    return AchievementText.objects.filter(achievement__slug=slug).order_by()


@prepared
def _achievements(pk: int) -> QuerySet[Achievement]:
    found: QuerySet[Achievement] = Achievement.objects.filter(pk=pk)
    return found.order_by()


__all__ = ["AchievementUnknown", "Dates", "Issued", "NotReady", "SourceTaken", "correct", "issue"]
