"""Contested results in the Wagtail admin: what is due, and the answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from courses.actions.contests import MAY_ANSWER, answer_contest
from courses.forms.contests import AnswerForm
from courses.models import Contest
from courses.queries.people import name_people
from lms.ui.admin import render_page


def _overdue(row: Contest) -> bool:
    return row.is_overdue(timezone.localdate())


class ContestIndexView(generic.IndexView):
    """Open ones first, the longest due at the top; names are joined, never stored twice."""

    default_ordering = None

    def get_base_queryset(self) -> Any:
        rows: QuerySet[Contest] = super().get_base_queryset()
        answered = Case(When(state=Contest.State.OPEN, then=Value(0)), default=Value(1))
        rows = rows.select_related("attempt__assessment__course", "attempt__user")
        return rows.order_by(answered, "due_on", "pk")


class ContestViewSet(ModelViewSet):
    model = Contest
    name = "lms_contests"
    icon = "comment"
    menu_label = lazy("Contested results")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = ContestIndexView
    list_display = [
        TitleColumn(
            "id",
            label=lazy("Contest"),
            accessor="__str__",
            get_url=lambda row: reverse("lms_contests:answer", args=[row.pk]),
        ),
        Column(
            "course",
            label=pgettext_lazy("attempt", "Training"),
            accessor="attempt.assessment.course.slug",
        ),
        Column("slot", label=lazy("Question")),
        "opened_at",
        "due_on",
        BooleanColumn("overdue", label=lazy("Overdue"), accessor=_overdue),
        Column("state", label=lazy("State"), accessor="get_state_display"),
        Column("outcome", label=lazy("Outcome"), accessor="get_outcome_display"),
    ]
    list_filter = ["state", "outcome", "attempt__assessment__course"]
    search_fields = ["attempt__user__email", "attempt__code"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [*patterns, path("answer/<int:pk>/", answer_view, name="answer")]


def answer_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What was contested beside where to look, and the answer."""
    if not request.user.has_perm(MAY_ANSWER):
        raise PermissionDenied
    rows = Contest.objects.select_related("attempt__assessment__course", "run", "answered_by")
    contest = get_object_or_404(rows, pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, contest, form)
    places = contest.attempt.items.select_related("version__item")
    context = {
        "contest": contest,
        "person": name_people([contest.attempt.user_id])[contest.attempt.user_id],
        "place": places.filter(slot=contest.slot or 0).first(),
        "overdue": _overdue(contest),
        "form": form,
    }
    return render_page(
        request,
        "courses/admin/contest.html",
        context,
        title=_("Contested result %(number)s") % {"number": pk},
        icon="comment",
        trail=(("lms_contests:index", _("Contested results")),),
    )


def _answer(request: HttpRequest, contest: Contest, form: AnswerForm) -> HttpResponse:
    run = form.cleaned_data["run"]
    done = answer_contest(
        contest_id=contest.pk,
        upheld=form.cleaned_data["outcome"] == Contest.Outcome.UPHELD,
        answer=form.cleaned_data["answer"],
        run_id=run.pk if run else None,
        actor=request.user.pk,
        now=timezone.now(),
    )
    if done:
        messages.success(request, _("The answer is kept and the person is told."))
    else:
        messages.warning(request, _("It was answered or withdrawn meanwhile."))
    return redirect("lms_contests:index")
