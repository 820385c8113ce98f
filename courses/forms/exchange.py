"""Bringing a file of questions, saying what its columns are, taking a bank along."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.formats.decode import MAX_BYTES
from courses.domain.formats.sheet.mapping import Mapping
from courses.domain.formats.sheet.words import HEADS
from courses.models import ItemBank
from courses.models.localised import content_languages
from courses.queries.exchange import WRITTEN

FORMATS = {"csv": "CSV", "xlsx": "XLSX", "gift": "GIFT", "moodle": "Moodle XML"}


class BringForm(forms.Form):
    """A file, and where its questions belong."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX (its first row names the columns), GIFT, Moodle XML or Aiken, up to 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx,.gift,.txt,.xml"}),
    )
    bank = forms.ModelChoiceField(ItemBank.objects.all(), label=gettext_lazy("Item bank"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the questions"))
    topic = forms.CharField(
        label=gettext_lazy("Topic of questions that name none"), required=False, max_length=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages: Any = self.fields["language"]
        languages.choices = content_languages()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB: split it."))
        return file


class ColumnsForm(forms.Form):
    """What each column of a table is."""

    def __init__(self, header: tuple[str, ...], mapping: Mapping, data: Any = None) -> None:
        super().__init__(data)
        choices = [("", _("not read")), *((name, heads[0]) for name, heads in HEADS.items())]
        choices.append(("told", _("Explanation of an option")))
        for number, head in enumerate(header):
            field = mapping.columns[number] if number < len(mapping.columns) else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=head or _("Column %(number)d") % {"number": number + 1},
                choices=choices,
                required=False,
                initial=field,
            )

    def columns(self) -> list[str]:
        """Return the field of each column, in the order of the table."""
        return [self.cleaned_data[name] for name in self.fields]


class TakeAlongForm(forms.Form):
    """A bank as a file."""

    bank = forms.ModelChoiceField(ItemBank.objects.all(), label=gettext_lazy("Item bank"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the questions"))
    form = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(name, FORMATS[name]) for name in WRITTEN]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages: Any = self.fields["language"]
        languages.choices = content_languages()
