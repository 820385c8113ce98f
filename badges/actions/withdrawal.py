"""Revoking for good, suspending for a while, reinstating: each with a reason and an actor."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission
from badges.actions.editions import touch_lists
from badges.actions.facts import facts_of
from badges.actions.ledger import note_act
from badges.domain.ledger import REINSTATED, REVOKED, SUSPENDED
from badges.events import CredentialReinstated, CredentialRevoked, CredentialSuspended
from badges.models import Credential
from lms.events.publish import publish

MAY = "lms_badges.revoke_credential"


class CredentialUnknown(Exception):
    """No credential has this code."""


class ReasonMissing(Exception):
    """A revocation, a suspension and a reinstatement need a reason."""


class NotSuspendable(Exception):
    """The credential is revoked: that is for good."""


@transaction.atomic
def revoke(*, code: str, reason: str, actor: int | None, now: datetime) -> None:
    """Revoke a credential for good, a suspended one too; a repeated call changes nothing.

    ``PermissionDenied``, ``ReasonMissing`` or ``CredentialUnknown`` say why it was not revoked.
    """
    said = _reason(reason, actor)
    values = {"revoked_at": now, "revoke_reason": said, "marked_at": now}
    if _change(code, {"revoked_at__isnull": True}, values):
        _tell(code, REVOKED, CredentialRevoked, said, actor, now)


@transaction.atomic
def suspend(*, code: str, reason: str, actor: int | None, now: datetime) -> None:
    """Suspend a credential until it is reinstated; a repeated call changes nothing.

    ``NotSuspendable`` if it is revoked; else as ``revoke``.
    """
    said = _reason(reason, actor)
    _refuse_revoked(code)
    only_if = {"suspended_at__isnull": True, "revoked_at__isnull": True}
    values = {"suspended_at": now, "suspend_reason": said, "marked_at": now}
    if _change(code, only_if, values):
        _tell(code, SUSPENDED, CredentialSuspended, said, actor, now)


@transaction.atomic
def reinstate(*, code: str, reason: str, actor: int | None, now: datetime) -> None:
    """End a suspension; nothing happens to a credential that is not suspended.

    ``NotSuspendable`` if it is revoked meanwhile; else as ``revoke``.
    """
    said = _reason(reason, actor)
    _refuse_revoked(code)
    only_if = {"suspended_at__isnull": False, "revoked_at__isnull": True}
    values = {"suspended_at": None, "suspend_reason": "", "marked_at": now}
    if _change(code, only_if, values):
        _tell(code, REINSTATED, CredentialReinstated, said, actor, now)


def _reason(reason: str, actor: int | None) -> str:
    require_permission(actor, MAY)
    if not (said := reason.strip()):
        raise ReasonMissing(_("Say why."))
    return said


def _change(code: str, only_if: dict[str, bool], values: dict[str, Any]) -> bool:
    """Change the row if it is as expected, in one statement; say whether this call did it."""
    found = Credential.objects.filter(code=code)
    if found.filter(**only_if).update(**values):
        return True
    if not found.exists():
        raise CredentialUnknown(_("No credential has the code %(code)s.") % {"code": code})
    return False


def _tell(
    code: str, kind: str, event: type[Any], reason: str, actor: int | None, now: datetime
) -> None:
    """Tell the world, the ledger and the audit log what was done."""
    credential = Credential.objects.select_related("recipient", "achievement").get(code=code)
    touch_lists(credential, now)
    publish(event(occurred_at=now, reason=reason, **facts_of(credential)))
    note_act(kind, code, reason=reason, at=now)
    record(credential, f"lms_badges.credential.{kind}", actor, reason=reason)


def _refuse_revoked(code: str) -> None:
    if Credential.objects.filter(code=code, revoked_at__isnull=False).exists():
        raise NotSuspendable(_("The credential %(code)s is revoked for good.") % {"code": code})
