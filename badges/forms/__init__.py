"""Forms of badges: what a holder decides, what a stranger asks, why somebody revokes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from badges.actions.achievements import AchievementTextData, refuse_wording
from badges.domain.claims import MAX_BYTES
from badges.models import Achievement
from badges.queries.recipients import find_name_fault
from lms import tables
from lms.wording.retold import retell


class VisibilityForm(forms.Form):
    """What strangers may see: asked apart from every other consent, nothing ticked beforehand."""

    show_name = forms.BooleanField(label=_("My name"), required=False)
    show_company = forms.BooleanField(label=_("The company I work for"), required=False)
    show_date = forms.BooleanField(label=_("The date I passed"), required=False)


class NameForm(forms.Form):
    """Another printed name; the font must have every character of it."""

    name = forms.CharField(
        label=_("Name as it should be printed"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        fault = find_name_fault(self.cleaned_data["name"])
        if fault:
            raise forms.ValidationError(fault)
        return str(self.cleaned_data["name"])


class ReportForm(forms.Form):
    """What a stranger saw, and where the issuer may answer."""

    text = forms.CharField(
        label=_("What did you see, and where?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("An address, a name, a place: whatever lets the issuer find it."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you want an answer"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class VerifyForm(forms.Form):
    """A code, an address, or a file of ours."""

    code = forms.CharField(
        label=_("Code or address"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("A picture (PNG, SVG), a PDF, a JSON file or a token, up to 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.pdf,.json,.jwt,.jws,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("file"):
            raise forms.ValidationError(_("Enter a code or choose a file."))
        return cleaned

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file


class ReasonForm(forms.Form):
    """Withdrawing and reinstating need a reason that can be read later."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The holder reads it. Strangers read only what was done."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class NoteForm(forms.Form):
    """A correction says in public what was corrected."""

    note = forms.CharField(
        label=_("What is corrected"),
        help_text=_("Everybody reads it on the certificate's page. Name no person in it."),
        max_length=300,
    )


class DecideNameForm(forms.Form):
    """Yes, or no with a reason."""

    approve = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Print the new name")), ("no", _("Keep the present name"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for a no; the holder reads it."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("approve") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why the name stays."))
        return cleaned


class ImportForm(forms.Form):
    """A list of people to issue to, and what holds for rows that do not say it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8) or XLSX, up to 10 MB; the first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    achievement = forms.ModelChoiceField(
        Achievement.objects.all(),
        label=_("Achievement of rows that name none"),
        required=False,
        to_field_name="slug",
    )
    undated = forms.BooleanField(
        label=_("Issue rows without a date today"),
        required=False,
        help_text=_("As by hand: it renews what can be renewed, and the holders get a mail."),
    )

    def clean_file(self) -> tables.Table:
        """Return the table in the file."""
        file = self.cleaned_data["file"]
        try:
            return tables.read_table(file.read(tables.MAX_BYTES + 1))
        except tables.TableUnreadable as error:
            raise forms.ValidationError(retell(error)) from error


class AchievementForm(WagtailAdminModelForm):
    """An achievement with its texts; the wording policy judges every language."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        texts = self.formsets["texts"]
        texts.is_valid()  # fills the rows' cleaned data, which is what is judged
        for form in texts.forms:
            self._judge(form)
        return cleaned

    def _judge(self, form: Any) -> None:
        values = getattr(form, "cleaned_data", None) or {}
        if values.get("DELETE") or not values.get("language"):
            return
        text = AchievementTextData(
            **{name: values.get(name) or "" for name in ("name", "description", "criteria")}
        )
        try:
            refuse_wording(text, values["language"])
        except forms.ValidationError as error:
            form.add_error(None, error)
            self.add_error(None, error)
