"""What is told a person in words, in the language of the moment."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from partners.domain.files import Fault
from partners.domain.links import LinkEmpty, LinkOverlaps


def describe_cause(cause: str) -> str:
    """Say in words what brought a decision; ``cause`` is ``kind`` or ``kind:id``."""
    words = {
        "joined": _("The company joined the programme."),
        "link.started": _("A person was linked to the company."),
        "link.ended": _("A person left the company."),
        "credential.issued": _("A certificate was issued."),
        "credential.started": _("A certificate became valid."),
        "credential.expired": _("A certificate expired."),
        "credential.revoked": _("A certificate was withdrawn."),
        "credential.suspended": _("A certificate was suspended."),
        "credential.reinstated": _("A certificate was reinstated."),
        "credential.renewed": _("A certificate was renewed."),
        "metric.recorded": _("A number was recorded."),
        "rules": _("New rules took effect."),
        "date": _("A date was reached."),
    }
    return words.get(cause.split(":")[0], _("The status was checked."))


def describe_refusal(error: Exception) -> list[str]:
    """Say in words why an action of this app refused; one sentence a reason."""
    if isinstance(error, ValidationError):
        return list(error.messages)
    if isinstance(error, LinkEmpty):
        return [_("A link ends after the day it starts.")]
    if isinstance(error, LinkOverlaps) and error.other.until is not None:
        days = {"since": date_format(error.other.since), "until": date_format(error.other.until)}
        return [_("The person is linked to a company from %(since)s to %(until)s already.") % days]
    if isinstance(error, LinkOverlaps):
        since = date_format(error.other.since)
        return [_("The person is linked to a company from %(since)s already.") % {"since": since}]
    return [str(error)]


# What ``domain`` says of a rules document, in English; here for the catalogues.
FAULTS = (
    gettext_noop("a benefit other than margin needs a text"),
    gettext_noop("a margin names its product and its percent"),
    gettext_noop("is missing"),
    gettext_noop("is not YAML"),
    gettext_noop("is not known here"),
    gettext_noop("must be a date, YYYY-MM-DD"),
    gettext_noop("must be a rules document: slug, tiers, …"),
    gettext_noop("must be a time zone's name, such as Europe/Warsaw"),
    gettext_noop("must be lower-case letters, digits and hyphens, such as gold-line"),
    gettext_noop("must be text (put it in quotes)"),
    gettext_noop("needs a text in English (en: …)"),
    gettext_noop("needs one of any_of, all_of and latest, and not more than one"),
    gettext_noop("needs at_least or at_most"),
    gettext_noop(
        "needs what it asks for: people, credentials, metric, points, competencies, "
        "top_percent or lines"
    ),
    gettext_noop("counting a metric names it, counting people or credentials does not"),
    gettext_noop("until must lie after since: it is the first day without it"),
    gettext_noop("a window is so many months or so many days, not both"),
    gettext_noop("a competency cannot ask for competencies"),
    gettext_noop("valid_from cannot lie before announced_on"),
)


def describe_fault(fault: Fault) -> str:
    """Say what is wrong in a rules document, and where."""
    head, named, given = fault.message.partition("; it is ")
    told = _(head) if head in FAULTS else head
    if named:
        told = _("%(wrong)s; it is %(given)s") % {"wrong": told, "given": given}
    return str(replace(fault, message=told))
