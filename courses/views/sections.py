"""Sections of a running test: the page before one, the look over at its end; and pauses."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.actions.running import (
    NoBreakLeft,
    SectionNotDue,
    enter_section,
    leave_section,
    pause_attempt,
    resume_attempt,
)
from courses.actions.saving import AttemptClosed, AttemptPaused
from courses.queries.attempts import AttemptView
from courses.queries.cases import list_cases
from courses.views.people import origin_of, signed_in_id
from courses.views.running import find_attempt, go_on, stop, submit, tell_clock


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The page before a section: what it asks, how long it takes, whether one may come back."""
    view = find_attempt(request, code)
    if stopped := stop(request, view):
        return stopped
    asked = view.section(number)
    if asked is None:
        raise Http404
    if asked.is_open and not asked.due:
        slot = view.inside(number).first_open_slot or view.inside(number).marks[0].slot
        return redirect("lms_place", code, slot)
    if not asked.due:
        return go_on(request, view)
    if request.method == "POST":
        return _enter(request, view, number)
    # The section's own clock does not run yet: the test's is shown.
    context = {"attempt": view, "section": asked, **tell_clock(view, timezone.now())}
    return render(request, "courses/section.html", context)


def _enter(request: HttpRequest, view: AttemptView, number: int) -> HttpResponse:
    try:
        enter_section(
            code=view.code,
            user_id=signed_in_id(request),
            number=number,
            now=timezone.now(),
            origin=origin_of(request),
        )
    except (AttemptClosed, AttemptPaused, SectionNotDue):
        return redirect("lms_attempt", view.code)
    return redirect("lms_place", view.code, view.inside(number).marks[0].slot)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def section_review(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Look over a section, then finish it. The last one's look over submits the test."""
    view = find_attempt(request, code)
    if stopped := stop(request, view):
        return stopped
    inside = view.inside(number)
    asked = inside.current
    if asked is None:
        raise Http404
    now = timezone.now()
    if not asked.is_open or (asked.deadline and asked.deadline <= now):
        return go_on(request, view)
    must_confirm = bool(asked.one_way and inside.following and inside.unanswered)
    if request.method == "POST" and (not must_confirm or "sure" in request.POST):
        return _finish(request, inside)
    context = {
        "attempt": inside,
        "cases": list_cases(code, signed_in_id(request), section=number),
        "must_confirm": must_confirm,
        "unsure": request.method == "POST",
        **tell_clock(inside, now),
    }
    return render(request, "courses/review.html", context)


def _finish(request: HttpRequest, view: AttemptView) -> HttpResponse:
    """Leave a section for the next one, or submit after the last."""
    if view.current is None or view.following is None:
        submit(request, view.code)
        return redirect("lms_result", view.code)
    try:
        leave_section(
            code=view.code,
            user_id=signed_in_id(request),
            number=view.current.number,
            now=timezone.now(),
            origin=origin_of(request),
        )
    except (AttemptClosed, AttemptPaused):
        return redirect("lms_attempt", view.code)
    return redirect("lms_section", view.code, view.following.number)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """Stop the clock, and let it go on."""
    view = find_attempt(request, code)
    if request.method == "POST" and request.POST.get("go") != "on":
        return start_pause(request, view)
    if request.method == "POST":
        resume(request, code)
        return redirect("lms_attempt", code)
    if view.paused_until is None:
        return redirect("lms_attempt", code)
    return show_pause(request, view)


def show_pause(request: HttpRequest, view: AttemptView, **more: object) -> HttpResponse:
    """The page of a pause; it goes on by itself when the minutes for breaks are used up."""
    now = timezone.now()
    until = view.paused_until or now
    left = max(0, int((until - now).total_seconds()))
    response = render(
        request,
        "courses/pause.html",
        {"attempt": view, "minutes": -(-left // 60), "until": until, **more},
    )
    if not more:
        response["Refresh"] = str(left + 1)  # works without JavaScript
    return response


def start_pause(request: HttpRequest, view: AttemptView) -> HttpResponse:
    """Stop the clock, or say that no minutes for breaks are left."""
    try:
        pause_attempt(
            code=view.code,
            user_id=signed_in_id(request),
            now=timezone.now(),
            origin=origin_of(request),
        )
    except NoBreakLeft:
        messages.warning(request, _("Your minutes for breaks are used up; the clock runs on."))
    except AttemptClosed:
        pass  # the attempt's own page says so
    else:
        return redirect("lms_pause", view.code)
    return redirect("lms_attempt", view.code)


def resume(request: HttpRequest, code: str) -> None:
    """Let the clock go on; of a test that is over its own page tells."""
    with suppress(AttemptClosed):
        resume_attempt(
            code=code, user_id=signed_in_id(request), now=timezone.now(), origin=origin_of(request)
        )
