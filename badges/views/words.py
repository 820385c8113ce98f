"""A credential's state as a heading and a sentence, in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from badges.domain.validity import (
    ERASED,
    EXPIRED,
    EXPIRING,
    NOT_YET,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
    last_day,
)
from badges.queries.exhibits import Exhibit

SEALS = {REVOKED: "withdrawn", NOT_YET: "quiet", ERASED: "quiet"}


@dataclass(frozen=True, kw_only=True)
class StateWords:
    """``seal`` is the emblem's name of the state."""

    seal: str
    title: str
    sentence: str


def title_of(state: str) -> str:
    """Say a state in a few words; ``lost``, ``altered`` and ``unknown`` are verdicts alone."""
    titles = {
        VALID: _("Valid"),
        EXPIRING: _("Valid, expires soon"),
        EXPIRED: _("Expired, no longer valid"),
        SUSPENDED: _("Suspended, not valid now"),
        SUPERSEDED: _("Superseded by a newer edition"),
        REVOKED: _("Withdrawn, not valid"),
        NOT_YET: _("Not valid yet"),
        ERASED: _("No longer on record"),
        "lost": _("No longer on record"),
        "altered": _("Altered, do not trust it"),
    }
    return titles.get(state, _("Not ours"))


def describe_state(exhibit: Exhibit, on: date) -> StateWords:
    """Return what the head of a credential's page says on a day."""
    picture, until = exhibit.picture(on), last_day(exhibit.award.valid_until)
    sentences = {
        REVOKED: _said(_("The issuer withdrew it on %(day)s."), exhibit.revoked_at),
        SUSPENDED: _said(_("The issuer suspended it on %(day)s."), exhibit.suspended_at),
        SUPERSEDED: _("Edition %(number)d took its place.") % {"number": exhibit.latest},
        EXPIRED: _said(_("It was valid to %(day)s."), until),
        NOT_YET: _said(_("It is valid from %(day)s."), exhibit.award.valid_from),
    }
    holds = _said(_("It is valid to %(day)s."), until) or _("It has no end date.")
    return StateWords(
        seal=SEALS.get(picture, picture),
        title=title_of(picture),
        sentence=sentences.get(picture, holds),
    )


def _said(pattern: str, day: date | None) -> str:
    if day is None:
        return ""
    local = localtime(day) if isinstance(day, datetime) else day
    return pattern % {"day": date_format(local, "j E Y")}
