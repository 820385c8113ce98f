"""Ratings from a file: a panel that met on paper. All rows are taken, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission
from courses.actions.panels import RoundClosed
from courses.domain.ratings import ITEM, JUDGE, ROUND, RatingFault, RatingRefused, RatingRow
from courses.models import Panel, Rating
from courses.queries.panels import CHAIR


@dataclass(kw_only=True)
class RatingsReport:
    """What a file came to."""

    taken: int = 0
    rounds: tuple[int, ...] = ()
    faults: list[RatingFault] = field(default_factory=list)
    written: bool = False


@transaction.atomic
def import_ratings(
    *,
    panel_id: int,
    rows: Sequence[RatingRow],
    dry_run: bool,
    actor: int | None,
    now: datetime,
) -> RatingsReport:
    """Write ratings of the open round and of those after it; the last one in the file stays open.

    Rounds that are closed stay as they are. One fault and nothing is written. Raises
    ``PermissionDenied``, or ``RoundClosed`` where no round is open.
    """
    require_permission(actor, CHAIR)
    panel = Panel.objects.select_for_update().get(pk=panel_id)
    if panel.state != Panel.State.OPEN:
        raise RoundClosed(_("No round is open: open one for the ratings of the file."))
    judges, items = _find_judges(panel), _find_items(panel)
    told = sorted({row.round for row in rows})
    filled = {*told, panel.round} if _is_begun(panel) else set(told)
    faults = [fault for row in rows for fault in _judge(row, panel, judges, items, filled)]
    report = RatingsReport(taken=len(rows), rounds=tuple(told), faults=faults)
    if faults or dry_run or not rows:
        return report
    Rating.objects.bulk_create(
        [
            Rating(
                judge_id=judges[row.judge],
                item_id=items[row.item.casefold()],
                round=row.round,
                percent=row.percent,
                saved_at=now,
            )
            for row in rows
        ],
        update_conflicts=True,
        update_fields=["percent", "saved_at"],
        unique_fields=["judge", "item", "round"],
    )
    panel.round = told[-1]
    panel.save(update_fields=["round"])
    record(panel, "lms_courses.ratings_imported", actor, ratings=len(rows), rounds=told)
    report.written = True
    return report


def _is_begun(panel: Panel) -> bool:
    return Rating.objects.filter(item__panel=panel, round=panel.round).exists()


def _find_judges(panel: Panel) -> dict[str, int]:
    email = get_user_model().get_email_field_name()
    seats = panel.judges.filter(user__isnull=False).values_list(f"user__{email}", "pk")
    return {address.casefold(): pk for address, pk in seats}


def _find_items(panel: Panel) -> dict[str, int]:
    codes = panel.items.values_list("version__item__code", "pk")
    return {code.casefold(): pk for code, pk in codes}


def _judge(
    row: RatingRow,
    panel: Panel,
    judges: dict[str, int],
    items: dict[str, int],
    filled: set[int],
) -> Iterator[RatingFault]:
    if row.judge not in judges:
        refusal = RatingRefused("nobody with this address sits on the panel: seat them first")
        yield RatingFault(row.row, JUDGE, refusal)
    if row.item.casefold() not in items:
        refusal = RatingRefused("no item with this code is before the panel")
        yield RatingFault(row.row, ITEM, refusal)
    if row.round < panel.round:
        refusal = RatingRefused("this round is closed; its ratings stay as they are")
        yield RatingFault(row.row, ROUND, refusal)
    elif lacking := [one for one in range(panel.round, row.round) if one not in filled]:
        refusal = RatingRefused("the file has no ratings of round %(round)s", round=lacking[0])
        yield RatingFault(row.row, ROUND, refusal)
