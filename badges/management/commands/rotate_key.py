"""``manage.py rotate_key``"""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.keys import OVERLAP, rotate_keys
from badges.domain.keys import ALGORITHMS
from badges.keystore import KeyMissing


class Command(BaseCommand):
    help = (
        "Publish new signing keys, which sign after the overlap. The old ones stay published: "
        "what they signed verifies on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--algorithm", choices=ALGORITHMS, help="one of the two; without it both change"
        )
        parser.add_argument(
            "--overlap-minutes",
            type=int,
            default=int(OVERLAP.total_seconds() // 60),
            help="how long the old key goes on signing; 0 if it leaked",
        )
        parser.add_argument("--json", action="store_true", help="keys: keys, signs_from")

    def handle(self, **options: Any) -> None:
        now, overlap = timezone.now(), timedelta(minutes=max(options["overlap_minutes"], 0))
        chosen = (options["algorithm"],) if options["algorithm"] else ALGORITHMS
        try:
            kids = rotate_keys(algorithms=chosen, overlap=overlap, now=now)
        except KeyMissing as error:
            raise CommandError(str(error)) from error
        signs_from = (now + overlap).isoformat(timespec="seconds")
        said = "\n".join([*kids, f"sign from {signs_from}"])
        answer = {"keys": list(kids), "signs_from": signs_from}
        self.stdout.write(json.dumps(answer) if options["json"] else said)
