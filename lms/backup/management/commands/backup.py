"""``manage.py backup FILE``"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from lms.backup.making import Made, make_backup
from lms.backup.management.speaking import Bar, add_passphrase, read_passphrase
from lms.backup.refusing import Refused


class Command(BaseCommand):
    help = (
        "Write database, keys, secrets and uploads into one encrypted file, while the site runs. "
        "The passphrase is LMS_BACKUP_PASSPHRASE or in a file; without it nobody can restore."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_passphrase(parser)
        keys = "file, made_at, bytes, database, keys, uploads, notes"
        parser.add_argument("--json", action="store_true", help=f"keys: {keys}")

    def handle(self, **options: Any) -> None:
        passphrase = read_passphrase(options, new=True)
        file, now = options["file"], timezone.now()
        bar = Bar(self.stderr, shown=not options["json"])
        try:
            made = make_backup(file, passphrase, now=now, progress=bar)
        except Refused as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"{file}: {error}") from error
        told = {"file": str(file), "made_at": now.isoformat(), **asdict(made)}
        self.stdout.write(json.dumps(told) if options["json"] else _say(file, made))


def _say(file: Path, made: Made) -> str:
    first = (
        f"{file}: {made.bytes / 2**20:.1f} MB with the database, {made.keys} private keys and "
        f"{made.uploads} uploads."
    )
    return "\n".join([first, *made.notes])
