"""``manage.py prepare_demo``: sign-ins for the sample's people, with one printed password."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction

from lms.accounts.models import User

SAMPLE = [
    ("ana@baltwerk.example", "Ana Lindqvist", "engineer at Baltwerk, one test away from gold"),
    ("bo@baltwerk.example", "Bo Nowicki", "Baltwerk's manager"),
    ("cy@ostrand.example", "Cy Hartmann", "works at another partner, Ostrand"),
    ("dee@halden.example", "Dee Okafor", "content editor"),
    ("eli@halden.example", "Eli Brandt", "channel manager"),
    ("admin@halden.example", "Site administrator", "may do everything"),
]
CHANNEL = {
    "lms_badges": ["view_credential", "revoke_credential", "view_achievement"],
    "lms_partners": ["view_partner", "change_partner", "add_partner", "view_membership",
                     "change_membership", "add_membership", "view_decision", "view_rulesversion",
                     "add_rulesversion", "view_programme"],
    "lms_courses": ["view_waiver", "add_waiver", "view_accommodation", "add_accommodation",
                    "change_accommodation", "view_attempt"],
    "wagtailadmin": ["access_admin"],
}  # fmt: skip
EDITOR_APPS = {"lms_courses": ("add", "change", "view"), "lms_badges": ("add", "change", "view")}
EDITOR_MODELS = {
    "achievement", "certificatedesign", "item", "itembank", "itemgroup", "topic", "assessment",
    "track", "product",
}  # fmt: skip


class Command(BaseCommand):
    help = "Give the sample's people a password and print how to sign in."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        password = f"laurel-{secrets.token_hex(4)}"
        lines = [f"  Sign in with the password {password} as", ""]
        for email, name, what in SAMPLE:
            self._prepare(email, name, password)
            lines.append(f"    {email:24} {what}")
        self._join("dee@halden.example", "Editors", self._editor_permissions())
        self._join("dee@halden.example", "Moderators", [])  # Wagtail's group that may publish
        self._join("eli@halden.example", "Channel managers", self._channel_permissions())
        User.objects.filter(email="admin@halden.example").update(is_superuser=True, is_staff=True)
        lines += ["", "  The admin is at /admin/, mails lie in its outbox. Ctrl-C ends everything."]
        self.stdout.write("\n".join(lines))

    def _prepare(self, email: str, name: str, password: str) -> None:
        user = User.objects.filter(email=email).first() or User(email=email, name=name)
        user.set_password(password)
        user.save()
        EmailAddress.objects.update_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )

    def _join(self, email: str, group_name: str, permissions: Any) -> None:
        group, _ = Group.objects.get_or_create(name=group_name)
        group.permissions.add(*permissions)
        User.objects.get(email=email).groups.add(group)

    def _channel_permissions(self) -> list[Permission]:
        return [
            permission
            for app, codes in CHANNEL.items()
            for permission in Permission.objects.filter(
                content_type__app_label=app, codename__in=codes
            )
        ]

    def _editor_permissions(self) -> list[Permission]:
        return [
            permission
            for app, verbs in EDITOR_APPS.items()
            for permission in Permission.objects.filter(
                content_type__app_label=app, content_type__model__in=EDITOR_MODELS
            )
            if permission.codename.split("_")[0] in verbs
        ]
