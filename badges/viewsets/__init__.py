"""Badges in the Wagtail admin."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSetGroup

from badges.viewsets.achievements import AchievementViewSet, IssuerViewSet
from badges.viewsets.credentials import CredentialViewSet
from badges.viewsets.designs import DesignViewSet
from badges.viewsets.imports import ImportViewSet
from badges.viewsets.requests import MisuseReportViewSet, NameRequestViewSet
from lms.ui.policies import ReadOnlyPolicy


class BadgesViewSetGroup(ModelViewSetGroup):
    menu_label = gettext_lazy("Certificates")
    menu_icon = "success"
    menu_order = 300
    items = (
        CredentialViewSet,
        ImportViewSet,
        NameRequestViewSet,
        MisuseReportViewSet,
        AchievementViewSet,
        DesignViewSet,
        IssuerViewSet,
    )


__all__ = ["BadgesViewSetGroup", "ReadOnlyPolicy"]
