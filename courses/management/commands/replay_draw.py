"""``manage.py replay_draw``: whether the questions of an attempt come out the same again."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.models import DrawRecord
from courses.queries.draws import Replay, replay_draw


class Command(BaseCommand):
    help = "Draw the questions of an attempt again from what was kept, and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the attempt's code, as in its address")
        parser.add_argument("--json", action="store_true", help="print one object")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"]
        try:
            replay = replay_draw(code)
        except DrawRecord.DoesNotExist:
            raise CommandError(f"{code}: there is no such attempt") from None
        if options["json"]:
            self.stdout.write(json.dumps(_describe(replay), ensure_ascii=False, indent=2))
        if replay.gone:
            raise CommandError(f"{code}: {len(replay.gone)} versions it was drawn from are gone")
        if not replay.same:
            raise CommandError(f"{code}: the draw comes out otherwise than the attempt is")
        if not options["json"]:
            self.stdout.write(f"{code}: the same {len(replay.kept)} questions in the same order")
            for one in replay.relaxed:
                what = f"{one.seen} seen before, {one.exposed} above the cap, {one.missing} missing"
                self.stdout.write(f"  {one.cell or 'on trial'}: {what}")


def _describe(replay: Replay) -> dict[str, Any]:
    return {
        "code": replay.code,
        "same": replay.same,
        "kept": [asdict(place) for place in replay.kept],
        "again": [asdict(place) for place in replay.again],
        "relaxed": [asdict(one) for one in replay.relaxed],
        "gone": list(replay.gone),
    }
