"""What time does to credentials: reminders before the end, and the end itself, once each."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import get_default_timezone, localdate

from badges.actions.facts import facts_of
from badges.events import CredentialExpired, CredentialExpiring
from badges.models import Credential, Reminder
from lms.events.publish import publish

BATCH = 200
REMIND_AT = (7, 30, 60, 90)  # days before the end


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


def remind_due(now: datetime) -> int:
    """Announce, once each, that an end is 90, 60, 30 or 7 days away; return how many.

    A site that slept gets the nearest one alone. A renewal moves the end, and with it every
    reminder.
    """
    today = localdate(now, get_default_timezone())
    windows = zip((0, *REMIND_AT), REMIND_AT, strict=False)
    return sum(_remind_between(today, nearer, days, now) for nearer, days in windows)


def _remind_between(today: date, nearer: int, days: int, now: datetime) -> int:
    told = Reminder.objects.filter(
        credential=OuterRef("pk"), valid_until=OuterRef("valid_until"), days=days
    )
    due = Credential.objects.filter(
        ~Exists(told),
        valid_until__gt=today + timedelta(days=nearer),
        valid_until__lte=today + timedelta(days=days),
        revoked_at__isnull=True,
        suspended_at__isnull=True,
    ).order_by("pk")
    reminded = 0
    while batch := list(due.select_related("recipient", "achievement")[:BATCH]):
        with transaction.atomic():
            reminded += sum(_remind(credential, days, now) for credential in batch)
    return reminded


def _announce(credential: Credential, now: datetime) -> bool:
    mine = Credential.objects.filter(
        pk=credential.pk, expired_announced_at__isnull=True, revoked_at__isnull=True
    ).update(expired_announced_at=now)
    if mine:
        publish(CredentialExpired(occurred_at=now, **facts_of(credential)))
    return bool(mine)


def _remind(credential: Credential, days: int, now: datetime) -> bool:
    """Keep that it was told, then tell it; another process's row says it was told already."""
    until = credential.valid_until
    if until is None or not _keep(credential, until, days, now):
        return False
    if until - timedelta(days=days) <= credential.valid_from:
        return False  # it was issued with less time than that: no news to its holder
    facts = facts_of(credential)
    publish(CredentialExpiring(occurred_at=now, valid_until=until, days=days, **facts))
    return True


def _keep(credential: Credential, until: date, days: int, now: datetime) -> bool:
    _row, created = Reminder.objects.get_or_create(
        credential=credential, valid_until=until, days=days, defaults={"told_at": now}
    )
    return created
