"""``manage.py export_items --bank SLUG --format csv|xlsx|gift|moodle -o FILE``"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from courses.domain.formats.sheet.template import template_rows
from courses.models import ItemBank
from courses.queries.exchange import CSV, WRITTEN, XLSX, list_questions, write_questions
from lms import tables


class Command(BaseCommand):
    help = (
        "Write the items of a bank to a file, in one language: CSV, XLSX, GIFT or Moodle XML. What"
        " the format cannot hold is said on standard error. --template writes an empty table with"
        " an example of each kind instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bank", default="", metavar="SLUG")
        parser.add_argument("--format", choices=WRITTEN, default=CSV)
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE.split("-")[0], metavar="CODE"
        )
        parser.add_argument("--retired", action="store_true", help="with those no longer drawn")
        parser.add_argument("--template", action="store_true", help="an empty table, no bank")
        parser.add_argument("-o", "--output", type=Path, help="else standard output")

    def handle(self, **options: Any) -> None:
        body = self._template(options) if options["template"] else self._export(options)
        try:
            if options["output"]:
                options["output"].write_bytes(body)
            else:
                sys.stdout.buffer.write(body)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error}") from error

    def _template(self, options: dict[str, Any]) -> bytes:
        rows = template_rows()
        if options["format"] == XLSX:
            return tables.write_xlsx(rows)
        if options["format"] == CSV:
            return b"".join(tables.write_csv(rows))
        raise CommandError(f"--format {options['format']}: a template is a table, csv or xlsx")

    def _export(self, options: dict[str, Any]) -> bytes:
        bank = ItemBank.objects.filter(slug=options["bank"]).first()
        if bank is None:
            known = ", ".join(ItemBank.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"--bank {options['bank']}: no such bank. There are: {known}")
        form = options["format"]
        questions = list_questions(bank, options["language"], form=form, retired=options["retired"])
        body, lost = write_questions(questions, form)
        for note in lost:
            code = questions[note.where - 1].code if note.where else bank.slug
            self.stderr.write(f"lost: {code}: {note.what}")
        return body
