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
from partners.domain.roster import (
    Roster,
    add_companies,
    add_metrics,
    add_standings,
    read_roster,
    read_rules,
)
from partners.domain.rules import RulesDocument
from partners.domain.telling import describe_decision, render_decision

HELP = """Evaluate rules on plain files, without touching the database.

RULES is a rules document in YAML or JSON, alone or as the "programme" part of a programme.yaml.

--people FILE is a CSV file with a row for each certificate of each person:
  partner,email,name,job,since,until,achievement,valid_from,valid_until,state,office,region,country
partner and email are required, every other column may be empty or left out. since and until are the
days of the person's link to the company; until and valid_until are the first day that no longer
counts. state is empty, suspended or under_review. Somebody without a certificate has one row with
achievement empty; somebody with three has three rows that repeat what is theirs. A person is linked
to one company on any day.

--metrics FILE has the numbers, a row for each value as known on a day:
  partner,metric,on,value,office,region,country,source

--partners FILE has what new partners and ranks within a country need:
  partner,joined_on,country

--json prints one object: rules_version, on, partners {name: {on, tier, tier_name, place, protected,
next_tier, missing {line: people, or how much of a number}, next_change_on, lines [{tier, id, kind,
state, part_of, needed, counted, missing, people [e-mail], not_counted [{person, reason, line}]}]}};
lines of every tier, lowest first, those within a group after it. kind is people, credentials,
metric, rank, points, competencies, competency, group or different; state is met, short, not_asked,
not_needed, closed or unknown; reason is other_line, spare, job, former_employer, suspended or
under_review. Lines of a number also have value, at_least and at_most, points their sources [{id,
points, state}], people with sub-minimums including [{needed, counted}].
"""


class Command(BaseCommand):
    help = HELP
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("rules", type=Path, metavar="RULES")
        parser.add_argument("--people", type=Path, metavar="FILE", required=True)
        parser.add_argument("--metrics", type=Path, metavar="FILE")
        parser.add_argument("--partners", type=Path, metavar="FILE")
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        try:
            rules = read_rules(_read(options["rules"]), str(options["rules"]))
            on: date = options["on"] or timezone.now().astimezone(rules.zone).date()
            roster = _read_roster(rules, options, on)
        except FaultyFiles as error:
            raise CommandError(str(error)) from error
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


def _read_roster(rules: RulesDocument, options: dict[str, Any], on: date) -> Roster:
    people, companies, metrics = options["people"], options["partners"], options["metrics"]
    roster = read_roster(_read(people), str(people))
    if companies:
        roster = add_companies(roster, _read(companies), str(companies))
    if metrics:
        roster = add_metrics(roster, _read(metrics), str(metrics), rules)
    return add_standings(roster, rules, on)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: must be UTF-8; byte {error.start} is not") from error
