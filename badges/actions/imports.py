"""Issuing a list: each right row exactly once, all of them or, if asked, as many as can be."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from badges.actions.actors import require_permission
from badges.actions.credentials import (
    AchievementUnknown,
    Dates,
    Issued,
    NotReady,
    SourceTaken,
    issue,
)
from badges.actions.recipients import register_recipient
from badges.domain.admitting import Admission, Admitted
from badges.domain.identity import NotPrintable
from badges.domain.rosters import Refusal, Roster, RowRefused
from badges.models import IssuerProfile
from badges.queries.rosters import Lookalike, admit_roster, list_lookalikes

MAY = "lms_badges.add_credential"
# What one transaction may issue on SQLite: nobody else can save an answer meanwhile, and whoever
# waits longer than the connection's 20 seconds is turned away.
AT_ONCE = 1000

Progress = Callable[[int, int, str], None]


class TooManyAtOnce(Exception):
    """So many certificates in one transaction would keep everybody else from writing."""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of a list's rows, or would become."""

    admission: Admission
    lookalikes: tuple[Lookalike, ...]
    issued: tuple[tuple[int, str], ...] = ()  # row, code

    @property
    def is_clean(self) -> bool:
        return not self.admission.refusals


def import_credentials(
    roster: Roster,
    *,
    keep_going: bool = False,
    dry_run: bool = False,
    actor: int | None,
    now: datetime,
    progress: Progress = lambda _done, _total, _what: None,
) -> ImportReport:
    """Issue what the rows of a list ask for, each exactly once; a second run issues nothing.

    If any row is refused, nothing is issued, unless ``keep_going``: then the right ones are, each
    in a transaction of its own. A row with a day was issued elsewhere before: it keeps its dates
    and renews nothing. ``PermissionDenied``, ``NotReady`` or ``TooManyAtOnce`` say why nothing
    could be tried.
    """
    require_permission(actor, MAY)
    if not IssuerProfile.objects.exists():
        raise NotReady(_("No issuer is defined yet."))
    admission = admit_roster(roster, localdate(now, get_default_timezone()))
    report = ImportReport(admission=admission, lookalikes=list_lookalikes(admission))
    if dry_run or not (report.is_clean or keep_going):
        return report
    work = _Work(actor=actor, now=now, progress=progress)
    if keep_going:
        work.issue_each(admission.fresh)
    else:
        _refuse_too_many(len(admission.fresh))
        work.issue_all(admission.fresh)
    refusals = (*admission.refusals, *work.refusals)
    return ImportReport(
        admission=Admission(
            admitted=tuple(each for each in admission.admitted if each.row.row not in work.failed),
            refusals=tuple(sorted(refusals, key=lambda each: each.row)),
        ),
        lookalikes=report.lookalikes,
        issued=tuple(sorted(work.issued)),
    )


def _refuse_too_many(count: int) -> None:
    if connection.vendor == "sqlite" and count > AT_ONCE:
        raise TooManyAtOnce(
            _(
                "%(count)d certificates in one transaction would keep the site from saving for too"
                " long on SQLite: issue at most %(most)d at once, or row by row (--keep-going)."
            )
            % {"count": count, "most": AT_ONCE}
        )


class _Stop(Exception):
    """A row failed: what its transaction wrote is taken back."""


class _Work:
    """Issues rows, and remembers what became of each."""

    def __init__(self, *, actor: int | None, now: datetime, progress: Progress) -> None:
        self._actor, self._now, self._progress = actor, now, progress
        self.issued: list[tuple[int, str]] = []
        self.refusals: list[Refusal] = []

    @property
    def failed(self) -> set[int]:
        return {each.row for each in self.refusals}

    def issue_all(self, rows: Sequence[Admitted]) -> None:
        """Issue all in one transaction, or none.

        People come first and everything in one order, so that two imports at the same time wait
        for each other instead of blocking each other.
        """
        with suppress(_Stop), transaction.atomic():
            people = {each: self._register(each) for each in _by_address(rows)}
            for done, each in enumerate(sorted(rows, key=lambda each: each.source)):
                self._progress(done, len(rows), each.row.email)
                self._try(each, people[each])
        self.issued = [] if self.refusals else self.issued
        self._progress(len(rows), len(rows), "")

    def issue_each(self, rows: Sequence[Admitted]) -> None:
        """Issue what can be, each in a transaction of its own."""
        for done, each in enumerate(rows):
            self._progress(done, len(rows), each.row.email)
            with suppress(_Stop), transaction.atomic():
                self._try(each, self._register(each))
        self._progress(len(rows), len(rows), "")

    def _register(self, each: Admitted) -> int:
        return register_recipient(email=each.row.email, name=each.row.name, now=self._now)

    def _try(self, each: Admitted, recipient_id: int) -> None:
        try:
            issued = self._issue(each, recipient_id)
        except (AchievementUnknown, NotReady, NotPrintable, SourceTaken) as error:
            # Somebody changed the site since the rows were judged.
            self.refusals.append(Refusal(each.row.row, "", RowRefused(str(error))))
            raise _Stop from error
        if issued.created:
            self.issued.append((each.row.row, issued.code))

    def _issue(self, each: Admitted, recipient_id: int) -> Issued:
        row = each.row
        return issue(
            achievement=row.achievement,
            recipient_id=recipient_id,
            source=each.source,
            language=row.language or settings.LANGUAGE_CODE,
            actor=self._actor,
            now=self._now,
            earlier=Dates(on=row.issued_on, until=row.valid_until) if row.issued_on else None,
        )


def _by_address(rows: Sequence[Admitted]) -> list[Admitted]:
    return sorted(rows, key=lambda each: (each.row.email, each.source))
