"""Forms of badges: what a holder decides, what a stranger asks, why somebody revokes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from badges.actions.achievements import AchievementTextData, refuse_wording
from badges.domain.claims import MAX_BYTES


class VisibilityForm(forms.Form):
    """What strangers may see: asked apart from every other consent, nothing ticked beforehand."""

    show_name = forms.BooleanField(label=_("My name"), required=False)
    show_company = forms.BooleanField(label=_("The company I work for"), required=False)
    show_date = forms.BooleanField(label=_("The date I passed"), required=False)


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
        help_text=_("The PNG picture or the JSON file of a certificate, up to 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".png,.json,image/png,application/json"}),
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


class RevokeForm(forms.Form):
    """A revocation is for good, so it needs a reason that can be read later."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The holder reads it. Strangers read only that it was withdrawn."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


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
