"""manage.py load_programme DIR"""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.events.queue import unhurried
from partners.actions.load import Choices, load_programme
from partners.actions.merging import Keep, LoadReport
from partners.domain.files import FaultyFiles

HELP = """Load a vendor's programme from a folder (the form of samples/): programme.yaml,
trainings/, people/partners.csv, people/people.csv, history.yaml.

Everything is checked before anything is written, and a fault leaves the site as it was. Loading
twice changes nothing. Where a text was changed in the admin since and the file says otherwise, the
load stops and lists place, field and both texts; --keep-site or --take-files decides.

--json prints one object: created, changed (numbers), conflicts [{place, field, site, file}],
rejected [text], forgotten [text], dry_run. Exit status 1 if nothing was written because of a fault
or a conflict.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        keep = parser.add_mutually_exclusive_group()
        keep.add_argument("--keep-site", action="store_true", help="texts changed here stay")
        keep.add_argument("--take-files", action="store_true", help="the files' texts win")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--without-history", action="store_true", help="do not replay history.yaml"
        )
        parser.add_argument(
            "--keep-going", action="store_true", help="leave out rows at fault and load the rest"
        )

    def handle(self, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder")
        keep: Keep = "site" if options["keep_site"] else "files" if options["take_files"] else "ask"
        choices = Choices(
            keep=keep,
            dry_run=options["dry_run"],
            history=not options["without_history"],
            keep_going=options["keep_going"],
        )
        try:
            with unhurried():  # what is due is delivered step by step, without a worker
                report = load_programme(
                    folder, choices, now=timezone.now(), progress=self._progress
                )
        except FaultyFiles as error:
            raise CommandError(f"{folder}: nothing was loaded\n{error}") from error
        self._tell(report, choices, as_json=options["json"])
        if report.conflicts and not choices.keep_going:
            raise CommandError(
                f"{folder}: nothing was loaded, because the site and the files differ in the places"
                " above; say --keep-site or --take-files"
            )

    def _tell(self, report: LoadReport, choices: Choices, *, as_json: bool) -> None:
        if as_json:
            told = {
                "created": len(report.created),
                "changed": len(report.changed),
                "conflicts": [asdict(each) for each in report.conflicts],
                "rejected": report.rejected,
                "forgotten": report.forgotten,
                "dry_run": choices.dry_run,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for each in report.conflicts:
            self.stdout.write(
                f"{each.place}, {each.field}:\n  site: {each.site}\n  file: {each.file}"
            )
        for text in [*report.rejected, *report.forgotten]:
            self.stdout.write(f"left out: {text}")
        would = "would be " if choices.dry_run else ""
        self.stdout.write(f"{would}created {len(report.created)} changed {len(report.changed)}")

    def _progress(self, done: int, total: int, what: str) -> None:
        if not sys.stderr.isatty():
            return
        filled = 30 * done // max(total, 1)
        bar = f"[{'#' * filled}{'.' * (30 - filled)}] {done}/{total} {what[:40]:<40}"
        self.stderr.write(f"\r{bar}", ending="\n" if done == total else "")
