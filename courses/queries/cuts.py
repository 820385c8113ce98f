"""What panels came to, for who chairs them, and where the cut of a test comes from."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain import angoff
from courses.models import Assessment, Judge, Panel, Rating
from courses.queries.panels import get_rounds
from courses.queries.statistics import read_figures


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a judge is in the round."""

    judge: Judge
    name: str
    rated: int
    total: int
    removable: bool  # who has rated nothing yet may be taken from the panel


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """An item with what the last closed round said of it."""

    position: int
    code: str
    text: str
    cell: str
    opinion: angoff.ItemOpinion


@dataclass(frozen=True, kw_only=True)
class JudgeLine:
    """A judge with what they said in the last closed round."""

    name: str
    opinion: angoff.JudgeOpinion


@dataclass(frozen=True, kw_only=True)
class PanelReport:
    """Closed rounds by number; items and judges are those of the last. Figures are percent.

    ``test_error`` is the standard error of measurement of the test, if it was sat often enough.
    """

    rounds: dict[int, angoff.RoundReport]
    last: angoff.RoundReport
    items: tuple[ItemLine, ...]
    judges: tuple[JudgeLine, ...]
    test_error: float | None

    @property
    def whole(self) -> int | None:
        """The recommended cut as a test can have it."""
        return None if self.last.cut is None else angoff.to_whole(self.last.cut)

    @property
    def around(self) -> tuple[float, float] | None:
        """The cut less and more one standard error of measurement."""
        if self.last.cut is None or self.test_error is None:
            return None
        return self.last.cut - self.test_error, self.last.cut + self.test_error

    @property
    def disputed(self) -> int:
        """How many items the judges disagree about."""
        return sum(line.opinion.is_disputed for line in self.items)


def get_report(panel: Panel) -> PanelReport | None:
    """Return what closed rounds came to, nothing before the first is closed.

    What the open round says is told to nobody: whoever chairs may be a judge too.
    """
    if not panel.closed_rounds:
        return None
    rounds = get_rounds(panel, range(1, panel.closed_rounds + 1))
    last = rounds[panel.closed_rounds]
    opinions = {one.item: one for one in last.items}
    names = {judge.pk: name_of(judge.user) for judge in panel.judges.select_related("user")}
    return PanelReport(
        rounds=rounds,
        last=last,
        items=tuple(
            ItemLine(
                position=row.position,
                code=row.version.item.code,
                text=row.version.item.excerpt,
                cell=row.cell,
                opinion=opinions[row.pk],
            )
            for row in panel.items.select_related("version__item")
        ),
        judges=tuple(JudgeLine(name=names[one.judge], opinion=one) for one in last.judges),
        test_error=(panel.summary or {}).get("test_error")
        if panel.state == Panel.State.DECIDED
        else find_test_error(panel.assessment),
    )


def find_test_error(assessment: Assessment) -> float | None:
    """Return the standard error of measurement of a test in percent, if it was sat enough."""
    error = read_figures(assessment)[0].assessment.error
    return None if error is None else 100 * error


def list_progress(panel: Panel) -> list[Progress]:
    """Return how far each judge is in the round; nothing of what they said."""
    total = panel.items.count()
    this_round = Count("ratings", filter=Q(ratings__round=panel.round))
    judges = panel.judges.select_related("user")
    return [
        Progress(
            judge=judge,
            name=name_of(judge.user),
            rated=judge.rated,
            total=total,
            removable=not judge.ever,
        )
        for judge in judges.annotate(rated=this_round, ever=Count("ratings"))
    ]


def name_of(user: Any) -> str:
    """Return how a judge is called."""
    if user is None:
        return _("A person no longer on record")
    return str(user.get_full_name() or user.get_username())


def list_rating_rows(panel: Panel) -> list[tuple[object, ...]]:
    """Return the ratings of closed rounds as the columns of ``domain.ratings``."""
    email = get_user_model().get_email_field_name()
    rows = Rating.objects.filter(item__panel=panel, round__lte=panel.closed_rounds)
    rows = rows.order_by("round", "judge", "item__position")
    names = (f"judge__user__{email}", "item__version__item__code", "round", "percent")
    return [
        (judge or _("A person no longer on record"), *others)
        for judge, *others in rows.values_list(*names)
    ]


def with_figures(panels: QuerySet[Panel]) -> QuerySet[Panel]:
    """Return panels with ``seats``, how many judges each has."""
    return panels.annotate(seats=Count("judges")).select_related("assessment__course")


def find_origin(assessment: Assessment) -> Panel | None:
    """Return the panel that decided last about a test's cut."""
    return assessment.panels.filter(state=Panel.State.DECIDED).order_by("-decided_at").first()


def say_origin(panel: Panel, cut_percent: int) -> str:
    """Return how a panel decided about a cut, and whether the test has another one by now."""
    seats = (panel.summary or {}).get("judges", 0)
    judges = ngettext("%(count)d judge", "%(count)d judges", seats) % {"count": seats}
    rounds = ngettext("%(count)d round", "%(count)d rounds", panel.round) % {"count": panel.round}
    cut = f"{panel.cut_percent} %"
    said = _("A panel decided on %(date)s (%(judges)s, %(rounds)s): %(cut)s.") % {
        "date": date_format(localtime(panel.decided_at), "j E Y"),
        "judges": judges,
        "rounds": rounds,
        "cut": cut if panel.error is None else f"{cut} ± {round(panel.error)}",
    }
    if panel.cut_percent != cut_percent:
        said += " " + _("The percentage was changed by hand since; the panel did not judge it.")
    return said
