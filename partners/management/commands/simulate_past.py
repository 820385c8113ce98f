"""manage.py simulate_past [DIR]"""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.actions.past import fill_past, schedule_past
from partners.domain.files import FaultyFiles
from partners.domain.simulated import SIMULATION, read_plan
from partners.models import Programme
from partners.queries.past import PastProgress, list_unfinished

HELP = """Fill in the simulated past that DIR/simulation.yaml plans: companies and people who never
were, with their tries at the tests. Only a sample has such a file. It ends the day before it was
planned, can be interrupted and taken up again, and is filled in once.

With DIR the past is planned, unless it is already; without, the one that is unfinished goes on.

--json prints one object: done, total (steps), people, tried, passed (tries at tests),
reached_on (day), finished.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="DATE", help="stop after this day"
        )
        parser.add_argument(
            "--schedule", action="store_true", help="only plan it; the worker fills it in"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        pk = self._find(options["folder"])
        progress = fill_past(pk, steps=0, now=timezone.now())
        while not options["schedule"]:
            before = progress.done
            progress = fill_past(pk, steps=20, now=timezone.now(), until=options["until"])
            self._show(progress)
            if progress.finished or progress.done == before:
                break
        self._tell(progress, as_json=options["json"])

    def _find(self, folder: Path | None) -> int:
        if folder is None:
            unfinished = list_unfinished()
            if not unfinished:
                raise CommandError("No past is being filled in; name the folder that plans one.")
            return unfinished[0].id
        file = folder / SIMULATION
        if not file.is_file():
            raise CommandError(f"{file}: there is no such file")
        try:
            plan = read_plan(file.read_text(encoding="utf-8"))
            return schedule_past(plan, now=timezone.now())
        except FaultyFiles as error:
            raise CommandError(f"{folder}: nothing was planned\n{error}") from error
        except Programme.DoesNotExist:
            text = f"{folder}: load its programme first: manage.py load_programme {folder}"
            raise CommandError(text) from None

    def _tell(self, progress: PastProgress, *, as_json: bool) -> None:
        told = {
            "done": progress.done,
            "total": progress.total,
            "people": progress.people,
            "tried": progress.tried,
            "passed": progress.passed,
            "reached_on": progress.reached_on and progress.reached_on.isoformat(),
            "finished": progress.finished,
        }
        if as_json:
            self.stdout.write(json.dumps(told, indent=2))
            return
        self.stdout.write(
            f"{progress.done} of {progress.total} steps, {progress.people} people,"
            f" {progress.tried} tries, {progress.passed} passed"
        )

    def _show(self, progress: PastProgress) -> None:
        if not sys.stderr.isatty():
            return
        filled = 30 * progress.done // max(progress.total, 1)
        bar = f"[{'#' * filled}{'.' * (30 - filled)}] {progress.done}/{progress.total}"
        ending = "\n" if progress.finished else ""
        self.stderr.write(f"\r{bar} {progress.reached_on or ''}", ending=ending)
