"""Saying that a result is wrong, and taking that back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.actions.contests import (
    ContestPending,
    TooManyContests,
    open_contest,
    withdraw_contest,
)
from courses.domain.contests import due_on
from courses.forms.contests import ContestForm
from courses.models import Attempt, Contest
from courses.queries.attempts import AttemptView, get_attempt
from courses.views.people import signed_in_id
from lms.conf import get_conf


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, code: str) -> HttpResponse:
    """Write what is wrong with a question or the whole result."""
    try:
        view = get_attempt(code, signed_in_id(request), get_language() or "en")
    except Attempt.DoesNotExist:
        raise Http404 from None
    if view.is_open:
        return redirect("lms_attempt", code=code)
    initial = {"question": request.GET.get("question", "")}
    form = ContestForm(request.POST or None, initial=initial, total=view.total)
    if request.method == "POST" and form.is_valid() and _open(request, view, form):
        return redirect("lms_result", code=code)
    due = due_on(timezone.localdate(), get_conf().contest_working_days)
    return render(request, "courses/contest.html", {"attempt": view, "form": form, "due_on": due})


def _open(request: HttpRequest, view: AttemptView, form: ContestForm) -> bool:
    try:
        opened = open_contest(
            code=view.code,
            user_id=signed_in_id(request),
            slot=form.cleaned_data["question"],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except ContestPending:
        form.add_error(None, _("This is contested already; it is not answered yet."))
    except TooManyContests:
        form.add_error(None, _("This result was contested as often as it may be."))
    else:
        text = _("It is received. You are answered by %(date)s.")
        messages.success(request, text % {"date": f"{opened.due_on:%d.%m.%Y}"})
        return True
    return False


@login_required
@never_cache
@require_POST
def withdraw(request: HttpRequest, code: str, contest_id: int) -> HttpResponse:
    """Take it back while it is not answered."""
    try:
        withdraw_contest(contest_id=contest_id, user_id=signed_in_id(request), now=timezone.now())
    except Contest.DoesNotExist:
        raise Http404 from None
    return redirect("lms_result", code=code)
