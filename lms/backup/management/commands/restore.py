"""``manage.py restore FILE``, then ``--list`` and ``--acknowledge``"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from badges.actions.ledger import rewrite_ledger
from badges.actions.restoring import Findings, acknowledge
from badges.queries.restoring import get_restoration
from lms.backup.management.speaking import Bar, add_passphrase, read_passphrase
from lms.backup.refusing import Refused
from lms.backup.restoring import Restored, catch_up_only, restore

KEYS = (
    "copied_at, aside, notes, ledger, ledger_found, status_list, replayed [{code, what, at, "
    "reason}], lost [{code, edition, issued_at, state, reason}], by_hand [as replayed], unreadable "
    "[line], keys [{kid, algorithm, number, created_at, signs}], acknowledged"
)


class Command(BaseCommand):
    help = (
        "Put a backup in place of what the site has now, which is kept aside, and replay what the "
        "ledger knows beyond it. Stop the site first. What cannot be brought back is listed, and "
        "`up` waits until it is acknowledged."
    )
    requires_system_checks: list[str] = []  # it is for sites in disorder

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("file", type=Path, nargs="?", metavar="FILE")
        what.add_argument("--list", action="store_true", help="say again what is missing")
        what.add_argument("--acknowledge", action="store_true", help="you have read it: may serve")
        what.add_argument(
            "--ledger-only",
            action="store_true",
            help="the database was brought back by other means: replay the ledger",
        )
        add_passphrase(parser)
        parser.add_argument("--force", action="store_true", help="although a worker swept just now")
        parser.add_argument("--json", action="store_true", help=f"keys: {KEYS}")

    def handle(self, **options: Any) -> None:
        try:
            told = self._act(options, timezone.now())
        except Refused as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"{options['file'] or 'restore'}: {error}") from error
        self.stdout.write(json.dumps(told) if options["json"] else _say(told))

    def _act(self, options: dict[str, Any], now: datetime) -> dict[str, Any]:
        if options["acknowledge"]:
            return _acknowledge(now)
        if options["list"]:
            return _last()
        if options["ledger_only"]:
            return _tell(now, catch_up_only(now=now))
        passphrase = read_passphrase(options, new=False)
        bar = Bar(self.stderr, shown=not options["json"])
        done: Restored = restore(
            options["file"], passphrase, now=now, force=options["force"], say=bar.say
        )
        told = _tell(done.copied_at, done.findings)
        return {**told, "aside": done.aside, "notes": done.notes}


def _acknowledge(now: datetime) -> dict[str, Any]:
    acknowledge(now=now)
    told = _last()
    if not told["ledger_found"] and not Path(told["ledger"]).exists():
        rewrite_ledger()  # the old one is gone for good: this one knows what the copy knows
    return told


def _last() -> dict[str, Any]:
    last = get_restoration()
    if last is None:
        raise CommandError("This database was never restored from a backup.")
    return _tell(last.copied_at, Findings(**last.findings))


def _tell(copied_at: datetime, findings: Findings) -> dict[str, Any]:
    last = get_restoration()
    told = {"copied_at": copied_at.isoformat(), "aside": [], "notes": [], **asdict(findings)}
    return {**told, "acknowledged": last is None or last.acknowledged_at is not None}


def _say(told: dict[str, Any]) -> str:
    lines = [f"The copy is of {told['copied_at'][:16].replace('T', ' ')} UTC."]
    lines += [f"Put aside: {path}" for path in told["aside"]]
    lines += [f"Replayed: {_act(one)}" for one in told["replayed"]]
    if not told["ledger_found"]:
        lines.append(
            f"There is no ledger at {told['ledger']}: what was issued and withdrawn since the copy "
            "is not known. If its disk is only not mounted, mount it and restore again."
        )
    lines += [_lost(one) for one in told["lost"]]
    lines += [f"Do again by hand: {_act(one)}" for one in told["by_hand"]]
    lines += [f"Not readable: line {number} of {told['ledger']}" for number in told["unreadable"]]
    lines += [_key(one) for one in told["keys"]]
    lines += told["notes"]
    if told["acknowledged"]:
        return "\n".join([*lines, "The site may be started."])
    last = "Once you have dealt with this, run manage.py restore --acknowledge: until then "
    return "\n".join([*lines, f"{last}manage.py up refuses to serve."])


def _act(one: dict[str, Any]) -> str:
    return f"{one['code']} {one['what']} at {one['at']}: {one['reason']}".rstrip(": ")


def _key(one: dict[str, Any]) -> str:
    said = f"Key brought back: {one['kid']} ({one['algorithm']}, made at {one['created_at']})"
    if one["signs"]:
        return f"{said}: it verifies and signs."
    return f"{said}: it verifies and signs no more; its private part is not in the store."


def _lost(one: dict[str, Any]) -> str:
    said = f"Lost: {one['code']} edition {one['edition']}, issued at {one['issued_at']}"
    reason = f" ({one['reason']})" if one["reason"] else ""
    return f"{said}, {one['state']}{reason}"
