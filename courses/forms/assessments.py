"""A test as an editor sets it up: what is drawn, what passes, when one may try again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from pydantic import ValidationError as DataError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from courses.domain.blueprint import Blueprint, BlueprintCheck, Exposure, check_blueprint
from courses.domain.editing import TypedWrongly
from courses.domain.feedback import FeedbackPolicy
from courses.domain.lines import (
    read_cases,
    read_draw,
    read_percents,
    read_sections,
    write_cases,
    write_draw,
    write_percents,
    write_sections,
)
from courses.domain.retakes import RetakePolicy
from courses.domain.sections import check_sections
from courses.models import Assessment
from courses.queries.banks import list_stock
from lms.wording.retold import retell

MANY = 1_000_000
ORDERS = [
    ("random", lazy("Drawn anew for each try")),
    ("fixed", lazy("By topic, as the bank has them")),
]
AFTER_PASS = [
    ("any", lazy("At any time")),
    ("days", lazy("After so many days")),
    ("window", lazy("When the certificate may be renewed")),
]
WHAT = [
    ("none", lazy("Passed or not, nothing else")),
    ("score", lazy("The points")),
    ("topics", lazy("Points by topic, and lessons to return to")),
    ("full", lazy("Each question with the right answer and why")),
]
WHEN = [
    ("at_once", lazy("At once")),
    ("after", lazy("From a day on")),
    ("never", lazy("Never")),
]


class AssessmentForm(WagtailAdminModelForm):
    """A test with its blueprint, its rules of trying again, and what people are told."""

    draw_lines = forms.CharField(
        label=lazy("Items drawn by topic"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=lazy(
            "One on a line: the topic's slug, a colon, how many. For example “wal: 5”, or by"
            " difficulty “wal: 2 easy, 2 normal, 1 hard”."
        ),
    )
    case_lines = forms.CharField(
        label=lazy("Cases drawn by topic"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=lazy(
            "One on a line, such as “wal: 1 of 3”: one case of the topic, with three questions."
            " Only cases of exactly so many questions are drawn, so that each test is equally long."
        ),
    )
    pilots = forms.IntegerField(
        label=lazy("Items on trial"),
        min_value=0,
        max_value=50,
        initial=0,
        required=False,
        help_text=lazy(
            "So many are drawn beside the others from items whose state is “on trial”. They look"
            " the same and do not count."
        ),
    )
    order = forms.ChoiceField(label=lazy("Order of the questions"), choices=ORDERS, required=False)
    exposure_percent = forms.IntegerField(
        label=lazy("Spare an item that stood in this percentage of tries"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=lazy("Empty: no limit. When too few are left, such items are taken last."),
    )
    exposure_last = forms.IntegerField(
        label=lazy("… of the last tries"),
        min_value=2,
        max_value=10_000,
        initial=100,
        required=False,
    )
    exposure_most = forms.IntegerField(
        label=lazy("Or spare an item after so many tries in all"), min_value=1, required=False
    )
    minimum_lines = forms.CharField(
        label=lazy("Percent to reach in single topics"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=lazy("One on a line, such as “wal: 50”. Empty: only the points in all decide."),
    )
    section_lines = forms.CharField(
        label=lazy("Sections"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=lazy(
            "One on a line, in the order in which they are taken: a short name, a colon, the slugs"
            " of its topics, its title in each language. It may have minutes of its own, and be"
            " one-way: once finished it is not shown again. For example “labs: pitr, archiving;"
            " 20 minutes; one-way; en = Practice; ru = Практика”. Empty: the test is one whole."
        ),
    )
    waits = forms.CharField(
        label=lazy("Days to wait after a failed try"),
        initial="1, 7, 14",
        help_text=lazy("After the first, the second, … failed try; the last number repeats."),
    )
    most_in_year = forms.IntegerField(
        label=lazy("Most tries within 365 days"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=lazy("Empty: no limit."),
    )
    revisit = forms.BooleanField(
        label=lazy("First read again the lessons that the last result pointed to"), required=False
    )
    once_passed = forms.ChoiceField(
        label=lazy("Whoever passed may try again"), choices=AFTER_PASS, required=False
    )
    once_passed_days = forms.IntegerField(
        label=lazy("Days after the pass"), min_value=1, max_value=3650, required=False
    )
    feedback_what = forms.ChoiceField(
        label=lazy("After the test people are told"),
        choices=WHAT,
        initial="topics",
        required=False,
        help_text=lazy(
            "Each includes what stands before it. Right answers leave the server only with the"
            " last one; questions shown that way are known from then on."
        ),
    )
    feedback_when = forms.ChoiceField(label=lazy("When"), choices=WHEN, required=False)
    feedback_day = forms.DateField(label=lazy("The day"), widget=AdminDateInput, required=False)

    check: BlueprintCheck | None = None

    class Meta:
        model = Assessment
        fields = ("course", "bank", "minutes", "cut_percent", "calculator", "accepting")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, value in _typed(self.instance).items():
                self.fields[name].initial = value

    def clean_draw_lines(self) -> Any:
        return self._read(read_draw, "draw_lines")

    def clean_case_lines(self) -> Any:
        return self._read(read_cases, "case_lines")

    def clean_minimum_lines(self) -> Any:
        return self._read(read_percents, "minimum_lines")

    def clean_section_lines(self) -> Any:
        return self._read(read_sections, "section_lines")

    def clean_waits(self) -> list[int]:
        parts = [part.strip() for part in self.cleaned_data["waits"].split(",") if part.strip()]
        if not parts or not all(part.isdecimal() and len(part) < 5 for part in parts):
            raise forms.ValidationError(_("Write whole numbers with commas, such as 1, 7, 14."))
        return [int(part) for part in parts]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._clean_days(cleaned)
        if "draw_lines" in cleaned and "case_lines" in cleaned:
            drawn = {*cleaned["draw_lines"], *cleaned["case_lines"]}
            for topic in sorted(set(cleaned.get("minimum_lines") or ()) - drawn):
                text = _("Nothing is drawn from the topic “%(topic)s”.")
                self.add_error("minimum_lines", text % {"topic": topic})
        if not self.errors:
            self._build(cleaned)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        for name in ("blueprint", "retakes", "feedback"):
            setattr(self.instance, name, self.cleaned_data[name].model_dump(mode="json"))
        self.instance.minimums = self.cleaned_data["minimum_lines"]
        sections = self.cleaned_data["section_lines"]
        self.instance.sections = [one.model_dump(mode="json") for one in sections]
        return super().save(commit)

    def _read(self, read: Callable[[str], Any], name: str) -> Any:
        try:
            return read(self.cleaned_data[name])
        except TypedWrongly as error:
            raise forms.ValidationError(capfirst(retell(error))) from error

    def _clean_days(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("once_passed") == "days" and not cleaned.get("once_passed_days", True):
            self.add_error("once_passed_days", _("Say after how many days."))
        if cleaned.get("feedback_when") == "after" and not cleaned.get("feedback_day", True):
            self.add_error("feedback_day", _("Say from which day on."))
        if cleaned.get("exposure_percent") and cleaned.get("exposure_most"):
            self.add_error("exposure_most", _("Choose one of the two limits."))

    def _build(self, cleaned: dict[str, Any]) -> None:
        """Put the fields together into what is kept, and see what the bank makes of it."""
        try:
            cleaned["blueprint"] = _blueprint(cleaned)
        except DataError:
            self.add_error("draw_lines", _("At most 500 items of a topic can be drawn."))
            return
        cleaned["retakes"] = RetakePolicy(
            wait_days=tuple(min(days, 3650) for days in cleaned["waits"]),
            most_in_year=cleaned["most_in_year"],
            revisit=cleaned["revisit"],
            once_passed={"days": cleaned["once_passed_days"], "window": "window"}.get(
                cleaned["once_passed"]
            ),
        )
        cleaned["feedback"] = FeedbackPolicy(
            what=cleaned["feedback_what"] or "topics",
            when=cleaned["feedback_when"] or "at_once",
            day=cleaned["feedback_day"],
        )
        self._check_bank(cleaned["blueprint"], cleaned["bank"].pk)
        try:
            check_sections(cleaned["section_lines"], cleaned["blueprint"], cleaned["minutes"])
        except TypedWrongly as error:
            self.add_error("section_lines", capfirst(retell(error)))

    def _check_bank(self, blueprint: Blueprint, bank_id: int) -> None:
        self.check = check_blueprint(blueprint, list_stock(bank_id))
        for topic, missing in self.check.shortages.items():
            text = _("The bank lacks %(missing)s live items of the topic “%(topic)s”.")
            self.add_error("draw_lines", text % {"missing": missing, "topic": topic})
        for topic, missing in self.check.cases_missing.items():
            text = _(
                "The bank lacks %(missing)s live cases of the topic “%(topic)s” with exactly"
                " %(questions)s questions, all of them live."
            )
            questions = blueprint.cases[topic].questions
            said = {"missing": missing, "topic": topic, "questions": questions}
            self.add_error("case_lines", text % said)
        if missing := self.check.pilots_missing:
            text = _("The bank lacks %(missing)s items on trial in the topics drawn.")
            self.add_error("pilots", text % {"missing": missing})
        if not blueprint.counted:
            self.add_error("draw_lines", _("A test draws at least one item."))


def _blueprint(cleaned: dict[str, Any]) -> Blueprint:
    percent, most = cleaned["exposure_percent"], cleaned["exposure_most"]
    last = cleaned["exposure_last"] or 100
    return Blueprint(
        draw=cleaned["draw_lines"],
        cases=cleaned["case_lines"],
        pilots=cleaned["pilots"] or 0,
        order=cleaned["order"] or "random",
        exposure=Exposure(percent=percent, most=most, last=last) if percent or most else None,
    )


def _typed(row: Assessment) -> dict[str, Any]:
    """What a stored test reads like in the form."""
    policy = row.policy
    blueprint, retakes, feedback = policy.blueprint, policy.retakes, policy.feedback
    exposure, after = blueprint.exposure, retakes.once_passed
    return {
        "draw_lines": write_draw(blueprint),
        "case_lines": write_cases(blueprint),
        "pilots": blueprint.pilots,
        "order": blueprint.order,
        "exposure_percent": exposure.percent if exposure else None,
        "exposure_last": exposure.last if exposure else 100,
        "exposure_most": exposure.most if exposure else None,
        "minimum_lines": write_percents(policy.minimums),
        "section_lines": write_sections(policy.sections),
        "waits": ", ".join(map(str, retakes.wait_days)),
        "most_in_year": retakes.most_in_year,
        "revisit": retakes.revisit,
        "once_passed": "any" if after is None else "window" if after == "window" else "days",
        "once_passed_days": after if isinstance(after, int) else None,
        "feedback_what": feedback.what,
        "feedback_when": feedback.when,
        "feedback_day": feedback.day,
    }


def say_check(check: BlueprintCheck, blueprint: Blueprint) -> str:
    """Return what an editor should know of a blueprint that the bank can fill."""
    forms_said = _("more than a million") if check.forms > MANY else str(check.forms)
    said = [
        _("The bank makes %(forms)s different tests.") % {"forms": forms_said},
        _("Two people share %(shared)s of %(counted)s questions on average.")
        % {"shared": f"{check.shared:.1f}", "counted": blueprint.counted},
    ]
    if check.repeated:
        text = ngettext(
            "A second try repeats at least %(number)s question.",
            "A second try repeats at least %(number)s questions.",
            check.repeated,
        )
        said.append(text % {"number": check.repeated})
    else:
        said.append(_("A second try can do without any question of the first."))
    for topic, percent in check.worn.items():
        text = _(
            "The limit cannot hold in the topic “%(topic)s”: each item there is in %(percent)s %%"
            " of tests."
        )
        said.append(text % {"topic": topic, "percent": percent})
    return " ".join(said)
