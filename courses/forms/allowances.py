"""What staff type to open a try for somebody, or to give them more time."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.forms import WagtailAdminModelForm

from courses.actions.allowances import WaiverPending, set_accommodation, waive_obstacles
from courses.domain.accommodations import Accommodation as Rule
from courses.models import Accommodation, Waiver


def _email_field() -> forms.EmailField:
    return forms.EmailField(
        label=lazy("Person's e-mail"), help_text=lazy("The address they sign in with.")
    )


class PersonForm(WagtailAdminModelForm):
    """A form that names a person by their address; ``user_id`` is who it is."""

    user_id: int = 0

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        user = get_user_model()._default_manager.filter(email__iexact=email).first()
        if user is None:
            raise forms.ValidationError(_("Nobody signs in with this address."))
        self.user_id = user.pk
        return email


class WaiverForm(PersonForm):
    """An extra try: for whom, at which test, and why."""

    email = _email_field()

    class Meta:
        model = Waiver
        fields = ("assessment", "reason")

    def act(self, *, actor: int, now: datetime) -> Waiver:
        try:
            return waive_obstacles(
                assessment_id=self.cleaned_data["assessment"].pk,
                user_id=self.user_id,
                reason=self.cleaned_data["reason"],
                actor=actor,
                now=now,
            )
        except WaiverPending:
            raise forms.ValidationError(
                _("This person has an extra try at this test that is not used yet.")
            ) from None


class AccommodationForm(PersonForm):
    """More time for a person; the person stays who they are once it is kept."""

    email = _email_field()

    class Meta:
        model = Accommodation
        fields = ("time_factor", "extra_minutes", "break_minutes", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.user_id = self.instance.user_id
            self.fields["email"].initial = self.instance.user.email
            self.fields["email"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        taken = Accommodation.objects.filter(user_id=self.user_id).exclude(pk=self.instance.pk)
        if self.user_id and taken.exists():
            self.add_error("email", _("This person has an entry already; change that one."))
        return cleaned

    def act(self, *, actor: int, now: datetime) -> Accommodation:
        names = ("time_factor", "extra_minutes", "break_minutes")
        return set_accommodation(
            user_id=self.user_id,
            rule=Rule(**{name: self.cleaned_data[name] for name in names}),
            reason=self.cleaned_data["reason"],
            actor=actor,
            now=now,
        )
