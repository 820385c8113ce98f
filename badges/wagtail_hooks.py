"""Registration with Wagtail, nothing else."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from badges.models import Credential, MisuseReport, NameRequest
from badges.viewsets import BadgesViewSetGroup, ReadOnlyPolicy

for model, permission in (
    (Credential, "lms_badges.revoke_credential"),
    (NameRequest, "lms_badges.change_namerequest"),
    (MisuseReport, "lms_badges.revoke_credential"),
):
    register_permission_policy(model, ReadOnlyPolicy(model, permission))


def register_viewsets() -> BadgesViewSetGroup:
    return BadgesViewSetGroup()


def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="lms_badges",
        codename__in=[
            "revoke_credential",
            "add_credential",
            "view_credential",
            "change_namerequest",
            "erase_recipient",
        ],
    )


def register_log_actions(actions: Any) -> None:
    for action, label, message in (
        ("issuer.defined", _("Define issuer"), _("Issuer defined")),
        ("achievement.defined", _("Define achievement"), _("Achievement defined")),
        ("credential.issued", _("Issue"), _("Issued by hand")),
        ("credential.revoked", _("Revoke"), _("Revoked")),
        ("credential.suspended", _("Suspend"), _("Suspended")),
        ("credential.reinstated", _("Reinstate"), _("Reinstated")),
        ("credential.corrected", _("Correct"), _("Corrected")),
        ("name.decided", _("Decide on a name"), _("Name decided")),
        ("recipient.erased", _("Erase the person"), _("Person erased")),
        ("recipient.name_confirmed", _("Confirm name"), _("Printed name confirmed")),
        ("recipient.visibility_decided", _("Decide visibility"), _("Visibility decided")),
    ):
        actions.register_action(f"lms_badges.{action}", label, message)


hooks.register("register_admin_viewset", register_viewsets)
hooks.register("register_permissions", register_permissions)
hooks.register("register_log_actions", register_log_actions)
