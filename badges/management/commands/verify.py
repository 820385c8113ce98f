"""``manage.py verify FILE|CODE``"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.queries.verification import verify_code, verify_file


class Command(BaseCommand):
    help = "Say what the verification page would say. Exits with 1 unless it is valid."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", help="a code, an address, or a file of ours in any form")
        parser.add_argument(
            "--json",
            action="store_true",
            help="keys: status, ours, intact, edition, code, title, reasons, name, issuer, "
            "criteria, passed_on, last_day, printed, picture",
        )

    def handle(self, **options: Any) -> None:
        path, today = Path(options["subject"]), timezone.localdate()
        is_file = path.is_file()
        verdict = (
            verify_file(path.read_bytes(), today)
            if is_file
            else verify_code(options["subject"], today)
        )
        if options["json"]:
            self.stdout.write(json.dumps(verdict.to_json(), ensure_ascii=False))
        else:
            self.stdout.write(" ".join([f"{verdict.status}:", verdict.title, *verdict.reasons]))
        if verdict.status != "valid":
            raise CommandError(f"{options['subject']} is {verdict.status}.", returncode=1)
