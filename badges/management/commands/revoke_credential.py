"""``manage.py revoke_credential CODE --reason TEXT``"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.credentials import CredentialUnknown, ReasonMissing, revoke
from badges.domain.identity import find_code


class Command(BaseCommand):
    help = "Revoke a credential for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code or address")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--json", action="store_true", help="keys: code, status")

    def handle(self, **options: Any) -> None:
        code = find_code(options["code"])
        try:
            revoke(code=code, reason=options["reason"], actor=None, now=timezone.now())
        except (CredentialUnknown, ReasonMissing) as error:
            raise CommandError(f"{options['code']}: {error}") from error
        answer = {"code": code, "status": "revoked"}
        self.stdout.write(json.dumps(answer) if options["json"] else f"{code} is revoked.")
