"""Forgetting a person: what is personal goes for good, what was counted stays."""

import shutil
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission
from badges.actions.ledger import note_act
from badges.actions.withdrawal import CredentialUnknown, ReasonMissing
from badges.domain.ledger import ERASED
from badges.events import RecipientErased
from badges.models import (
    Credential,
    Edition,
    ForgottenAddress,
    MisuseReport,
    NameRequest,
    Recipient,
)
from badges.queries.forgotten import digest_of
from lms.conf import get_conf
from lms.events.publish import publish


def erase_holder(*, code: str, reason: str, actor: int | None, now: datetime) -> None:
    """Forget whom a credential was issued to, with everything else that was; as below."""
    holder = Credential.objects.filter(code=code).values_list("recipient_id", flat=True).first()
    if holder is None:
        raise CredentialUnknown(_("No credential has the code %(code)s.") % {"code": code})
    erase_recipient(recipient_id=holder, reason=reason, actor=actor, now=now)


@transaction.atomic
def erase_recipient(*, recipient_id: int, reason: str, actor: int | None, now: datetime) -> None:
    """Forget a person for good: name, addresses, account, every signed document and picture.

    Credentials stay as rows without a name, so that counts and past decisions hold; a repeated
    call changes nothing. Of the addresses only a keyed digest is left, by which a list that still
    names them is told; it goes when they come back. ``reason`` is kept in the audit log: it must
    name nobody.
    """
    require_permission(actor, "lms_badges.erase_recipient")
    if not (said := reason.strip()):
        raise ReasonMissing(_("Say why."))
    recipient = Recipient.objects.select_for_update().get(pk=recipient_id)
    if recipient.erased_at is not None:
        return
    user_id = recipient.user_id
    credentials = tuple(recipient.credentials.order_by("pk").values_list("pk", flat=True))
    _keep_digests(recipient, now)
    _blank(recipient, now)
    Edition.objects.filter(credential__in=credentials).erase()
    # A source can name an address: of what was issued by hand or from a list.
    nobody = Concat(Value("erased:"), Cast("pk", CharField()))
    Credential.objects.filter(pk__in=credentials).update(source=nobody)
    recipient.addresses.all().delete()
    NameRequest.objects.filter(recipient=recipient).delete()
    MisuseReport.objects.filter(credential__in=credentials).delete()
    for code in recipient.credentials.values_list("code", flat=True):
        note_act(ERASED, code, at=now)  # a restored copy must forget this person again
    publish(
        RecipientErased(
            occurred_at=now,
            recipient_id=recipient_id,
            user_id=user_id,
            credential_ids=credentials,
        )
    )
    record(recipient, "lms_badges.recipient.erased", actor, reason=said)


def purge_due(now: datetime) -> int:
    """Delete the rendered files of erased people; return of how many."""
    due = list(Recipient.objects.filter(erased_at__isnull=False, purged_at__isnull=True))
    for recipient in due:
        for code in recipient.credentials.values_list("code", flat=True):
            for kind in ("s", "p"):
                folder = get_conf().data_dir / "rendered" / kind / code
                shutil.rmtree(folder, ignore_errors=True)
        Recipient.objects.filter(pk=recipient.pk).update(purged_at=now)
    return len(due)


def _keep_digests(recipient: Recipient, now: datetime) -> None:
    emails = set(recipient.addresses.values_list("email", flat=True))
    if user := recipient.user:
        emails.add(getattr(user, user.get_email_field_name(), ""))
    rows = [ForgottenAddress(digest=digest_of(one), erased_at=now) for one in emails if one]
    ForgottenAddress.objects.bulk_create(rows, ignore_conflicts=True)


def _blank(recipient: Recipient, now: datetime) -> None:
    recipient.name, recipient.name_confirmed_at, recipient.user = "", None, None
    recipient.show_name = recipient.show_company = recipient.show_date = False
    recipient.erased_at = now
    recipient.save()
