"""Forms of content editors: names in several languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.actions.pictures import keep_picture
from courses.domain.cases import CaseBody
from courses.domain.items import ItemBody
from courses.models.localised import content_languages
from lms.wording.checks import refuse


def default_language() -> str:
    return settings.LANGUAGE_CODE.split("-")[0]


def other_languages() -> list[tuple[str, Any]]:
    return [(code, name) for code, name in content_languages() if code != default_language()]


def choose_picture(cleaned: dict[str, Any], before: ItemBody | CaseBody | None) -> str:
    """Return the name of the picture an editor chose, or of the one that stays.

    Raises ``NotAPicture``.
    """
    if image := cleaned.get("image"):
        with image.file.open("rb") as file:
            return keep_picture(file.read())
    return "" if cleaned.get("without_picture") or before is None else before.picture


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
