"""``manage.py item_statistics TRAINING``"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.domain.statistics import LEAST
from courses.models import Assessment
from courses.queries.statistics import COLUMNS, AssessmentFigures, get_figures, list_rows
from lms.tables import write_csv


class Command(BaseCommand):
    help = (
        "Tell how the test of a training and its items did, by classical test theory: facility,"
        " discrimination with the rest of the attempt, options by fifths, alpha, standard error,"
        " Livingston's consistency at the cut. Tests are drawn, so figures of the whole test are"
        f" estimates from the items that met. Below {LEAST} answers nothing is told. --json prints"
        " assessment and items; -o writes the items as CSV."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("training", metavar="TRAINING", help="its slug")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("-o", "--output", type=Path, help="a CSV file of the items")

    def handle(self, **options: Any) -> None:
        slug = options["training"]
        assessment = Assessment.objects.filter(course__slug=slug).first()
        if assessment is None:
            known = ", ".join(Assessment.objects.values_list("course__slug", flat=True)) or "none"
            raise CommandError(f"{slug}: no training of this slug has a test. There are: {known}")
        figures = get_figures(assessment)
        if options["output"]:
            self._write(options["output"], figures)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(figures), ensure_ascii=False, indent=2))
        elif not options["output"]:
            for row in list_rows(figures):
                self.stdout.write("  ".join(str(cell) for cell in row))

    def _write(self, path: Path, figures: AssessmentFigures) -> None:
        try:
            with path.open("wb") as file:
                file.writelines(write_csv([COLUMNS, *list_rows(figures)]))
        except OSError as error:
            raise CommandError(f"{path}: {error}") from error
