"""``manage.py export_credentials -o FILE --format csv|xlsx``"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.management.progress import show_progress
from badges.queries.achievements import is_achievement
from badges.queries.register import REGISTER, STATES, find_registered, list_register
from lms.tables import CSV, FORMATS, write_csv, write_xlsx


class Command(BaseCommand):
    help = f"Write a list of what was issued, a row a certificate: {', '.join(REGISTER)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-o", "--output", type=Path, required=True)
        parser.add_argument("--achievement", default="", metavar="SLUG")
        parser.add_argument("--state", choices=STATES, default="")
        parser.add_argument("--format", choices=FORMATS, default=CSV)

    def handle(self, **options: Any) -> None:
        slug, today = options["achievement"], timezone.localdate()
        if slug and not is_achievement(slug):
            raise CommandError(f"{slug}: no achievement has this slug.")
        found = find_registered(achievement=slug, state=options["state"], on=today)
        rows = self._watch(list_register(found, today), found.count())
        try:
            with options["output"].open("wb") as file:
                parts = write_csv(rows) if options["format"] == CSV else [write_xlsx(rows)]
                file.writelines(parts)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error}") from error

    def _watch(
        self, rows: Iterator[tuple[object, ...]], total: int
    ) -> Iterator[tuple[object, ...]]:
        draw = show_progress(self.stderr)
        for done, row in enumerate(rows):
            yield row
            draw(min(done, total), total, str(row[0]))
