"""What judges and the chair of a panel type."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.forms import WagtailAdminModelForm

from courses.actions.panels import PanelRefused, decide_cut, open_panel, seat_judge
from courses.models import Panel
from lms.tables import MAX_BYTES


class RatingForm(forms.Form):
    """One judgement: how many of a hundred."""

    percent = forms.IntegerField(
        label=lazy("Of 100 just-qualified candidates, how many answer it right?"),
        help_text=lazy("A whole number from 0 to 100."),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PanelForm(WagtailAdminModelForm):
    """A new panel: for which test, and who it thinks of."""

    class Meta:
        model = Panel
        fields = ("assessment", "description")

    def act(self, *, actor: int, now: datetime) -> Panel:
        try:
            return open_panel(
                assessment_id=self.cleaned_data["assessment"].pk,
                description=self.cleaned_data["description"],
                actor=actor,
                now=now,
            )
        except PanelRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class SeatForm(forms.Form):
    """Somebody is to judge."""

    email = forms.EmailField(
        label=lazy("Person's e-mail"),
        help_text=lazy(
            "The address they sign in with. Staff may judge, and whoever has the permission to."
        ),
    )

    def act(self, *, panel: Panel, actor: int, now: datetime) -> None:
        name = get_user_model().get_email_field_name()
        found = get_user_model()._default_manager.filter(
            **{f"{name}__iexact": self.cleaned_data["email"]}
        )
        if (user := found.first()) is None:
            raise PanelRefused(_("Nobody signs in with this address."))
        seat_judge(panel_id=panel.pk, user_id=user.pk, actor=actor, now=now)


class DecisionForm(forms.Form):
    """The cut, and why it is not the recommended one."""

    percent = forms.IntegerField(label=lazy("Percent to pass"), min_value=1, max_value=100)
    reason = forms.CharField(
        label=lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("Needed where the cut is not the recommended one. Name nobody in it."),
    )

    def act(self, *, panel: Panel, actor: int, now: datetime) -> None:
        decide_cut(
            panel_id=panel.pk,
            percent=self.cleaned_data["percent"],
            reason=self.cleaned_data["reason"],
            actor=actor,
            now=now,
        )


class RatingsForm(forms.Form):
    """Ratings as a file."""

    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy("CSV or XLSX with the columns judge, item, round and percent; up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB: split it."))
        return file
