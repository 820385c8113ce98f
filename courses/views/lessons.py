"""What people do inside a lesson: read to the end, solve, watch."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.actions.enrolment import (
    ExerciseKey,
    answer_exercise,
    finish_reading,
    note_watched,
)
from courses.queries.pages import lesson_pages
from courses.queries.progress import describe_lesson
from courses.views.people import signed_in_id


def _page(page_id: int) -> Any:
    page = lesson_pages().filter(pk=page_id).first()
    if page is None:
        raise Http404
    return page


@login_required
@require_POST
def finish(request: HttpRequest, page_id: int) -> HttpResponse:
    """Mark a lesson read and go on to the next, or back to the training after the last."""
    page = _page(page_id)
    finish_reading(user_id=signed_in_id(request), lesson=page.lesson, now=timezone.now())
    view = describe_lesson(page=page, user_id=signed_in_id(request))
    return redirect((view.following or view.course_page).url)


@login_required
@require_POST
def answer(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """Check the result somebody entered for an exercise."""
    page = _page(page_id)
    key = _find_key(page, code)
    given = request.POST.get("answer", "").strip()
    if not given:
        messages.warning(request, _("Enter a result first."))
    elif answer_exercise(
        user_id=signed_in_id(request), lesson=page.lesson, key=key, answer=given, now=timezone.now()
    ):
        messages.success(request, _("That is right."))
    else:
        messages.warning(request, _("Not yet. Read the hint and try again."))
    return redirect(f"{page.url}#exercise-{code}")


def _find_key(page: Any, code: str) -> ExerciseKey:
    for block in page.body:
        if block.block_type == "exercise" and block.value["code"] == code:
            lines = [line.strip() for line in block.value["key"].splitlines() if line.strip()]
            return ExerciseKey(
                code=code,
                kind=block.value["kind"],
                accepted=tuple(lines),
                tolerance=block.value["tolerance"] or "0",
            )
    raise Http404


@login_required
@require_POST
def watched(request: HttpRequest, page_id: int) -> JsonResponse:
    """Keep where the video stands."""
    try:
        sent = json.loads(request.body)
        seconds, length = int(sent["seconds"]), int(sent["length"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "seconds and length are whole numbers"}, status=422)
    note_watched(
        user_id=signed_in_id(request),
        lesson=_page(page_id).lesson,
        seconds=max(0, min(seconds, 86_400)),
        length=max(0, length),
        now=timezone.now(),
    )
    return JsonResponse({"seconds": seconds})
