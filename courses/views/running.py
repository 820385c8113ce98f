"""What the pages of a running test share: where one stands in it, and how it stops."""

from datetime import datetime
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.actions.attempts import submit_attempt
from courses.actions.running import leave_section
from courses.actions.saving import AttemptPaused, SectionClosed
from courses.models import Attempt
from courses.queries.attempts import AttemptView, get_attempt
from courses.views.people import origin_of, signed_in_id
from lms.conf import get_conf


def find_attempt(request: HttpRequest, code: str) -> AttemptView:
    """Return this person's attempt, or 404."""
    try:
        return get_attempt(code, signed_in_id(request), get_language() or "en")
    except Attempt.DoesNotExist:
        raise Http404 from None


def stop(request: HttpRequest, view: AttemptView) -> HttpResponse | None:
    """Return where to go if no page of questions may be shown: it is over, or paused."""
    if not view.is_open or view.closes_at < timezone.now():
        return close(request, view.code)
    return redirect("lms_pause", code=view.code) if view.paused_until else None


def close(request: HttpRequest, code: str) -> HttpResponse:
    """End a test whose time is over."""
    if not submit(request, code):
        return redirect("lms_pause", code=code)
    messages.info(request, _("The test is over. Every answer saved in time was counted."))
    return redirect("lms_result", code=code)


def submit(request: HttpRequest, code: str) -> bool:
    """Submit; ``False`` if the test is paused."""
    try:
        submit_attempt(
            code=code, user_id=signed_in_id(request), now=timezone.now(), origin=origin_of(request)
        )
    except AttemptPaused:
        return False
    return True


def go_on(request: HttpRequest, view: AttemptView) -> HttpResponse:
    """Go where the person stopped: a question, a look over, or the beginning of a section."""
    if not view.sections:
        slot = view.first_open_slot
        return redirect("lms_place", view.code, slot) if slot else redirect("lms_review", view.code)
    view = _leave_what_is_over(request, view)
    begun = [section for section in view.sections if section.begun]
    if begun and begun[-1].is_open:
        return _go_into(view, begun[-1].number)
    if due := next((section for section in view.sections if section.due), None):
        return redirect("lms_section", view.code, due.number)
    still_open = [section for section in begun if section.is_open]
    return _go_into(view, still_open[-1].number) if still_open else close(request, view.code)


def _leave_what_is_over(request: HttpRequest, view: AttemptView) -> AttemptView:
    """Close sections whose own time has run out, and say so."""
    now = timezone.now()
    over = [one for one in view.sections if one.is_open and one.deadline and one.deadline <= now]
    for section in over:
        leave_section(
            code=view.code,
            user_id=signed_in_id(request),
            number=section.number,
            now=now,
            origin=origin_of(request),
        )
        text = _("The time of the section “%(title)s” is over. What was saved in time counts.")
        messages.info(request, text % {"title": section.title})
    return find_attempt(request, view.code) if over else view


def _go_into(view: AttemptView, number: int) -> HttpResponse:
    slot = view.inside(number).first_open_slot
    if slot:
        return redirect("lms_place", view.code, slot)
    return redirect("lms_section_review", view.code, number)


def refuse_closed(
    request: HttpRequest, view: AttemptView, slot: int, refusal: SectionClosed | None = None
) -> HttpResponse:
    """Say that a question cannot be opened, or that an answer to it came too late."""
    section = view.at(slot).current
    if refusal and refusal.begun:
        text = _(
            "Your answer to question %(slot)s was not saved: its section is closed. What you sent"
            " is kept in the log of this test."
        )
        messages.warning(request, text % {"slot": slot})
    elif section and section.begun:
        text = _("The section “%(title)s” is closed. Its questions cannot be opened again.")
        messages.warning(request, text % {"title": section.title})
    else:
        messages.warning(request, _("This question belongs to a section that comes later."))
    return redirect("lms_attempt", view.code)


def tell_clock(view: AttemptView, now: datetime) -> dict[str, Any]:
    """Seconds of the clock that runs out first, and by how many the test's own runs longer.

    ``pace`` is about how many lie between two questions that the page fetches ahead.
    """
    left = max(0, int((view.deadline - now).total_seconds()))
    ends = view.current.deadline if view.current else None
    own = max(0, ceil((ends - now).total_seconds())) if ends else left
    runs = min(own, left)
    return {
        "seconds_left": runs,
        "seconds_more": left - runs,
        "minutes_in_all": left // 60,
        "pace": get_conf().fetch_ahead_seconds,
    }
