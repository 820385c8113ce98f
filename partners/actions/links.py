"""People's dated links to companies. On any day a person is linked to one company."""

from datetime import date, datetime, timedelta

from django.db import transaction

from lms.events.publish import publish
from partners.actions.audit import record
from partners.actions.permissions import require, require_manager
from partners.domain.links import LinkRefused, Span, check_free, check_span
from partners.events import LinkEnded, LinkStarted
from partners.models import Membership, Partner


def link_person(
    *,
    partner_id: int,
    recipient_id: int,
    since: date,
    until: date | None,
    job: str,
    role: str,
    actor: int | None,
    now: datetime,
) -> int:
    """Link a person to a company from ``since`` to the day before ``until``; return the link's id.

    The same link given again changes nothing. Raises ``LinkOverlaps`` (a ``LinkRefused``, which
    is a ``ValueError``) if the person is linked on one of these days, ``PermissionDenied`` unless
    the actor manages the company or may add links, ``ValidationError`` for an unknown job or role.
    """
    span = Span(since, until)
    check_span(span)
    with transaction.atomic():
        partner = Partner.objects.select_related("programme").get(pk=partner_id)
        require_manager(actor, partner_id, partner.programme.today(now))
        _hold_person(recipient_id)
        link = Membership(
            partner=partner,
            recipient_id=recipient_id,
            since=since,
            until=until,
            job=job,
            role=role,
        )
        known = _find_same(link)
        if known is not None:
            return known.pk
        check_free(span, _spans(recipient_id))
        link.full_clean(validate_constraints=False)
        link.save()
        record(link, "lms_partners.link", actor, partner=partner_id, since=since.isoformat())
        _publish_start(link, now)
    return link.pk


def end_links_of(*, recipient_id: int, now: datetime) -> int:
    """End every link an erased person still has, today; return how many."""
    links = Membership.objects.filter(recipient_id=recipient_id).select_related(
        "partner__programme"
    )
    ended = 0
    for link in links:
        today = link.partner.programme.today(now)
        if link.until is None or link.until > today:
            until = max(today, link.since + timedelta(days=1))
            end_link(membership_id=link.pk, until=until, actor=None, now=now)
            ended += 1
    return ended


def end_link(*, membership_id: int, until: date, actor: int | None, now: datetime) -> None:
    """End a person's link: ``until`` is the first day without it, today, past or ahead.

    Raises ``PermissionDenied`` unless the actor manages this company (another company's manager
    does not) or holds ``lms_partners.change_membership``; ``LinkRefused`` if the link would not
    hold a day, or would last longer than it was said to and meet the person's next link.
    """
    with transaction.atomic():
        link = _hold_link(membership_id)
        require_manager(actor, link.partner_id, link.partner.programme.today(now))
        if link.until == until:
            return
        span = Span(link.since, until)
        check_span(span)
        check_free(span, _spans(link.recipient_id, but=link.pk))
        link.until = until
        link.save(update_fields=["until"])
        record(link, "lms_partners.end_link", actor, until=until.isoformat())
        publish(
            LinkEnded(
                occurred_at=now,
                membership_id=link.pk,
                partner_id=link.partner_id,
                recipient_id=link.recipient_id,
                until=until,
            )
        )


def change_link(
    *, membership_id: int, job: str, role: str, actor: int | None, now: datetime
) -> bool:
    """Change what a person does at the company; ``False`` if it was so already. Errors as above."""
    with transaction.atomic():
        link = _hold_link(membership_id)
        require_manager(actor, link.partner_id, link.partner.programme.today(now))
        if (link.job, link.role) == (job, role):
            return False
        link.job, link.role = job, role
        link.full_clean(validate_constraints=False)
        link.save(update_fields=["job", "role"])
        record(link, "lms_partners.change_link", actor, job=job, role=role)
    return True


def reopen_link(*, membership_id: int, actor: int | None, now: datetime) -> None:
    """Take the end away that a link was given. Only the channel's staff may."""
    require(actor, "change_membership")
    with transaction.atomic():
        link = _hold_link(membership_id)
        if link.until is None:
            return
        check_free(Span(link.since, None), _spans(link.recipient_id, but=link.pk))
        link.until = None
        link.save(update_fields=["until"])
        record(link, "lms_partners.reopen_link", actor)
        _publish_start(link, now)


def _publish_start(link: Membership, now: datetime) -> None:
    publish(
        LinkStarted(
            occurred_at=now,
            membership_id=link.pk,
            partner_id=link.partner_id,
            recipient_id=link.recipient_id,
            since=link.since,
        )
    )


def _hold_link(membership_id: int) -> Membership:
    link = Membership.objects.select_related("partner__programme").get(pk=membership_id)
    _hold_person(link.recipient_id)
    link.refresh_from_db(fields=["since", "until", "job", "role"])
    return link


def _hold_person(recipient_id: int) -> None:
    """Lock the person's row: two links of one person are never checked at the same time."""
    people = Membership._meta.get_field("recipient").related_model._default_manager
    rows = people.select_for_update().filter(pk=recipient_id).values_list("pk", flat=True)
    if not list(rows):
        raise LinkRefused(f"there is no person {recipient_id}")


def _spans(recipient_id: int, but: int = 0) -> list[Span]:
    links = Membership.objects.filter(recipient_id=recipient_id).exclude(pk=but)
    return [Span(link.since, link.until) for link in links]


def _find_same(link: Membership) -> Membership | None:
    fields = ("partner", "recipient_id", "since", "until", "job", "role")
    return Membership.objects.filter(**{name: getattr(link, name) for name in fields}).first()
