"""Forms of people who take trainings."""

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from badges.queries import find_name_fault


class PrintedNameForm(forms.Form):
    """The name as the certificate will print it."""

    name = forms.CharField(
        label=_("Your name as the certificate will print it"),
        help_text=_("First and last name, in the script you want to see on the certificate."),
        max_length=100,
        validators=[MinLengthValidator(2)],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if strange := sorted({letter for letter in name if not letter.isprintable()}):
            raise forms.ValidationError(_("Remove the control characters: %r") % strange)
        if fault := find_name_fault(name):
            raise forms.ValidationError(fault)
        return name
