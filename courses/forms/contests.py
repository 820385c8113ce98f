"""What people type to contest a result, and staff to answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from courses.domain.contests import LONGEST
from courses.models import Contest, ScoringRun

RUNS = 50  # the newest ones: an answer comes soon after


class ContestForm(forms.Form):
    """What is wrong, and with which question if it is about one."""

    question = forms.IntegerField(
        label=lazy("Number of the question"),
        help_text=lazy("Leave it empty if it is about the whole result."),
        required=False,
        min_value=1,
    )
    reason = forms.CharField(
        label=lazy("What is wrong, and why?"),
        help_text=lazy("At most 2,000 characters. Name a source if there is one."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total

    def clean_question(self) -> int | None:
        number: int | None = self.cleaned_data["question"]
        if number is not None and number > self.total:
            text = _("The test had %(total)s questions: write a number from 1 to %(total)s.")
            raise forms.ValidationError(text % {"total": self.total})
        return number


class AnswerForm(forms.Form):
    """What is answered. The score changes by a scoring run alone, which may be named."""

    outcome = forms.ChoiceField(
        label=lazy("Outcome"),
        choices=[
            (Contest.Outcome.UPHELD, lazy("The person is right")),
            (Contest.Outcome.REFUSED, lazy("The result stands")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=lazy("Answer"),
        help_text=lazy("The person reads it word for word."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    run = forms.ModelChoiceField(
        label=lazy("Scoring run that put it right"),
        queryset=ScoringRun.objects.none(),
        required=False,
        help_text=lazy("Answering changes no score: correct the question and score again first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = ScoringRun.objects.order_by("-pk").values("pk")[:RUNS]
        runs = ScoringRun.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = _name_run  # type: ignore[attr-defined]


def _name_run(run: ScoringRun) -> str:
    return f"#{run.pk} · {run.created_at:%d.%m.%Y} · {run.reason[:60]}"
