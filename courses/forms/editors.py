"""Forms of content editors: items, tests, names in several languages."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as BodyError
from wagtail.admin.forms import WagtailAdminModelForm

from courses.actions.banks import ItemDraft, write_item
from courses.domain.editing import (
    TypedWrongly,
    join_options,
    read_lines,
    read_options,
    write_options,
)
from courses.domain.items import ItemBody, Refused
from courses.domain.policy import find_shortages
from courses.models import Assessment, Item
from courses.models.localised import content_languages
from courses.queries.banks import count_live_by_topic
from lms.wording.checks import refuse
from lms.wording.retold import retell

KINDS = [
    ("single", _("Single choice")),
    ("multiple", _("Multiple response")),
    ("numeric", _("A number")),
    ("text", _("Short text")),
]


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


class ItemForm(WagtailAdminModelForm):
    """An item with its stem, options and key in every language; saving makes a new version."""

    kind = forms.ChoiceField(choices=KINDS, label=_("Kind"))
    difficulty = forms.ChoiceField(
        choices=[(1, _("easy")), (2, _("normal")), (3, _("hard"))], initial=2, label=_("Difficulty")
    )
    key = forms.CharField(
        label=_("Right answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For a number or short text: the number, or accepted texts, one on a line."),
    )
    tolerance = forms.CharField(label=_("Tolerance"), required=False, initial="0")

    class Meta:
        model = Item
        fields = ("bank", "topic", "code", "state", "lesson_slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.current if self.instance.pk else None
        body = current.parsed if current else None
        for code, label in content_languages():
            self._add_language(code, label, body)
        if body:
            self.fields["kind"].initial = body.kind
            self.fields["difficulty"].initial = body.difficulty
            self.fields["tolerance"].initial = body.tolerance
            self.fields["key"].initial = "" if body.options else "\n".join(body.key)
        if current:
            self.fields["code"].disabled = self.fields["bank"].disabled = True

    def _add_language(self, code: str, label: Any, body: ItemBody | None) -> None:
        main = code == default_language()
        areas: Iterator[tuple[str, Any, int, str]] = iter(
            [
                ("stem", _("Question (%s)"), 4, body.stem.get(code, "") if body else ""),
                ("options", _("Options (%s)"), 5, write_options(body, code) if body else ""),
                ("rationale", _("Why (%s)"), 2, body.rationale.get(code, "") if body else ""),
            ]
        )
        for name, text, rows, value in areas:
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=text % label,
                required=main and name == "stem",
                widget=forms.Textarea(attrs={"rows": rows}),
                initial=value,
                help_text=_("One on a line; begin the right ones with *.")
                if name == "options"
                else "",
            )
        unit = body.unit.get(code, "") if body else ""
        self.fields[f"unit_{code}"] = forms.CharField(
            label=_("Unit (%s)") % label, required=False, max_length=20, initial=unit
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        topic, bank = cleaned.get("topic"), cleaned.get("bank")
        if topic and bank and topic.bank_id != bank.pk:
            self.add_error("topic", _("Choose a topic of the same bank."))
        for code, _label in content_languages():
            names = [f"{name}_{code}" for name in ("stem", "options", "rationale")]
            texts = {str(self.fields[name].label): cleaned.get(name) or "" for name in names}
            refuse(texts, code)
        if not self.errors:
            self._build(cleaned)
        return cleaned

    def _build(self, cleaned: dict[str, Any]) -> None:
        try:
            self.body = build_body(cleaned)
        except TypedWrongly as fault:
            self.add_error(f"options_{default_language()}", capfirst(retell(fault)))
        except BodyError as fault:
            first: Any = fault.errors()[0]
            reason = first.get("ctx", {}).get("error")
            message = retell(reason) if isinstance(reason, Refused) else first["msg"]
            choice = cleaned["kind"] in {"single", "multiple"}
            self.add_error(f"options_{default_language()}" if choice else "key", capfirst(message))

    def save(self, commit: bool = True) -> Any:
        draft = ItemDraft(
            code=self.cleaned_data["code"],
            topic=self.cleaned_data["topic"].slug,
            lesson_slug=self.cleaned_data["lesson_slug"],
            body=self.body,
        )
        saved = write_item(
            bank=self.cleaned_data["bank"],
            draft=draft,
            actor=getattr(self.for_user, "pk", None),
            now=timezone.now(),
        )
        Item.objects.filter(pk=saved.item_id).update(state=self.cleaned_data["state"])
        self.instance = Item.objects.get(pk=saved.item_id)
        return self.instance


def build_body(cleaned: dict[str, Any]) -> ItemBody:
    """Return the body an editor typed; raises ``TypedWrongly`` or pydantic's error."""
    main, codes = default_language(), [code for code, _label in content_languages()]
    stems = {code: cleaned[f"stem_{code}"] for code in codes if cleaned.get(f"stem_{code}")}
    choice = cleaned["kind"] in {"single", "multiple"}
    others = {code: cleaned[f"options_{code}"] for code in stems if code != main}
    options = join_options(cleaned[f"options_{main}"], others, main) if choice else ()
    key = read_options(cleaned[f"options_{main}"])[1] if choice else read_lines(cleaned["key"])
    return ItemBody(
        kind=cleaned["kind"],
        stem=stems,
        options=options,
        key=tuple(key),
        tolerance=cleaned.get("tolerance") or "0",
        unit={code: cleaned[f"unit_{code}"] for code in codes if cleaned.get(f"unit_{code}")},
        rationale={
            code: cleaned[f"rationale_{code}"] for code in codes if cleaned.get(f"rationale_{code}")
        },
        difficulty=int(cleaned["difficulty"]),
    )


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
