"""A panel of judges that has sat: seats, rounds, ratings."""

from datetime import datetime

from courses.actions.panels import close_round, open_panel, open_round, rate, seat_judge
from courses.models import Panel
from lms.accounts.models import User

WHO = "Restores a cluster alone, asks before touching a standby."


def make_judges(count: int) -> list[User]:
    """Staff who may judge."""
    return [
        User.objects.create_user(
            f"judge{number}@halden.example", "x", name=f"Judge {number}", is_staff=True
        )
        for number in range(1, count + 1)
    ]


def make_panel(assessment_id: int, judges: list[User], now: datetime) -> Panel:
    """A panel in its first round with these judges."""
    panel = open_panel(assessment_id=assessment_id, description=WHO, actor=None, now=now)
    for judge in judges:
        seat_judge(panel_id=panel.pk, user_id=judge.pk, actor=None, now=now)
    return panel


def rate_all(panel: Panel, judge: User, percents: dict[str, int], now: datetime) -> None:
    """Let a judge say the same of every item of a topic."""
    for item in panel.items.select_related("version__item__topic"):
        rate(
            panel_id=panel.pk,
            user_id=judge.pk,
            version_id=item.version_id,
            percent=percents[item.version.item.topic.slug],
            actor=judge.pk,
            now=now,
        )


def close(panel: Panel, now: datetime) -> Panel:
    return close_round(panel_id=panel.pk, actor=None, now=now)


def reopen(panel: Panel, now: datetime) -> Panel:
    return open_round(panel_id=panel.pk, actor=None, now=now)
