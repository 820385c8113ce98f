"""Reviews in the admin: what is worth a look, what it rests on, and what came of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from courses.actions.reviews import CLOSE, ReviewClosed, close_review
from courses.models import Review
from courses.queries.reviews import get_review, list_looked, list_review_rows, name_groups
from lms.tables import CSV, MEDIA, write_csv
from lms.ui.admin import render_page

VIEW = "lms_courses.view_review"


class CloseForm(forms.Form):
    """What came of a review."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("review", "Outcome"),
        choices=[choice for choice in Review.Outcome.choices if choice[0] != Review.Outcome.OPEN],
    )
    note = forms.CharField(
        label=lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("What you looked at and why you decide so. Name nobody here."),
    )


def _list_companies() -> list[tuple[str, str]]:
    ids = Review.objects.exclude(group=None).values_list("group", flat=True).distinct()
    return [(str(pk), name) for pk, name in name_groups(ids.order_by()).items()]


class ReviewFilterSet(WagtailFilterSet):
    """Companies are offered by name."""

    group = ChoiceFilter(label=lazy("Company"), choices=_list_companies)

    class Meta:
        model = Review
        fields = ["kind", "outcome", "assessment", "group"]


class ReviewIndexView(generic.IndexView):
    """Joins the names of companies, and says what was looked at."""

    def get_base_queryset(self) -> Any:
        queryset = super().get_base_queryset()
        return queryset.select_related("assessment__course", "version__item")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return {**context, "looked": list_looked()}

    def get_table(self, object_list: Any) -> Any:
        rows = list(object_list)
        companies = name_groups(row.group for row in rows)
        for row in rows:
            row.company = companies.get(row.group, "")
        return super().get_table(rows)

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = list(super().header_more_buttons)
        url = reverse("lms_reviews:csv")
        return [*buttons, Button(_("Export as CSV"), url=url, icon_name="download", priority=10)]


class ReviewViewSet(ModelViewSet):
    model = Review
    name = "lms_reviews"
    url_prefix = "lms_tests/reviews"
    icon = "view"
    menu_label = pgettext_lazy("test", "Reviews")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = ReviewIndexView
    index_results_template_name = "courses/admin/reviews_results.html"
    filterset_class = ReviewFilterSet
    list_display = [
        TitleColumn(
            "kind",
            label=lazy("To look at"),
            accessor="get_kind_display",
            get_url=lambda row: reverse("lms_reviews:review", args=[row.pk]),
        ),
        Column("test", label=lazy("Test"), accessor="assessment.course.slug"),
        Column("company", label=lazy("Company")),
        Column("item", label=lazy("Item"), accessor="version.item.code"),
        "found_at",
        Column("outcome", label=pgettext_lazy("review", "Outcome"), accessor="get_outcome_display"),
    ]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [
            *patterns,
            path("review/<int:pk>/", review_view, name="review"),
            path("reviews.csv", csv_view, name="csv"),
        ]


def review_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What a review rests on; closing it."""
    _require(request)
    try:
        view = get_review(pk)
    except Review.DoesNotExist:
        raise Http404 from None
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _close(request, pk, form.cleaned_data)
        return redirect("lms_reviews:review", pk)
    context = {
        "view": view,
        "review": view.review,
        "evidence": view.review.evidence,
        "form": form,
        "may_close": request.user.has_perm(CLOSE),
    }
    return render_page(
        request,
        "courses/admin/review.html",
        context,
        title=view.review.get_kind_display(),
        icon="view",
        trail=(("lms_reviews:index", str(ReviewViewSet.menu_label)),),
    )


def csv_view(request: HttpRequest) -> StreamingHttpResponse:
    """Every review as a table."""
    _require(request)
    headers = {"Content-Disposition": 'attachment; filename="reviews.csv"'}
    rows = list(list_review_rows())
    return StreamingHttpResponse(write_csv(rows), content_type=MEDIA[CSV], headers=headers)


def _close(request: HttpRequest, pk: int, cleaned: dict[str, Any]) -> None:
    try:
        close_review(review_id=pk, actor=request.user.pk, now=timezone.now(), **cleaned)
    except ReviewClosed:
        messages.error(request, _("Somebody closed this review already; nothing was changed."))
    else:
        messages.success(request, _("The review is closed."))


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
