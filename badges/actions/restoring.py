"""After a restore: nothing is used twice, and what the ledger knows beyond the copy is caught up.

Codes need no care here. They are 85 bits from the system's own randomness, which no copy takes
back: that a code comes again after a restore is as likely as that two strangers' codes meet.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from badges.actions.keys import bring_back_keys
from badges.actions.ledger import replaying
from badges.actions.withdrawal import (
    CredentialUnknown,
    NotSuspendable,
    ReasonMissing,
    reinstate,
    revoke,
    suspend,
)
from badges.domain.ledger import REINSTATED, REVOKED, SUSPENDED, Line, Lost, Plan, plan
from badges.ledger import read_ledger
from badges.models import (
    Credential,
    Edition,
    LedgerLine,
    LostEdition,
    Restoration,
    SigningKey,
    StatusList,
)
from lms.conf import get_conf
from lms.events.queue import unhurried

LEAP = 1000  # lists skipped when no ledger says which were opened after the copy
BATCH = 500
ACTIONS: dict[str, Callable[..., None]] = {
    REVOKED: revoke,
    SUSPENDED: suspend,
    REINSTATED: reinstate,
}


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a restored copy was brought up to, and what a person has to look at.

    ``lost`` are editions issued after the copy, ``by_hand`` acts that cannot be replayed,
    ``unreadable`` numbers of lines, and ``keys`` were made after the copy and are published again.
    Moments are ISO 8601.
    """

    ledger: str
    ledger_found: bool
    status_list: int
    replayed: list[dict[str, Any]]
    lost: list[dict[str, Any]]
    by_hand: list[dict[str, Any]]
    unreadable: list[int]
    keys: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether the copy now knows all that was known before."""
        return self.ledger_found and not (self.lost or self.by_hand or self.unreadable)


def catch_up(*, copied_at: datetime, now: datetime) -> Findings:
    """Make a restored copy fit to serve; all or nothing. Doing it twice adds only a status list."""
    reading = read_ledger()
    lines = reading.lines if reading else ()
    with unhurried(), transaction.atomic():
        # First: what is replayed may sign, and must not make keys of the same numbers.
        keys = bring_back_keys(line.key for line in lines if line.key)
        number = _open_list(lines, found=reading is not None, now=now)
        fresh = list(_unknown(lines))
        todo = _plan(fresh)
        refused = [line for line in todo.replay if not _replay(line)]
        findings = Findings(
            ledger=str(get_conf().ledger),
            ledger_found=reading is not None,
            status_list=number,
            replayed=[_told(line) for line in todo.replay if line not in refused],
            lost=[_told_lost(lost) for lost in todo.lost],
            by_hand=[_told(line) for line in [*todo.by_hand, *refused]],
            unreadable=list(reading.unreadable) if reading else [],
            keys=[_told_key(key) for key in keys],
        )
        _remember(fresh)
        _keep(findings, todo.lost, copied_at, now)
    return findings


def acknowledge(*, now: datetime) -> bool:
    """Note that the operator has read what was found; ``False`` if there was nothing to read."""
    open_ones = Restoration.objects.filter(acknowledged_at__isnull=True)
    return bool(open_ones.update(acknowledged_at=now))


def _open_list(lines: Sequence[Line], *, found: bool, now: datetime) -> int:
    """Open a list above every one that was ever drawn from, and those the copy is without."""
    known = set(StatusList.objects.values_list("pk", flat=True))
    told = {line.status_list for line in lines if line.status_list}
    number = max({0} | known | told) + (1 if found else LEAP)
    opened = [*sorted(told - known), number]
    StatusList.objects.bulk_create([StatusList(pk=one, changed_at=now) for one in opened])
    with connection.cursor() as cursor:  # PostgreSQL does not count rows it was given numbers for
        for statement in connection.ops.sequence_reset_sql(no_style(), [StatusList]):
            cursor.execute(statement)
    return number


def _unknown(lines: Sequence[Line]) -> Iterator[Line]:
    for start in range(0, len(lines), BATCH):
        part = lines[start : start + BATCH]
        uids = [line.uid for line in part]
        known = set(LedgerLine.objects.filter(uid__in=uids).values_list("uid", flat=True))
        yield from (line for line in part if line.uid not in known)


def _plan(lines: Sequence[Line]) -> Plan:
    codes = sorted({line.code for line in lines})
    known: set[str] = set()
    for start in range(0, len(codes), BATCH):
        part = Credential.objects.filter(code__in=codes[start : start + BATCH])
        known.update(part.values_list("code", flat=True))
    return plan(lines, known, [str(kind) for kind in Edition.REPLACING])


def _replay(line: Line) -> bool:
    """Do again what was done, in its own time and words; ``False`` if the site refuses."""
    try:
        with replaying(line.uid):
            ACTIONS[line.kind](code=line.code, reason=line.reason, actor=None, now=line.at)
    except (CredentialUnknown, NotSuspendable, ReasonMissing):
        return False
    return True


def _remember(lines: Sequence[Line]) -> None:
    """These lines are in the file and dealt with: a later copy need not ask again."""
    keys = dict(SigningKey.objects.values_list("kid", "pk"))
    rows = (
        LedgerLine(
            uid=line.uid,
            kind=line.kind[:10],
            code=line.code[:17],
            at=line.at,
            reason=line.reason,
            edition=line.edition,
            edition_kind=line.edition_kind[:10],
            list_number=line.status_list,
            list_index=line.status_index,
            key_id=keys[line.key.kid] if line.key else None,
            written=True,
        )
        for line in _unknown(lines)  # what was replayed left its row
    )
    LedgerLine.objects.bulk_create(rows, batch_size=BATCH)


def _keep(findings: Findings, lost: Sequence[Lost], copied_at: datetime, now: datetime) -> None:
    restoration = Restoration.objects.create(
        copied_at=copied_at,
        restored_at=now,
        acknowledged_at=now if findings.is_complete else None,
        findings=asdict(findings),
    )
    rows = [
        LostEdition(
            restoration=restoration,
            code=each.line.code,
            number=each.line.edition,
            issued_at=each.line.at,
            status_list_id=each.line.status_list,
            status_index=each.line.status_index,
            state=each.state,
            reason=each.reason,
            changed_at=each.at,
        )
        for each in lost
    ]
    # A restore that was begun anew finds its own rows.
    LostEdition.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    StatusList.objects.filter(lost__restoration=restoration).update(changed_at=now)


def _told(line: Line) -> dict[str, Any]:
    at = line.at.isoformat()
    return {"code": line.code, "what": line.kind, "at": at, "reason": line.reason}


def _told_key(key: SigningKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "algorithm": key.algorithm,
        "number": key.number,
        "created_at": key.created_at.isoformat(),
        "signs": not key.verifies_only,
    }


def _told_lost(lost: Lost) -> dict[str, Any]:
    return {
        "code": lost.line.code,
        "edition": lost.line.edition,
        "issued_at": lost.line.at.isoformat(),
        "state": lost.state or "valid",
        "reason": lost.reason,
    }
