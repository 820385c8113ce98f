"""Forms of the cabinet."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _


class EndLinkForm(forms.Form):
    """The first day a person no longer belongs to the company."""

    until = forms.DateField(
        label=_("First day without this person"),
        help_text=_("From this day on they no longer count for your company."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=localdate,
    )

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._since = since

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self._since:
            raise forms.ValidationError(
                _("Choose a day after %(since)s, when the person joined."),
                params={"since": self._since},
            )
        return until


class PeopleFilter(forms.Form):
    """Filters of the list of people; they live in the address."""

    q = forms.CharField(label=_("Name or address"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Certificates"),
        required=False,
        choices=[("", _("All")), ("valid", _("With a valid one")), ("none", _("Without one"))],
    )
