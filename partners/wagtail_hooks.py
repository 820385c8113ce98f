"""Registration only: audit actions, permission policies, the admin's viewsets."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from partners.models import Membership, MetricReading, Partner, RulesVersion
from partners.viewsets.acting import KeptPolicy
from partners.viewsets.group import PartnersViewSetGroup
from partners.viewsets.past import add_past_notice

LOG_ACTIONS = {
    "lms_partners.join": (_("Add partner"), _("Added to the programme")),
    "lms_partners.change": (_("Change partner"), _("Changed")),
    "lms_partners.link": (_("Link person"), _("Linked a person to the company")),
    "lms_partners.end_link": (_("End link"), _("Ended the person's link")),
    "lms_partners.reopen_link": (_("Reopen link"), _("Took away the end of the person's link")),
    "lms_partners.change_link": (_("Change link"), _("Changed what the person does")),
    "lms_partners.metric": (_("Record number"), _("Recorded a number of the company")),
    "lms_partners.publish_rules": (_("Publish rules"), _("Published the programme's rules")),
}

for _model in (Membership, MetricReading, Partner, RulesVersion):
    register_permission_policy(_model, KeptPolicy(_model))


def register_log_actions(registry: Any) -> None:
    """Name this app's audit actions."""
    for action, (label, message) in LOG_ACTIONS.items():
        registry.register_action(action, label, message)


hooks.register("register_log_actions", register_log_actions)
hooks.register("register_admin_viewset", PartnersViewSetGroup)
hooks.register("construct_homepage_panels", add_past_notice)
