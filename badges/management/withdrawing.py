"""What the commands that revoke, suspend and reinstate have in common."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.withdrawal import CredentialUnknown, NotSuspendable, ReasonMissing
from badges.domain.identity import find_code


class WithdrawalCommand(BaseCommand):
    """One action on one code, for a reason."""

    act: ClassVar[Callable[..., None]]
    status: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code or address")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--json", action="store_true", help="keys: code, status")

    def handle(self, **options: Any) -> None:
        code = find_code(options["code"])
        try:
            self.act(code=code, reason=options["reason"], actor=None, now=timezone.now())
        except (CredentialUnknown, NotSuspendable, ReasonMissing) as error:
            raise CommandError(f"{options['code']}: {error}") from error
        answer = {"code": code, "status": self.status}
        self.stdout.write(json.dumps(answer) if options["json"] else f"{code} is {self.status}.")
