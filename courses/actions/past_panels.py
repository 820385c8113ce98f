"""A panel of judges in a simulated past, led through the actions a chair and judges use."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from courses.actions.panels import (
    PanelRefused,
    close_round,
    decide_cut,
    open_panel,
    open_round,
    rate,
    seat_judge,
)
from courses.domain.simulation import Asked, rate_item
from courses.models import Assessment, Panel

__all__ = ["PanelRefused", "close_past_round", "convene", "decide_past_cut", "rate_past_round"]


def convene(*, course: str, description: str, user_ids: Sequence[int], now: datetime) -> None:
    """Open a panel and seat its judges, who are given the permission to judge."""
    permission = Permission.objects.get(
        codename="judge_panel", content_type__app_label=Panel._meta.app_label
    )
    assessment = Assessment.objects.get(course__slug=course)
    panel = open_panel(assessment_id=assessment.pk, description=description, actor=None, now=now)
    for user in get_user_model()._default_manager.filter(pk__in=user_ids):
        user.user_permissions.add(permission)
        seat_judge(panel_id=panel.pk, user_id=user.pk, actor=None, now=now)


def rate_past_round(
    *, course: str, user_id: int, severities: Sequence[float], judge: int, seed: str, now: datetime
) -> None:
    """Let a judge rate every item of the open round."""
    panel = _find(course, now)
    for item in panel.items.select_related("version__item"):
        version = item.version
        asked = Asked(code=version.item.code, body=version.parsed)
        rate(
            panel_id=panel.pk,
            user_id=user_id,
            version_id=version.pk,
            percent=rate_item(asked, severities, judge, number=panel.round, seed=seed),
            actor=None,
            now=now,
        )


def close_past_round(*, course: str, opens_next: bool, now: datetime) -> None:
    """Close the open round, and open the next one if there is to be one."""
    panel = close_round(panel_id=_find(course, now).pk, actor=None, now=now)
    if opens_next:
        open_round(panel_id=panel.pk, actor=None, now=now)


def decide_past_cut(*, course: str, percent: int, reason: str, now: datetime) -> None:
    """Decide the cut."""
    decide_cut(panel_id=_find(course, now).pk, percent=percent, reason=reason, actor=None, now=now)


def _find(course: str, now: datetime) -> Panel:
    """The past's own panel: one that staff opened meanwhile is of a later day."""
    panels = Panel.objects.filter(assessment__course__slug=course, created_at__lte=now)
    found = panels.order_by("created_at").last()
    if found is None:
        raise PanelRefused("no panel was convened")
    return found
