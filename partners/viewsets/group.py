"""The admin's menu of this app."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from partners.viewsets.metrics import MetricViewSet
from partners.viewsets.partners import PartnerViewSet
from partners.viewsets.people import MembershipViewSet
from partners.viewsets.rules import RulesViewSet


class PartnersViewSetGroup(ModelViewSetGroup):
    """Partners, their people, the rules."""

    menu_label = _("Partners")
    menu_icon = "group"
    menu_order = 300
    items = (PartnerViewSet, MembershipViewSet, MetricViewSet, RulesViewSet)
