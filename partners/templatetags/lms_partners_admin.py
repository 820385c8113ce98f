"""Names joined when shown."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from partners.models import Membership

register = template.Library()


@register.simple_tag
def person(names: Mapping[int, str], recipient_id: int) -> str:
    """Return a person's name, or that the person is no longer on record."""
    return names.get(recipient_id) or _("A person no longer on record")


@register.filter
def job_word(job: str) -> str:
    """Return what a person does, in words."""
    return str(dict(Membership.Job.choices).get(job, job))


@register.filter
def role_word(role: str) -> str:
    """Return a person's role at the company, in words."""
    return str(dict(Membership.Role.choices).get(role, role))


@register.filter
def why_not(reason: str) -> str:
    """Why somebody who is certified does not count in a line."""
    words = {
        "spare": _("the line is full"),
        "job": _("has another job than the line asks for"),
        "former_employer": _("was certified before joining the company"),
        "suspended": _("the certificate is suspended"),
        "under_review": _("the certificate is under review"),
    }
    return words.get(reason, reason)
