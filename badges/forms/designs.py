"""A design of certificates: readable colours, printable words and pictures."""

import re
from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from badges.actions.designs import freeze_design
from badges.domain.artwork import NotArtwork
from badges.domain.design import COLOUR, MOST_SIGNATORIES, OWN, READABLE, contrast
from badges.domain.fonts import check_printable
from badges.domain.identity import NotPrintable
from badges.queries.designs import PICTURES, SIGNATURE, draw_image
from lms.wording.checks import refuse
from lms.wording.retold import retell


class DesignForm(WagtailAdminModelForm):
    """Refuses what could not be read on paper; saving it freezes it for what is issued next."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        colours = [cleaned.get(field) or "" for field in ("accent", "paper")]
        if all(re.search(COLOUR, each) for each in colours) and contrast(*colours) < READABLE:
            self.add_error("accent", _too_pale(contrast(*colours)))
        if cleaned.get("seal") == OWN and not cleaned.get("own_seal"):
            self.add_error("own_seal", _("Choose the picture of the seal."))
        for field, width in PICTURES.items():
            _judge_picture(self, field, width)
        for formset, judge in (("texts", _judge_text), ("signatories", _judge_signatory)):
            self.formsets[formset].is_valid()  # fills the rows' cleaned data, which is judged
            for form in _living(self.formsets[formset]):
                judge(form)
                for errors in form.errors.values():
                    self.add_error(None, list(errors))
        self._count_signatories()
        return cleaned

    def _count_signatories(self) -> None:
        rows = _living(self.formsets["signatories"])
        by_language = Counter(form.cleaned_data.get("language") or "" for form in rows)
        for code, name in settings.LANGUAGES:
            if by_language[""] + by_language[code] > MOST_SIGNATORIES:
                text = _("At most three signatories fit; certificates in %(language)s have more.")
                self.add_error(None, text % {"language": name})

    def save(self, commit: bool = True) -> Any:
        design = super().save(commit=commit)
        if commit:
            freeze_design(design)
        return design


def _living(formset: Any) -> list[Any]:
    """The rows that were filled in and not taken away."""
    rows = [form for form in formset.forms if getattr(form, "cleaned_data", None)]
    return [form for form in rows if not form.cleaned_data.get("DELETE")]


def _judge_text(form: Any) -> None:
    language = form.cleaned_data.get("language")
    for field in ("confirms", "note"):
        _judge_words(form, field, [language] if language else [])


def _judge_signatory(form: Any) -> None:
    every = [code for code, _name in settings.LANGUAGES]
    language = form.cleaned_data.get("language")
    for field in ("name", "role"):
        _judge_words(form, field, [language] if language else every)
    _judge_picture(form, "signature", SIGNATURE)


def _judge_words(form: Any, field: str, languages: list[str]) -> None:
    words = form.cleaned_data.get(field) or ""
    try:
        check_printable(words)
        for language in languages:
            refuse({str(form.fields[field].label): words}, language, certificate=True)
    except NotPrintable as error:
        form.add_error(field, retell(error))
    except forms.ValidationError as error:
        form.add_error(field, error)


def _judge_picture(form: Any, field: str, width: int) -> None:
    image = form.cleaned_data.get(field)
    try:
        if image:
            draw_image(image, width)
    except NotArtwork as error:
        form.add_error(field, retell(error))
    except OSError:
        form.add_error(field, _("The file of this picture is missing: upload it again."))


def _too_pale(found: float) -> str:
    text = _(
        "Too pale to read on this paper: the contrast is %(found).1f, at least %(least).1f is"
        " needed."
    )
    return text % {"found": found, "least": READABLE}
