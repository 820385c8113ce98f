"""The panel of a simulated past: who judges, and each of its steps."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from courses.actions.past_panels import (
    PanelRefused,
    close_past_round,
    convene,
    decide_past_cut,
    rate_past_round,
)
from partners.actions.people import ensure_user
from partners.domain.past import ClosesRound, Convenes, Decides, Rates, Step
from partners.domain.simulated import JudgePlan, PanelPlan, PastPlan


def hold_panel(plan: PastPlan, step: Step) -> None:
    """Do a step of the panel, unless somebody on the site led it elsewhere meanwhile."""
    if plan.panel is not None:
        with suppress(PanelRefused):
            _DO[type(step)](plan.panel, plan.seed, step)


def _convene(panel: PanelPlan, seed: str, step: Convenes) -> None:
    user_ids = [_find_user(judge) for judge in panel.judges]
    convene(course=panel.training, description=panel.description, user_ids=user_ids, now=step.at)


def _rate(panel: PanelPlan, seed: str, step: Rates) -> None:
    rate_past_round(
        course=panel.training,
        user_id=_find_user(panel.judges[step.judge]),
        severities=[judge.severity for judge in panel.judges],
        judge=step.judge,
        seed=seed,
        now=step.at,
    )


def _close(panel: PanelPlan, seed: str, step: ClosesRound) -> None:
    close_past_round(course=panel.training, opens_next=not step.last, now=step.at)


def _decide(panel: PanelPlan, seed: str, step: Decides) -> None:
    decide_past_cut(course=panel.training, percent=panel.cut, reason=panel.reason, now=step.at)


def _find_user(judge: JudgePlan) -> int:
    return ensure_user(email=judge.email, name=judge.name, language="en")


_DO: dict[type[Step], Callable[[PanelPlan, str, Any], None]] = {
    Convenes: _convene,
    Rates: _rate,
    ClosesRound: _close,
    Decides: _decide,
}
