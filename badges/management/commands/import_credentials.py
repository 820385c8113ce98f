"""``manage.py import_credentials FILE``"""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.credentials import NotReady
from badges.actions.imports import ImportReport, TooManyAtOnce, import_credentials
from badges.domain.rosters import Roster, read_roster
from badges.keystore import KeyMissing
from badges.management.progress import show_progress
from badges.queries.rosters import Lookalike
from lms.tables import MAX_BYTES, TableUnreadable, read_table
from lms.wording.retold import retell

HELP = """Issue certificates to a list of people, or take over certificates issued elsewhere before.

FILE is CSV (UTF-8; comma, semicolon or tab) or XLSX (its first sheet). Columns, in any order:
email, name, achievement, issued_on, valid_until, number, language. Only email is always needed; a
name is needed for people who are new here. A row with issued_on was issued elsewhere before: it
keeps its dates, renews nothing, and nobody gets a mail if that was more than a week ago. A row
without issued_on is refused, unless --undated issues it now, as by hand. valid_until is the first
day it no longer holds; without it the achievement's own rule says. number is the certificate's
number elsewhere.

Everything is checked before anything is issued. Running it twice issues nothing twice.

--json prints one object: accepted (rows), rejected [{ref, field, reason}], duplicates [{ref,
email, name, others [{recipient, ref, name, emails}]}] (people who may be on record under another
address), renamed [{ref, name,
printed}] (people on record under another name, which is printed), known
[{ref, code}] (there already), issued [{ref, code}], dry_run. Exit status 1 if a row is refused.
With --keep-going that happens only if no row is right.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--achievement", default="", metavar="SLUG", help="of rows without one")
        parser.add_argument("--undated", action="store_true", help="issue rows without a day now")
        parser.add_argument("--dry-run", action="store_true", help="check, write nothing")
        parser.add_argument(
            "--keep-going",
            action="store_true",
            help="leave out rows at fault and issue the rest, row by row",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        file: Path = options["file"]
        try:
            report = import_credentials(
                self._read(file, options["achievement"], undated=options["undated"]),
                keep_going=options["keep_going"],
                dry_run=options["dry_run"],
                actor=None,
                now=timezone.now(),
                progress=show_progress(self.stderr),
            )
        except (OSError, TableUnreadable, NotReady, TooManyAtOnce, KeyMissing) as error:
            raise CommandError(f"{file}: {error}") from error
        told = describe(report) | {"dry_run": options["dry_run"]}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._tell(file, told)
        if told["rejected"] and not (options["keep_going"] and told["accepted"]):
            first = told["rejected"][0]
            place = ", ".join(filter(None, [str(file), first["ref"], first["field"]]))
            rows = len({each["ref"] for each in told["rejected"]})
            raise CommandError(
                f"nothing was issued; refused rows: {rows}; {place}: {first['reason']}"
            )

    def _read(self, file: Path, achievement: str, *, undated: bool) -> Roster:
        with file.open("rb") as opened:
            table = read_table(opened.read(MAX_BYTES + 1))
        return read_roster(
            table, achievement=achievement, undated=undated, today=timezone.localdate()
        )

    def _tell(self, file: Path, told: dict[str, Any]) -> None:
        for each in told["rejected"]:
            place = ", ".join(filter(None, [str(file), each["ref"], each["field"]]))
            self.stdout.write(f"refused: {place}: {each['reason']}")
        for each in told["duplicates"]:
            others = "; ".join(map(_name, each["others"]))
            self.stdout.write(
                f"perhaps one person: {each['ref']}, {each['name']} ({each['email']}) and {others}"
            )
        for each in told["renamed"]:
            self.stdout.write(f"{each['ref']}, {each['name']}: is printed as {each['printed']}")
        self.stdout.write(
            f"accepted {told['accepted']}, there already {len(told['known'])},"
            f" issued {len(told['issued'])}"
        )


def describe(report: ImportReport) -> dict[str, Any]:
    """Return a report with the keys that ``--json`` documents."""
    admission = report.admission
    return {
        "accepted": len(admission.admitted),
        "rejected": [
            {"ref": _ref(each.row), "field": each.field, "reason": retell(each.error)}
            for each in admission.refusals
        ],
        "duplicates": [_describe_lookalike(look) for look in report.lookalikes],
        "renamed": [
            {"ref": _ref(each.row.row), "name": each.row.name, "printed": each.printed}
            for each in admission.admitted
            if each.printed
        ],
        "known": [
            {"ref": _ref(each.row.row), "code": each.code}
            for each in admission.admitted
            if each.code
        ],
        "issued": [{"ref": _ref(row), "code": code} for row, code in report.issued],
    }


def _describe_lookalike(look: Lookalike) -> dict[str, Any]:
    others = [
        {
            "recipient": other.recipient_id,
            "ref": _ref(other.row) if other.row is not None else "",
            "name": other.name,
            "emails": list(other.emails),
        }
        for other in look.others
    ]
    return {"ref": _ref(look.row), "email": look.email, "name": look.name, "others": others}


def _name(other: dict[str, Any]) -> str:
    place = other["ref"] or f"recipient {other['recipient']}"
    return f"{other['name']} ({place}, {', '.join(other['emails'])})"


def _ref(row: int) -> str:
    return f"row {row}"
