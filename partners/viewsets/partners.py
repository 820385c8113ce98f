"""Companies in the admin: who holds what, and why."""

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from badges import queries as badges
from partners import queries
from partners.domain.rules import pick_text
from partners.forms import PartnerAddForm, PartnerChangeForm
from partners.models import Partner, RulesVersion
from partners.queries.lists import TierNames, with_people
from partners.viewsets.acting import ActingCreateView, ActingEditView

PEOPLE = 500  # shown on one page


def _distinct(field: str) -> list[tuple[str, str]]:
    values = Partner.objects.exclude(**{field: ""}).order_by(field)
    return [(value, value) for value in values.values_list(field, flat=True).distinct()]


def _tiers() -> list[tuple[str, str]]:
    """Return the tiers of every rules version that companies stand under, lowest first."""
    in_use = Partner.objects.values("rules_version_id")
    versions = RulesVersion.objects.filter(pk__in=in_use).order_by("valid_from")
    language = get_language() or "en"
    tiers = [tier for version in versions for tier in version.rules.tiers]
    return list({tier.id: pick_text(tier.name, language) for tier in tiers}.items())


class PartnerFilterSet(WagtailFilterSet):
    """By tier and country."""

    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=_tiers)
    country = django_filters.ChoiceFilter(label=_("Country"), choices=lambda: _distinct("country"))

    class Meta:
        model = Partner
        fields = ["tier", "country"]


class PartnerIndexView(generic.IndexView):
    """The list, with tiers named and people counted for all rows at once."""

    def get_base_queryset(self) -> Any:
        return with_people(Partner.objects.all(), timezone.localdate())

    def get_table(self, object_list: Any) -> Any:
        versions = {row.rules_version_id for row in object_list if row.rules_version_id}
        names = TierNames(versions, get_language() or "en")
        for row in object_list:
            row.tier_name = names.tier(row.rules_version_id, row.tier)
        return super().get_table(object_list)


class PartnerInspectView(generic.InspectView):
    """The decision that stands, explained; ``?decision=`` opens an earlier one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, language = timezone.localdate(), get_language() or "en"
        people = queries.list_people(self.object.pk, today, limit=PEOPLE)
        status = self._get_status(language)
        ids = status.recipient_ids if status else ()
        cards = badges.get_recipients(ids)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "status": status,
            "people": people,
            "names": {pk: card.name or card.email for pk, card in cards.items()},
            "decisions": queries.list_decisions(self.object.pk, limit=50, language=language),
        }

    def _get_status(self, language: str) -> queries.PartnerStatus | None:
        asked = self.request.GET.get("decision", "")
        if asked.isdecimal():
            return queries.get_decision_status(self.object.pk, int(asked), language)
        return queries.get_status(self.object.pk, timezone.localdate(), language)


class PartnerViewSet(ModelViewSet):
    """Companies."""

    model = Partner
    name = "lms_partner"
    icon = "group"
    menu_label = _("Partners")
    add_to_reference_index = False
    index_view_class = PartnerIndexView
    add_view_class = ActingCreateView
    edit_view_class = ActingEditView
    inspect_view_class = PartnerInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_view_fields = ["programme", "country", "city", "website", "joined_on"]
    inspect_template_name = "partners/admin/partner_inspect.html"
    filterset_class = PartnerFilterSet
    search_fields = ["name", "slug", "city"]
    search_backend_name = None
    list_per_page = 50
    ordering = "name"
    list_display = [
        "name",
        Column("country", label=_("Country"), sort_key="country"),
        Column("tier_name", label=_("Tier"), sort_key="tier"),
        Column("people", label=_("People"), sort_key="people"),
        Column("next_change_on", label=_("Next change"), sort_key="next_change_on"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return PartnerChangeForm if for_update else PartnerAddForm
