"""Forms of invitations."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from badges.queries import find_name_fault


class InviteForm(forms.Form):
    """Whom a manager asks in."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    job = forms.ChoiceField(
        label=_("Works in"),
        choices=[("sales", _("Sales")), ("engineer", _("Technical")), ("other", _("Other"))],
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class AcceptForm(forms.Form):
    """A new colleague's name and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 8 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if fault := find_name_fault(name):
            raise forms.ValidationError(fault)
        return name

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
