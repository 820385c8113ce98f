"""manage.py import_metrics FILE"""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.actions.metrics import import_metrics

HELP = """Record numbers of companies from outside: revenue, retention, deals, declared staff.

FILE is a CSV file (UTF-8) with a row for each value as known on a day:
  partner,metric,on,value,office,region,country,source
partner (the company's slug), metric (as the rules in force call it), on (YYYY-MM-DD, not ahead of
today) and value are required. Another value for the same company, metric, day and place replaces
the one on record; decisions that were made keep theirs. The same file again changes nothing.

All rows are recorded, or with a row at fault none; --keep-going leaves such rows out.

--json prints one object: accepted, changed, duplicates (rows on record already), rejected [{ref,
field, reason}], dry_run. Exit status 1 if a row is refused;
with --keep-going only if none is right.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check, write nothing")
        parser.add_argument("--keep-going", action="store_true", help="leave out rows at fault")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        file: Path = options["file"]
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: must be UTF-8; byte {error.start} is not") from error
        report = import_metrics(
            text=text,
            file=str(file),
            keep_going=options["keep_going"],
            dry_run=options["dry_run"],
            actor=None,
            now=timezone.now(),
        )
        told = {
            "accepted": report.accepted,
            "changed": report.changed,
            "duplicates": report.known,
            "rejected": [
                {"ref": f"row {fault.row}", "field": fault.field, "reason": fault.message}
                for fault in report.rejected
            ],
            "dry_run": options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            counts = f"{report.accepted} recorded, {report.changed} corrected, "
            self.stdout.write(f"{counts}{report.known} on record already")
        is_enough = options["keep_going"] and report.accepted + report.changed + report.known
        if report.rejected and not is_enough:
            raise CommandError("\n".join(map(str, report.rejected)))
