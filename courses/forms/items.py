"""An item as an editor types it, in every language; saving makes a new version."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as BodyError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from courses.actions.banks import ItemDraft, write_item
from courses.domain.editing import (
    Answers,
    TypedWrongly,
    has_answers,
    join_answers,
    read_answers,
    read_key,
    write_answers,
    write_key,
)
from courses.domain.items import ItemBody, Refused
from courses.forms.editors import choose_picture, default_language
from courses.models import Item
from courses.models.localised import content_languages
from lms.pictures import NotAPicture
from lms.wording.checks import refuse
from lms.wording.retold import retell

# What is said of an item, and by no version of it.
KEPT = ("objective", "product_version", "owner", "review_on")
KINDS = [
    ("single", gettext_lazy("Single choice")),
    ("multiple", gettext_lazy("Multiple response")),
    ("series", gettext_lazy("True or false, several statements")),
    ("matching", gettext_lazy("Matching")),
    ("ordering", gettext_lazy("Ordering")),
    ("numeric", gettext_lazy("A number")),
    ("text", gettext_lazy("Short text")),
    ("dropdown", gettext_lazy("Gaps to choose for")),
    ("hotspot", gettext_lazy("Places in a picture")),
]
RULES = [
    ("all_or_nothing", gettext_lazy("All right or no point")),
    ("every_decision", gettext_lazy("Every decision counts")),
    ("right_minus_wrong", gettext_lazy("Right minus wrong, never below nothing")),
    ("weights", gettext_lazy("By what each answer is worth")),
    ("per_pair", gettext_lazy("Every pair counts")),
    ("adjacent_pairs", gettext_lazy("Neighbours in the right order count")),
]
ANSWERS_HELP = gettext_lazy(
    "One on a line. Choices: begin the right ones with *. Statements: + is true, - is false."
    " Matching: “row = match”; a match too many begins with =. Ordering: in the right order."
    " Gaps: “gap: *right | wrong”, with [[gap]] in the question. Places: “* 10 20 30 15: name” with"
    " left, top, width and height in percent. An answer may begin with what it is worth, “50%”, and"
    " end with “ ## why”."
)


class ItemForm(WagtailAdminModelForm):
    """An item with its stem, answers and key in every language."""

    instance: Item

    kind = forms.ChoiceField(choices=KINDS, label=gettext_lazy("Kind"))
    scoring = forms.ChoiceField(choices=RULES, label=gettext_lazy("Points"), required=False)
    difficulty = forms.ChoiceField(
        choices=[
            (1, gettext_lazy("easy")),
            (2, gettext_lazy("normal")),
            (3, gettext_lazy("hard")),
        ],
        initial=2,
        label=gettext_lazy("Difficulty"),
    )
    key = forms.CharField(
        label=gettext_lazy("Right answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "For a number or short text: the number, or accepted texts, one on a line. In a text *"
            " stands for anything."
        ),
    )
    tolerance = forms.CharField(label=gettext_lazy("Tolerance"), required=False, initial="0")
    image: Any = forms.ModelChoiceField(
        None,  # the site's images, once its models are ready
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("Shown under the question; of a hotspot, the one with the places."),
    )
    without_picture = forms.BooleanField(
        label=gettext_lazy("Take the picture away"), required=False
    )

    class Meta:
        model = Item
        fields = ("bank", "topic", "code", "state", "lesson_slug", *KEPT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.current if self.instance.pk else None
        self.before = current.parsed if current else None
        self.fields["image"].queryset = get_image_model().objects.all()
        self.fields["image"].widget = AdminImageChooser()
        for code, label in content_languages():
            self._add_language(code, label, self.before)
        if self.before:
            self._fill(self.before)
        if current:
            self.fields["code"].disabled = self.fields["bank"].disabled = True
        if not (self.before and self.before.picture):
            del self.fields["without_picture"]

    def _fill(self, body: ItemBody) -> None:
        for name in ("kind", "scoring", "difficulty", "tolerance"):
            self.fields[name].initial = getattr(body, name)
        self.fields["key"].initial = "" if has_answers(body.kind) else write_key(body)

    def _add_language(self, code: str, label: Any, body: ItemBody | None) -> None:
        main = code == default_language()
        answers = write_answers(body, code) if body else ""
        for name, text, rows, value in (
            ("stem", _("Question (%s)"), 4, body.stem.get(code, "") if body else ""),
            ("options", _("Options (%s)"), 5, answers if body and code in body.stem else ""),
            ("rationale", _("Why (%s)"), 2, body.rationale.get(code, "") if body else ""),
        ):
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=text % label,
                required=main and name == "stem",
                widget=forms.Textarea(attrs={"rows": rows}),
                initial=value,
                help_text=ANSWERS_HELP if main and name == "options" else "",
            )
        for name, text, length, texts in (
            ("unit", _("Unit (%s)"), 20, body.unit if body else {}),
            ("seen", _("What the picture shows (%s)"), 300, body.picture_text if body else {}),
        ):
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=text % label,
                required=False,
                max_length=length,
                initial=texts.get(code, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        topic, bank = cleaned.get("topic"), cleaned.get("bank")
        if topic and bank and topic.bank_id != bank.pk:
            self.add_error("topic", _("Choose a topic of the same bank."))
        group = self.instance.group
        if group and topic and topic.pk != group.topic_id:
            text = _("It has the topic of its case %(case)s: change that one.")
            self.add_error("topic", text % {"case": group.code})
        for code, _label in content_languages():
            names = [f"{name}_{code}" for name in ("stem", "options", "rationale", "seen")]
            texts = {str(self.fields[name].label): cleaned.get(name) or "" for name in names}
            refuse(texts, code)
        if not self.errors:
            self._build(cleaned)
        return cleaned

    def _build(self, cleaned: dict[str, Any]) -> None:
        answers = f"options_{default_language()}"
        try:
            self.body = build_body(cleaned, picture=choose_picture(cleaned, self.before))
        except NotAPicture as fault:
            self.add_error("image", capfirst(retell(fault)))
        except TypedWrongly as fault:
            self.add_error(answers, capfirst(retell(fault)))
        except BodyError as fault:
            first: Any = fault.errors()[0]
            reason = first.get("ctx", {}).get("error")
            message = retell(reason) if isinstance(reason, Refused) else first["msg"]
            self.add_error(answers if has_answers(cleaned["kind"]) else "key", capfirst(message))

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
        kept = {name: self.cleaned_data[name] for name in ("state", *KEPT)}
        Item.objects.filter(pk=saved.item_id).update(**kept)
        self.instance = Item.objects.get(pk=saved.item_id)
        return self.instance


def build_body(cleaned: dict[str, Any], *, picture: str = "") -> ItemBody:
    """Return the body an editor typed; raises ``TypedWrongly`` or pydantic's error."""
    kind, main = cleaned["kind"], default_language()
    weighted = cleaned.get("scoring") == "weights"
    codes = [code for code, _label in content_languages()]
    stems = {code: cleaned[f"stem_{code}"] for code in codes if cleaned.get(f"stem_{code}")}
    if has_answers(kind):
        typed = {
            code: read_answers(kind, cleaned[f"options_{code}"], code, weighted=weighted)
            for code in stems
        }
        answers = join_answers(typed.pop(main), typed, main)
    else:
        key, weights = read_key(cleaned["key"], weighted=weighted)
        answers = Answers(key=key, weights=weights)

    def said(name: str) -> dict[str, str]:
        return {code: cleaned[f"{name}_{code}"] for code in codes if cleaned.get(f"{name}_{code}")}

    return ItemBody(
        kind=kind,
        stem=stems,
        options=answers.options,
        choices=answers.choices,
        key=answers.key,
        pairs=answers.pairs,
        scoring=cleaned.get("scoring") or "all_or_nothing",
        weights=answers.weights,
        tolerance=cleaned.get("tolerance") or "0",
        unit=said("unit"),
        picture=picture,
        picture_text=said("seen") if picture else {},
        rationale=said("rationale"),
        difficulty=int(cleaned["difficulty"]),
    )
