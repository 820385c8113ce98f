"""Taking a test: confirm the name, start, answer, look over, submit, see the result."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from badges.queries import find_by_source, get_recipient_of_user
from courses.actions.attempts import flag_place, save_answer, start_attempt
from courses.actions.enrolment import confirm_printed_name, enrol
from courses.actions.log import log_shown
from courses.actions.saving import (
    AttemptClosed,
    AttemptPaused,
    SectionClosed,
    StaleAnswer,
    StoredAnswer,
)
from courses.domain.drawing import BankTooSmall
from courses.domain.items import UnreadableResponse
from courses.domain.retakes import AssessmentClosed, AttemptRefused
from courses.forms.people import PrintedNameForm
from courses.models import Attempt, AttemptItem, Course
from courses.queries.attempts import AttemptView, get_questions, get_result
from courses.queries.cases import list_cases
from courses.queries.pages import link_courses
from courses.queries.places import PlaceView, get_place
from courses.queries.progress import get_test_panels
from courses.queries.rules import describe_rules
from courses.queries.said import say_in_place
from courses.views.people import origin_of, signed_in_id
from courses.views.running import (
    close,
    find_attempt,
    go_on,
    refuse_closed,
    stop,
    submit,
    tell_clock,
)
from courses.views.sections import resume, show_pause, start_pause
from lms.wording.retold import retell

# The page's script sends this header when it fetches a place ahead, which shows it to nobody yet.
AHEAD = "X-LMS-Prefetch"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def test_intro(request: HttpRequest, course: str) -> HttpResponse:
    """The page before the test: rules, the printed name, the start button."""
    row = Course.objects.filter(slug=course).first()
    panel = get_test_panels([row.pk], request.user.pk).get(row.pk) if row else None
    if row is None or panel is None:
        raise Http404
    card = get_recipient_of_user(signed_in_id(request))
    name = card.name if card else request.user.get_full_name()  # type: ignore[union-attr]
    form = PrintedNameForm(request.POST or None, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        return _start(request, row, form.cleaned_data["name"])
    language = get_language() or "en"
    link = link_courses([row.pk], language).get(row.pk)
    rules = describe_rules(row.assessment, signed_in_id(request), language, timezone.now())
    return render(
        request,
        "courses/test_intro.html",
        {"course": row, "panel": panel, "form": form, "link": link, "rules": rules},
    )


def _start(request: HttpRequest, course: Course, name: str) -> HttpResponse:
    now, user_id = timezone.now(), signed_in_id(request)
    if not confirm_printed_name(user_id=user_id, name=name, now=now):
        text = _("Your certificates carry another name. The issuer decides whether it changes.")
        messages.info(request, text)
    enrol(user_id=user_id, course_id=course.pk, now=now)
    try:
        started = start_attempt(
            course=course.slug,
            user_id=user_id,
            language=_test_language(),
            now=now,
            origin=origin_of(request),
        )
    except (AttemptRefused, BankTooSmall) as refusal:
        text = _("The test cannot start now. Please tell the person who looks after trainings.")
        messages.error(request, text if isinstance(refusal, BankTooSmall) else _refusal(refusal))
        return redirect("lms_test", course=course.slug)
    if started.resumed:
        messages.info(request, _("Your test was already running; here it is."))
    return redirect("lms_attempt", code=started.code)


def _refusal(refusal: AttemptRefused) -> str:
    if refusal.opens_at:
        local = timezone.localtime(refusal.opens_at)
        return _("The next try opens on %(date)s.") % {"date": f"{local:%d.%m.%Y %H:%M}"}
    if isinstance(refusal, AssessmentClosed):
        return _("This test takes no new tries at present.")
    return _("A new try cannot start yet; this page says why.")


def _test_language() -> str:
    return (get_language() or "en").split("-")[0]


@login_required
@never_cache
def attempt(request: HttpRequest, code: str) -> HttpResponse:
    """Go where the person stopped."""
    view = find_attempt(request, code)
    if not view.is_open:
        return redirect("lms_result", code=code)
    return stop(request, view) or go_on(request, view)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, code: str, slot: int) -> HttpResponse:
    """One item. Without JavaScript its form saves and moves on."""
    view = find_attempt(request, code)
    if "resume" in request.POST:
        resume(request, code)
        view = find_attempt(request, code)
    stopped = stop(request, view)
    if stopped and not (request.method == "POST" and view.paused_until):
        return stopped
    item, view = _place(request, code, slot), view.at(slot)
    error = ""
    if request.method == "POST":
        try:
            return _answer(request, view, item)
        except UnreadableResponse as reason:
            if view.paused_until:
                return show_pause(request, view)
            error = capfirst(retell(reason))
        item = _place(request, code, slot)
    elif view.current and not view.current.is_open:
        return refuse_closed(request, view, slot)
    elif AHEAD not in request.headers:
        log_shown(
            code=code,
            user_id=signed_in_id(request),
            slot=slot,
            origin=origin_of(request),
            now=timezone.now(),
        )
    return render(request, "courses/place.html", {"error": error, **_place_context(view, item)})


def _answer(request: HttpRequest, view: AttemptView, item: PlaceView) -> HttpResponse:
    """Save what was posted and move on; ``UnreadableResponse`` if it is none."""
    value = _posted_value(request, item)
    try:
        if "keep" not in request.POST:
            _save(request, view.code, item.slot, value)
        return _move_on(request, view, item.slot)
    except AttemptClosed:
        return close(request, view.code)
    except AttemptPaused:
        return show_pause(request, view, **_unsent(request, item, value))
    except SectionClosed as refusal:
        return refuse_closed(request, view, item.slot, refusal)
    except StaleAnswer as refusal:
        return _ask(request, view, item, refusal)


def _unsent(request: HttpRequest, item: PlaceView, value: Any) -> dict[str, Any]:
    """What a form needs to send an answer again that was not taken."""
    return {
        "slot": item.slot,
        "fields": list(_as_fields(value)),
        "base_revision": request.POST.get("base_revision", "0"),
        "save_id": request.POST.get("save_id", ""),
    }


def _ask(
    request: HttpRequest, view: AttemptView, item: PlaceView, refusal: StaleAnswer
) -> HttpResponse:
    """Show what stands beside what was not saved, to choose from."""
    values = (refusal.stored.value, refusal.unsent)
    stored, unsent = say_in_place(view.code, signed_in_id(request), item.slot, *values)
    context = {
        **_place_context(view, item),
        "stored": stored,
        "unsent": unsent,
        "revision": refusal.stored.revision,
        "fields": list(_as_fields(refusal.unsent)),
        "go": request.POST.get("go", "next"),
    }
    return render(request, "courses/conflict.html", context, status=409)


def _as_fields(value: Any) -> Iterator[tuple[str, str]]:
    """What a plain form would send for a response: ``_posted_value`` the other way round."""
    if isinstance(value, dict):
        yield from ((f"answer.{row}", choice) for row, choice in value.items())
    elif isinstance(value, list):
        yield from (("answer", chosen) for chosen in value)
    else:
        yield "answer", value


def _place(request: HttpRequest, code: str, slot: int) -> PlaceView:
    try:
        return get_place(code, signed_in_id(request), slot)
    except AttemptItem.DoesNotExist:
        raise Http404 from None


def _place_context(view: AttemptView, item: PlaceView) -> dict[str, Any]:
    slots = [mark.slot for mark in view.marks]
    at = slots.index(item.slot)
    return {
        "attempt": view,
        "place": item,
        "flagged": view.marks[at].flagged,
        "save_id": uuid.uuid4().hex,
        "previous": slots[at - 1] if at else None,
        "following": slots[at + 1] if at + 1 < len(slots) else None,
        **tell_clock(view, timezone.now()),
    }


def _posted_value(request: HttpRequest, item: PlaceView) -> Any:
    """What a plain form sent: rows as ``answer.<row>``, options as many ``answer``, or one."""
    if item.is_paired:
        return {row.id: request.POST.get(f"answer.{row.id}", "") for row in item.rows}
    chosen = request.POST.getlist("answer")
    return chosen if item.options else (chosen or [""])[0]


def _save(request: HttpRequest, code: str, slot: int, raw: Any) -> StoredAnswer:
    base = request.POST.get("base_revision", "0")
    return save_answer(
        code=code,
        user_id=signed_in_id(request),
        slot=slot,
        raw=raw,
        base_revision=int(base) if base.isdigit() else 0,
        save_id=request.POST.get("save_id", "")[:40] or uuid.uuid4().hex,
        origin=origin_of(request),
    )


def _move_on(request: HttpRequest, view: AttemptView, slot: int) -> HttpResponse:
    go = request.POST.get("go", "next")
    if go in ("flag", "unflag"):
        flag_place(
            code=view.code,
            user_id=signed_in_id(request),
            slot=slot,
            flagged=go == "flag",
            now=timezone.now(),
        )
        return redirect("lms_place", code=view.code, slot=slot)
    if go == "pause":
        return start_pause(request, view)
    slots = [mark.slot for mark in view.marks]
    if go == "previous" and slot - 1 in slots:
        return redirect("lms_place", code=view.code, slot=slot - 1)
    if go == "next" and slot + 1 in slots:
        return redirect("lms_place", code=view.code, slot=slot + 1)
    if view.current:
        return redirect("lms_section_review", view.code, view.current.number)
    return redirect("lms_review", code=view.code)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Look over what is answered, then submit. Sections are looked over one by one."""
    view = find_attempt(request, code)
    if request.method == "POST" or not view.is_open:
        done = submit(request, code)
        return redirect("lms_result" if done else "lms_pause", code=code)
    if stopped := stop(request, view):
        return stopped
    clock = tell_clock(view, timezone.now())
    if view.sections and clock["seconds_left"]:
        return go_on(request, view)
    # Texts of sections that are over, or were never begun, are told to nobody.
    cases = () if view.sections else list_cases(code, signed_in_id(request))
    return render(request, "courses/review.html", {"attempt": view, "cases": cases, **clock})


@login_required
@never_cache
def result(request: HttpRequest, code: str) -> HttpResponse:
    """Passed or not yet: score by topic, and what to do next."""
    try:
        outcome = get_result(code, signed_in_id(request), get_language() or "en")
    except Attempt.DoesNotExist:
        raise Http404 from None
    if outcome is None:
        return redirect("lms_attempt", code=code)
    credential = find_by_source(f"courses.attempt:{outcome.attempt_id}")
    course = Course.objects.get(slug=outcome.course)
    panel = get_test_panels([course.pk], request.user.pk).get(course.pk)
    pending = bool(outcome.passed and outcome.achievement and credential is None)
    if pending and outcome.rescores and panel and panel.passed_code != code:
        pending = False  # a later try was passed: its certificate is the one
    context = {
        "result": outcome,
        "questions": get_questions(code, signed_in_id(request)) if outcome.tells_all else (),
        "credential": credential,
        "panel": panel,
        "pending": pending,
    }
    response = render(request, "courses/result.html", context)
    if pending:
        response["Refresh"] = "1"  # the certificate is being issued; works without JavaScript
    return response
