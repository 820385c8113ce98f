"""manage.py evaluate PARTNER"""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.queries import get_recipients
from partners.domain.results import walk_lines
from partners.domain.telling import describe_decision, render_decision
from partners.queries import compute_decision, find_partner

HELP = """Say which tier a company holds and why, without changing anything.

--json prints one object: partner, rules_version, on, tier, tier_name, next_tier, missing
{line: people}, next_change_on, lines [{tier, id, needed, counted, missing, people [e-mail],
not_counted [{person, reason other_line|spare, line}]}]; lines of every tier, lowest first.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("partner", metavar="PARTNER", help="the company's slug")
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        on: date = options["on"] or timezone.localdate()
        partner = find_partner(options["partner"], on)
        if partner is None:
            raise CommandError(f"no company is called {options['partner']}")
        computed = compute_decision(partner.id, on)
        if computed is None:
            raise CommandError(f"no rules were in force on {on}")
        version, decision = computed
        lines = [line for tier in decision.tiers for line in walk_lines(tier.lines)]
        ids = {each.person for line in lines for each in line.people}
        ids |= {each.person for line in lines for each in line.standby}
        emails = {
            key: card.email for key, card in get_recipients(sorted(ids)).items() if card.email
        }
        told = describe_decision(decision, version.rules, emails)
        if options["json"]:
            named = {"partner": partner.slug, "rules_version": version.version, **told}
            self.stdout.write(json.dumps(named, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(render_decision(f"{partner.name} ({version})", told))
