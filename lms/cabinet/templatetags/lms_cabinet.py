"""Words of the cabinet."""

from collections.abc import Mapping
from datetime import date, timedelta

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def name_of(names: Mapping[int, str], recipient_id: int) -> str:
    """The name behind an id, joined when shown."""
    return names.get(recipient_id) or _("a person no longer on record")


@register.filter
def last_day(until: date | None) -> date | None:
    """The last day before an exclusive upper bound, as people read it."""
    return until - timedelta(days=1) if until else None


@register.filter
def reason_word(reason: str) -> str:
    """Why somebody who is certified does not count in a line."""
    words = {
        "spare": _("in reserve, the line is full"),
        "job": _("has another job than the line asks for"),
        "former_employer": _("was certified before joining the company"),
        "suspended": _("the certificate is suspended"),
        "under_review": _("the certificate is under review"),
    }
    return words.get(reason, reason)


@register.filter
def state_word(state: str) -> str:
    """A credential's state in the reader's language."""
    words = {
        "valid": _("Valid"),
        "expired": _("Expired"),
        "suspended": _("Suspended"),
        "revoked": _("Withdrawn"),
        "not_yet": _("Not valid yet"),
    }
    return words.get(state, state)
