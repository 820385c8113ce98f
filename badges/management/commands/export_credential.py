"""``manage.py export_credential CODE --format json|png|pdf|ob2 -o FILE``"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.domain.identity import NotPrintable, find_code
from badges.queries.exhibits import Exhibit, get_exhibit
from badges.queries.rendering import get_baked, get_pdf


class Command(BaseCommand):
    help = "Write a credential to a file. The PDF is the holder's, with the name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code or address")
        parser.add_argument("--format", choices=["json", "png", "pdf", "ob2"], default="json")
        parser.add_argument("-o", "--output", type=Path, required=True)

    def handle(self, **options: Any) -> None:
        exhibit = get_exhibit(find_code(options["code"]))
        if exhibit is None:
            raise CommandError(f"{options['code']}: no credential has this code.")
        try:
            options["output"].write_bytes(_export(exhibit, options["format"]))
        except (OSError, NotPrintable) as error:
            raise CommandError(f"{options['output']}: {error}") from error


def _export(exhibit: Exhibit, form: str) -> bytes:
    today = timezone.localdate()
    if form == "png":
        return get_baked(exhibit, today).body
    if form == "pdf":
        return get_pdf(exhibit, today, for_holder=True).body
    return (exhibit.ob3 if form == "json" else exhibit.ob2).encode()
