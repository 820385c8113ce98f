"""``manage.py rewrite_ledger``"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from badges.actions.ledger import rewrite_ledger
from badges.ledger import LedgerMissing
from lms.conf import get_conf


class Command(BaseCommand):
    help = (
        "Write the ledger anew from the database, after its file was lost for good. If its disk is "
        "only not mounted, mount it instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="keys: ledger, lines")

    def handle(self, **options: Any) -> None:
        path = get_conf().ledger
        try:
            lines = rewrite_ledger()
        except (OSError, LedgerMissing) as error:
            raise CommandError(str(error)) from error
        told = {"ledger": str(path), "lines": lines}
        self.stdout.write(json.dumps(told) if options["json"] else f"{path}: {lines} lines.")
