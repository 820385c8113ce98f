"""``manage.py sweep``: everything that is due, now."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.events.sweep import sweep


class Command(BaseCommand):
    help = "Deliver, expire, remind and evaluate everything that is due now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        moved = sweep()
        if options["json"]:
            self.stdout.write(json.dumps(moved))
        else:
            self.stdout.write("\n".join(f"{name}: {count}" for name, count in moved.items()))
        if failed := [name for name, count in moved.items() if count < 0]:
            raise CommandError(f"Failed: {', '.join(failed)}. The log has the reason.")
