"""manage.py simulate RULES --people FILE"""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.domain.evaluation import evaluate
from partners.domain.files import FaultyFiles
from partners.domain.roster import describe_decision, read_roster, read_rules, render_decision

HELP = """Evaluate rules on plain files, without touching the database.

RULES is a rules document in YAML or JSON, alone or as the "programme" part of a programme.yaml.

--people FILE is a CSV file with a row for each certificate of each person:
  partner,email,name,job,since,until,achievement,valid_from,valid_until
partner and email are required, every other column may be empty or left out. since and until are the
days of the person's link to the company; until and valid_until are the first day that no longer
counts. Somebody without a certificate has one row with achievement empty; somebody with three
has three rows that repeat the first six columns. A person is linked to one company on any day.

--json prints one object: rules_version, on, partners {name: {on, tier, tier_name, next_tier,
missing {line: people}, next_change_on, lines [{tier, id, needed, counted, missing, people [e-mail],
not_counted [{person, reason other_line|spare, line}]}]}}; lines of every tier, lowest first.
"""


class Command(BaseCommand):
    help = HELP
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("rules", type=Path, metavar="RULES")
        parser.add_argument("--people", type=Path, metavar="FILE", required=True)
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        try:
            rules = read_rules(_read(options["rules"]), str(options["rules"]))
            roster = read_roster(_read(options["people"]), str(options["people"]))
        except FaultyFiles as error:
            raise CommandError(str(error)) from error
        on: date = options["on"] or timezone.now().astimezone(rules.zone).date()
        told = {
            partner: describe_decision(evaluate(rules, facts, on), rules, roster.emails)
            for partner, facts in roster.facts.items()
        }
        if options["json"]:
            whole = {"rules_version": rules.version, "on": on.isoformat(), "partners": told}
            self.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2))
            return
        for partner, decision in told.items():
            self.stdout.write(render_decision(partner, decision))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: must be UTF-8; byte {error.start} is not") from error
