"""What the verification page and ``manage.py verify`` say about a code or a file."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from badges.domain.claims import Claim, NotReadable, read_claims, same
from badges.domain.contexts import Json
from badges.domain.identity import find_code
from badges.domain.keys import public_key_of
from badges.domain.proof import is_proven
from badges.models import Edition
from badges.queries.exhibits import Exhibit, get_exhibit
from lms.wording.retold import retell


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``status`` is valid, expired, revoked, not_yet, altered or unknown.

    ``intact`` is ``None`` where there was nothing to compare: a code alone, or not ours.
    """

    status: str
    ours: bool
    intact: bool | None
    edition: int | None
    code: str
    title: str
    reasons: tuple[str, ...]

    def to_json(self) -> Json:
        """Return the keys that ``--json`` documents."""
        return {
            "status": self.status,
            "ours": self.ours,
            "intact": self.intact,
            "edition": self.edition,
            "code": self.code,
            "title": self.title,
            "reasons": list(self.reasons),
        }


def verify_code(text: str, on: date) -> Verdict:
    """Judge a code or an address of ours."""
    code = find_code(text)
    exhibit = get_exhibit(code) if code else None
    if exhibit is None:
        return _unknown(_("No certificate of this site has this code."))
    return _judge(exhibit, on, edition=exhibit.edition, intact=None)


def verify_file(body: bytes, on: date) -> Verdict:
    """Judge a file: every document in it must be, word for word, one that was issued here.

    Nothing in the file is run through a graph canonicalizer: it is compared with what was
    issued, and the proof that is checked is the one of our own copy.
    """
    try:
        claims = read_claims(body)
    except NotReadable as error:
        return _altered(None, retell(error)) if error.broken else _unknown(retell(error))
    exhibit = get_exhibit(claims[0].code)
    if exhibit is None or any(not _is_ours(claim, exhibit) for claim in claims):
        return _unknown(_("The file was not issued by this site."))
    editions = [_matching(claim) for claim in claims]
    if None in editions:
        return _altered(exhibit, _("The content differs from what was issued."))
    edition = min(number for number in editions if number is not None)
    return _judge(exhibit, on, edition=edition, intact=True)


def _is_ours(claim: Claim, exhibit: Exhibit) -> bool:
    return claim.code == exhibit.award.code and claim.base_url == exhibit.award.base_url


def _matching(claim: Claim) -> int | None:
    """Return the number of the latest edition a document equals, its proof checked."""
    editions = Edition.objects.filter(credential__code=claim.code).select_related("key")
    for edition in editions.order_by("-number"):
        issued = json.loads(edition.ob3 if claim.is_ob3 else edition.ob2)
        if same(claim.content, issued):
            proven = is_proven(json.loads(edition.ob3), public_key_of(edition.key.kid))
            return edition.number if proven else None
    return None


def _judge(exhibit: Exhibit, on: date, *, edition: int, intact: bool | None) -> Verdict:
    state = exhibit.state(on)
    sentences = {
        "expired": _("Its validity has ended."),
        "revoked": _("It was withdrawn by the issuer."),
        "not_yet": _("Its validity has not begun yet."),
    }
    reasons = [sentences[state]] if state in sentences else []
    if edition < exhibit.edition:
        reasons.append(_("There is a newer edition of it."))
    return Verdict(
        status=state,
        ours=True,
        intact=intact,
        edition=edition,
        code=exhibit.award.code,
        title=exhibit.award.achievement.name,
        reasons=tuple(reasons),
    )


def _altered(exhibit: Exhibit | None, reason: str) -> Verdict:
    return Verdict(
        status="altered",
        ours=exhibit is not None,
        intact=False,
        edition=None,
        code=exhibit.award.code if exhibit else "",
        title=exhibit.award.achievement.name if exhibit else "",
        reasons=(reason,),
    )


def _unknown(reason: str) -> Verdict:
    return Verdict(
        status="unknown",
        ours=False,
        intact=None,
        edition=None,
        code="",
        title="",
        reasons=(reason,),
    )
