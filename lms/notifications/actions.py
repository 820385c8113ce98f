"""Writing mails as due, and sending what is due outside any transaction."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from lms.conf import get_conf
from lms.events.queue import hurry
from lms.notifications.models import Mail, OutboxMail
from lms.notifications.outbox import keeps_mail

logger = logging.getLogger("lms.notifications")

ATTEMPTS = 8
STALE = timedelta(days=7)


def write_mail(
    kind: str,
    *,
    key: str,
    to: str,
    language: str,
    context: Mapping[str, Any],
    now: datetime,
    user_id: int | None = None,
) -> bool:
    """Write a mail as due in the reader's language; the same key again writes nothing.

    News older than a week is not mailed: a replayed history would flood people.
    """
    if not to or timezone.now() - now > STALE:
        return False
    with override(language):
        values = {**context, "base_url": get_conf().base_url, "site_name": get_conf().site_name}
        subject = render_to_string(f"lms_notifications/mail/{kind}.subject.txt", values)
        text = render_to_string(f"lms_notifications/mail/{kind}.txt", values)
    mail, created = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "user_id": user_id,
            "subject": " ".join(subject.split()),
            "text": text.strip() + "\n",
            "due_at": now,
        },
    )
    if created:
        hurry("lms.notifications.actions.send_mail", [mail.pk])
    return created


def forget_mails(*, user_id: int | None, credential_ids: Iterable[int], recipient_id: int) -> None:
    """Delete every mail to a person, sent or due, and its twin in the outbox."""
    keys = Q(key__endswith=f":{recipient_id}", key__startswith="tier_changed:")
    for credential_id in credential_ids:
        keys |= Q(key__regex=rf"^(credential_[a-z]+|edition_added):{credential_id}:")
    mails = Mail.objects.filter(keys | Q(user_id=user_id, user_id__isnull=False))
    OutboxMail.objects.filter(to__in=set(mails.values_list("to", flat=True))).delete()
    mails.delete()


def send_invitation(
    *, email: str, language: str, company: str, link: str, key: str, now: datetime
) -> None:
    """Write the mail that invites a colleague."""
    write_mail(
        "invitation",
        key=key,
        to=email,
        language=language,
        context={"company": company, "link": link, "days": get_conf().invitation_days},
        now=now,
    )


def send_mail(pk: int, now: datetime | None = None) -> bool:
    """Send one mail that is due; the row is taken by compare-and-set, then sent, then marked."""
    now = now or timezone.now()  # the queue calls without a time
    due = Mail.objects.filter(pk=pk, state=Mail.State.DUE, due_at__lte=now)
    mail = due.first()
    if mail is None:
        return False
    retry_at = now + timedelta(minutes=2**mail.attempts)
    if not due.filter(attempts=mail.attempts).update(attempts=F("attempts") + 1, due_at=retry_at):
        return False
    try:
        EmailMessage(
            mail.subject, mail.text, to=[mail.to], headers={"Message-ID": _message_id(mail)}
        ).send()
    except OSError as error:
        # smtplib's errors are OSErrors; the address or the server may work later.
        logger.warning("mail %s was not sent: %s", mail.pk, error)
        state = Mail.State.FAILED if mail.attempts + 1 >= ATTEMPTS else Mail.State.DUE
        Mail.objects.filter(pk=pk).update(state=state, error=str(error)[:300])
        return False
    # Nothing pretends to be sent: without a mail server it lies in the outbox, and says so.
    state = Mail.State.KEPT if keeps_mail() else Mail.State.SENT
    Mail.objects.filter(pk=pk).update(state=state, sent_at=now, error="")
    return True


def send_due(now: datetime) -> int:
    """Send everything due; return how many went out."""
    due = Mail.objects.filter(state=Mail.State.DUE, due_at__lte=now).order_by("due_at")
    return sum(send_mail(pk, now) for pk in list(due.values_list("pk", flat=True)[:500]))


def _message_id(mail: Mail) -> str:
    """The same at every try, so that a mailbox shows a mail sent twice once."""
    host = get_conf().base_url.split("//")[-1].split(":")[0]
    return f"<mail-{mail.pk}@{host}>"
