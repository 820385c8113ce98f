"""Forms of content editors: tests, names in several languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.domain.editing import read_lines
from courses.domain.policy import find_shortages
from courses.models import Assessment
from courses.models.localised import content_languages
from courses.queries.banks import count_live_by_topic
from lms.wording.checks import refuse


def default_language() -> str:
    return settings.LANGUAGE_CODE.split("-")[0]


def other_languages() -> list[tuple[str, Any]]:
    return [(code, name) for code, name in content_languages() if code != default_language()]


class NamesForm(WagtailAdminModelForm):
    """A form with one name field a language over a ``names`` JSON column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in content_languages():
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name (%s)") % label,
                required=code == default_language(),
                max_length=100,
                initial=(self.instance.names or {}).get(code, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for code, label in content_languages():
            refuse({str(label): cleaned.get(f"name_{code}") or ""}, code)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        codes = [code for code, _label in content_languages()]
        names = {code: self.cleaned_data.get(f"name_{code}", "") for code in codes}
        self.instance.names = {code: name for code, name in names.items() if name}
        return super().save(commit)


class AssessmentForm(WagtailAdminModelForm):
    """A test; how many items each topic gives is typed as lines “topic: number”."""

    draw_lines = forms.CharField(
        label=_("Items drawn by topic"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on a line: the topic's slug, a colon, how many. For example “wal: 5”."),
    )
    waits = forms.CharField(
        label=_("Days to wait after a failed try"),
        initial="1, 7, 14",
        help_text=_("After the first, the second, … failed try; the last number repeats."),
    )

    class Meta:
        model = Assessment
        fields = ("course", "bank", "minutes", "cut_percent", "accepting")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            lines = [f"{topic}: {count}" for topic, count in self.instance.draw.items()]
            self.fields["draw_lines"].initial = "\n".join(lines)
            self.fields["waits"].initial = ", ".join(map(str, self.instance.retake_wait_days))

    def clean_draw_lines(self) -> dict[str, int]:
        draw: dict[str, int] = {}
        for line in read_lines(self.cleaned_data["draw_lines"]):
            topic, _colon, count = line.partition(":")
            if not count.strip().isdigit():
                raise forms.ValidationError(_("“%s” should read like “wal: 5”.") % line)
            draw[topic.strip()] = int(count)
        return draw

    def clean_waits(self) -> list[int]:
        parts = [part.strip() for part in self.cleaned_data["waits"].split(",") if part.strip()]
        if not parts or not all(part.isdigit() for part in parts):
            raise forms.ValidationError(_("Write whole numbers with commas, such as 1, 7, 14."))
        return [int(part) for part in parts]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        bank, draw = cleaned.get("bank"), cleaned.get("draw_lines")
        if bank and draw:
            gaps = find_shortages(draw, count_live_by_topic(bank.pk))
            for topic, missing in gaps.items():
                text = _("The bank lacks %(missing)s live items of the topic “%(topic)s”.")
                self.add_error("draw_lines", text % {"missing": missing, "topic": topic})
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.draw = self.cleaned_data["draw_lines"]
        self.instance.retake_wait_days = self.cleaned_data["waits"]
        return super().save(commit)
