"""``manage.py import_items FILE --bank SLUG``"""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.actions.imports import ImportReport, import_items
from courses.domain.exchange.intake import NEVER
from courses.domain.formats.decode import MAX_BYTES
from courses.domain.formats.reading import Unreadable
from courses.models import ItemBank
from courses.queries.exchange import READ, SourceFile, how_to_weigh, read_questions
from courses.queries.reports import describe_import, name_place, say

HELP = """Take questions from a file into an item bank.

FILE is CSV or XLSX (its first sheet), GIFT, Moodle XML or Aiken; what it is, is seen from its
content and name, or told by --format. The first row of a table names the columns in English,
Russian or Polish: question, option A, option B …, right answer, code, topic, kind, difficulty,
tolerance, unit, explanation. manage.py export_items --template writes an empty one with examples.
--columns says what each column is where the header does not: a list with commas, empty for one that
is not read, of code, title, topic, difficulty, kind, language, format, stem, option, right,
tolerance, unit, rationale, told, tags, details.

A question with the code of an item of the bank changes that item, in this language alone. One
without a code is known by what it asks, so the same file twice changes nothing. A question that
asks what another one asks is a duplicate and left out. Topics that are new are made.

Nothing is written if a question is rejected, unless --keep-going. --dry-run writes nothing at all.

--json prints one object: accepted (a number), items [{ref, code, topic, text, outcome}] (outcome:
new, changed or unchanged), rejected [{ref, text, reason}], duplicates [{ref, text, of}], lost
[{ref, what}], topics (names of new ones), cases [{code, outcome}], written, dry_run. Exit status 1
if a question is rejected; with --keep-going only if none is accepted.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--bank", required=True, metavar="SLUG")
        parser.add_argument("--create-bank", action="store_true", help="if there is none")
        parser.add_argument("--format", choices=READ, default="")
        parser.add_argument("--columns", metavar="LIST", help="what the columns of a table are")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE.split("-")[0], metavar="CODE"
        )
        parser.add_argument(
            "--topic", default="unsorted", metavar="SLUG", help="of questions that name none"
        )
        parser.add_argument("--all-or-nothing", action="store_true", help="give no part of a point")
        parser.add_argument("--dry-run", action="store_true", help="check, write nothing")
        parser.add_argument("--keep-going", action="store_true", help="leave out what is rejected")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        file: Path = options["file"]
        try:
            with file.open("rb") as opened:
                source = SourceFile(name=file.name, body=opened.read(MAX_BYTES + 1))
            form = options["format"] or source.format
            columns = options["columns"]
            reading = read_questions(
                source,
                form=form,
                columns=[one.strip() for one in columns.split(",")] if columns else None,
            )
        except (OSError, Unreadable) as error:
            raise CommandError(f"{file}: {error}") from error
        report = import_items(
            reading,
            bank=self._bank(options["bank"], create=options["create_bank"]),
            language=options["language"],
            topic=options["topic"],
            weigh=NEVER if options["all_or_nothing"] else how_to_weigh(form),
            keep_going=options["keep_going"],
            dry_run=options["dry_run"],
            actor=None,
            now=timezone.now(),
        )
        told = describe_import(report, form) | {"dry_run": options["dry_run"]}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._tell(file, told)
        self._judge(file, form, report, keep_going=options["keep_going"])

    def _bank(self, slug: str, *, create: bool) -> ItemBank:
        bank = ItemBank.objects.filter(slug=slug).first()
        if bank is None and create:
            bank = ItemBank.objects.create(slug=slug, title=slug)
        if bank is None:
            known = ", ".join(ItemBank.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(
                f"--bank {slug}: there is no such bank. There are: {known}. --create-bank makes one"
            )
        return bank

    def _tell(self, file: Path, told: dict[str, Any]) -> None:
        for each in told["rejected"]:
            self.stdout.write(f"rejected: {file}, {each['ref']}: {each['reason']}: {each['text']}")
        for each in told["duplicates"]:
            self.stdout.write(f"duplicate: {each['ref']}: asks what {each['of']} asks")
        for each in told["lost"]:
            self.stdout.write(f"lost: {each['ref']}: {each['what']}")
        for name in told["topics"]:
            self.stdout.write(f"new topic: {name}")
        for each in told["cases"]:
            self.stdout.write(f"case {each['code']}: {each['outcome']}")
        outcomes = [each["outcome"] for each in told["items"]]
        counts = ", ".join(
            f"{outcomes.count(one)} {one}" for one in ("new", "changed", "unchanged")
        )
        self.stdout.write(f"accepted {told['accepted']}: {counts}")

    def _judge(self, file: Path, form: str, report: ImportReport, *, keep_going: bool) -> None:
        if report.rejected and not (keep_going and report.accepted):
            first = report.rejected[0]
            raise CommandError(
                f"nothing was written; rejected questions: {len(report.rejected)};"
                f" {file}, {name_place(first.where, form)}: {say(first.reason)}"
            )
