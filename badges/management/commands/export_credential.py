"""``manage.py export_credential CODE --format json|jwt|png|svg|pdf|ob2|jws -o FILE``"""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.domain.identity import NotPrintable, find_code
from badges.queries.exhibits import Exhibit, get_exhibit
from badges.queries.rendering import get_baked, get_baked_svg, get_pdf

FORMATS = ("json", "jwt", "png", "svg", "pdf", "ob2", "jws")


class Command(BaseCommand):
    help = "Write a credential to a file. The PDF is the holder's, with the name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code or address")
        parser.add_argument("--format", choices=FORMATS, default="json")
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
    files: dict[str, Callable[[], bytes]] = {
        "png": lambda: get_baked(exhibit, today).body,
        "svg": lambda: get_baked_svg(exhibit, today).body,
        "pdf": lambda: get_pdf(exhibit, today, timezone.now(), for_holder=True).body,
    }
    if form in files:
        return files[form]()
    texts = {"json": exhibit.ob3, "jwt": exhibit.jwt, "ob2": exhibit.ob2, "jws": exhibit.jws}
    return texts[form].encode()
