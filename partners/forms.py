"""Forms of the admin. Each ends in one action, whose refusals become the form's errors."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from badges.actions.recipients import register_recipient
from badges.queries import find_name_fault
from partners.actions.links import change_link, end_link, link_person, reopen_link
from partners.actions.metrics import record_reading
from partners.actions.partners import add_partner, change_partner
from partners.actions.rules import check_rules, publish_rules
from partners.domain.files import FaultyFiles, write_yaml
from partners.domain.roster import MetricRow, read_document
from partners.models import Membership, MetricReading, Partner, RulesVersion
from partners.queries.words import describe_fault


class _WebsiteField(forms.URLField):
    """An address without a scheme is taken for https."""

    def __init__(self) -> None:
        label = Partner._meta.get_field("website").verbose_name
        super().__init__(label=label, required=False, assume_scheme="https")


class PartnerAddForm(forms.ModelForm):  # type: ignore[type-arg]
    """A company joins a programme."""

    website = _WebsiteField()

    class Meta:
        model = Partner
        fields = ["name", "slug", "programme", "country", "city", "website", "joined_on"]
        widgets = {"joined_on": AdminDateInput}

    def act(self, *, actor: int, now: datetime) -> Partner:
        """Add the company."""
        values = {**self.cleaned_data, "programme": self.cleaned_data["programme"].slug}
        return Partner.objects.get(pk=add_partner(**values, actor=actor, now=now))


class PartnerChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of a company is corrected; its slug stands in printed addresses."""

    website = _WebsiteField()

    class Meta:
        model = Partner
        fields = ["name", "country", "city", "website", "joined_on"]
        widgets = {"joined_on": AdminDateInput}

    def act(self, *, actor: int, now: datetime) -> Partner:
        """Change the company."""
        pk = self.instance.pk
        change_partner(partner_id=pk, **self.cleaned_data, actor=actor, now=now)
        return Partner.objects.get(pk=pk)


class MembershipAddForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person is linked to a company by address."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=150,
        required=False,
        help_text=_("For somebody who is new here; a name that is known stays."),
    )

    class Meta:
        model = Membership
        fields = ["partner", "job", "role", "since", "until"]
        widgets = {"since": AdminDateInput, "until": AdminDateInput}

    field_order = ["partner", "email", "name", "job", "role", "since", "until"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if fault := find_name_fault(name):
            raise forms.ValidationError(fault)
        return name

    def act(self, *, actor: int, now: datetime) -> Membership:
        """Register the person if new, and link them."""
        given = self.cleaned_data
        with transaction.atomic():
            recipient_id = register_recipient(email=given["email"], name=given["name"], now=now)
            pk = link_person(
                partner_id=given["partner"].pk,
                recipient_id=recipient_id,
                since=given["since"],
                until=given["until"],
                job=given["job"],
                role=given["role"],
                actor=actor,
                now=now,
            )
        return Membership.objects.get(pk=pk)


class MembershipChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A link is given an end, or what the person does is corrected."""

    class Meta:
        model = Membership
        fields = ["job", "role", "until"]
        widgets = {"until": AdminDateInput}

    def act(self, *, actor: int, now: datetime) -> Membership:
        """Change the link."""
        given: dict[str, Any] = self.cleaned_data
        who: dict[str, Any] = {"actor": actor, "now": now}
        pk = self.instance.pk
        with transaction.atomic():
            change_link(membership_id=pk, job=given["job"], role=given["role"], **who)
            if given["until"] is None:
                reopen_link(membership_id=pk, **who)
            else:
                end_link(membership_id=pk, until=given["until"], **who)
        return Membership.objects.get(pk=pk)


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A version of the rules, written as YAML or JSON and checked when saved."""

    text = forms.CharField(
        label=_("Rules"),
        widget=forms.Textarea(attrs={"rows": 40, "spellcheck": "false"}),
        max_length=200_000,
        help_text=_(
            "YAML or JSON. Rules that decisions rest on stay as they are: give changed rules "
            "a new version and the day from which they hold."
        ),
    )

    class Meta:
        model = RulesVersion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.document:
            self.initial["text"] = write_yaml(self.instance.document)

    def clean_text(self) -> dict[str, Any]:
        """Return the document; every fault with its path, every word the policy refuses."""
        try:
            document, _rules = read_document(self.cleaned_data["text"], str(_("Rules")))
        except FaultyFiles as error:
            raise forms.ValidationError(
                [describe_fault(fault) for fault in error.faults]
            ) from error
        check_rules(document)
        return document

    def act(self, *, actor: int, now: datetime) -> RulesVersion:
        """Publish the version."""
        document = self.cleaned_data["text"]
        rules = check_rules(document)
        pk = publish_rules(
            programme=rules.slug,
            version=rules.version,
            document=document,
            announced_on=rules.announced_on,
            valid_from=rules.valid_from,
            actor=actor,
            now=now,
        )
        return RulesVersion.objects.get(pk=pk)


class MetricForm(forms.ModelForm):  # type: ignore[type-arg]
    """A number of a company as known on a day."""

    class Meta:
        model = MetricReading
        fields = ["partner", "metric", "on", "value", "office", "region", "country", "source"]
        widgets = {"on": AdminDateInput}

    def act(self, *, actor: int, now: datetime) -> MetricReading:
        """Record the value; another one for the same day and place is replaced."""
        values = {**self.cleaned_data, "partner": self.cleaned_data["partner"].slug}
        row = MetricRow.model_validate(values)
        partner_id = self.cleaned_data["partner"].pk
        return record_reading(partner_id=partner_id, row=row, actor=actor, now=now)


class MetricChangeForm(MetricForm):
    """A value is corrected; another day or place is another value."""

    class Meta(MetricForm.Meta):
        fields = ["value", "source"]

    def act(self, *, actor: int, now: datetime) -> MetricReading:
        """Correct the value."""
        row = MetricRow(
            partner=self.instance.partner.slug,
            metric=self.instance.metric,
            on=self.instance.on,
            office=self.instance.office,
            region=self.instance.region,
            country=self.instance.country,
            **self.cleaned_data,
        )
        return record_reading(partner_id=self.instance.partner_id, row=row, actor=actor, now=now)
