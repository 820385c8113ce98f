"""What the verification page and ``manage.py verify`` say about a code or a file."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from badges.domain.claims import JWS, JWT, Claim, NotReadable, differing, read_claims, same
from badges.domain.contexts import Json
from badges.domain.identity import find_code
from badges.domain.keys import public_key_of
from badges.domain.pdf import DETAILS, LATER, PdfUnreadable
from badges.domain.proof import is_proven
from badges.domain.tokens import is_signed, read
from badges.domain.validity import ERASED, EXPIRED, NOT_YET, REVOKED, SUSPENDED, last_day
from badges.models import Edition
from badges.queries.examination import examine_safely, judge_foreign
from badges.queries.exhibits import Exhibit, get_exhibit, list_editions
from badges.queries.keys import list_certificates
from badges.queries.lost import find_lost
from badges.queries.rendering import is_as_drawn
from lms.conf import get_conf
from lms.wording.retold import retell


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``status`` is valid, expired, suspended, superseded, revoked, not_yet, altered,
    erased, lost or unknown.

    ``intact`` is ``None`` where there was nothing to compare: a code alone, or not ours.
    """

    status: str
    ours: bool
    intact: bool | None
    edition: int | None
    code: str
    title: str
    reasons: tuple[str, ...]
    # Everything printed, so that whoever holds a paper can compare; empty where it is not public.
    name: str = ""
    issuer: str = ""
    criteria: str = ""
    passed_on: date | None = None
    last_day: date | None = None
    printed: tuple[str, ...] = ()  # the lines of the design: own words, small print, signatories
    # Whether the picture round the document is as we draw it; ``None`` where there is none.
    picture: bool | None = None

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
            "name": self.name,
            "issuer": self.issuer,
            "criteria": self.criteria,
            "passed_on": self.passed_on and self.passed_on.isoformat(),
            "last_day": self.last_day and self.last_day.isoformat(),
            "printed": list(self.printed),
            "picture": self.picture,
        }


def verify_code(text: str, on: date) -> Verdict:
    """Judge a code or an address of ours."""
    code = find_code(text)
    exhibit = get_exhibit(code) if code else None
    if exhibit is None:
        return _lost(code) or _unknown(_("No certificate of this site has this code."))
    return _erased(exhibit) if exhibit.erased else _judge(exhibit, on, intact=None)


def verify_file(body: bytes, on: date) -> Verdict:
    """Judge a file: every document in it must be, word for word, one that was issued here.

    Nothing in the file is run through a graph canonicalizer: it is compared with what was
    issued, and the proof that is checked is the one of our own copy.
    """
    if body.startswith(b"%PDF-"):
        return _verify_pdf(body, on)
    try:
        claims = read_claims(body)
    except NotReadable as error:
        return _altered(None, retell(error)) if error.broken else _unknown(retell(error))
    exhibit = get_exhibit(claims[0].code)
    if exhibit is None and all(_names(claim, claims[0].code) for claim in claims):
        return _lost(claims[0].code) or _foreign(claims[0])
    if exhibit is None or any(not _is_ours(claim, exhibit) for claim in claims):
        return _foreign(claims[0])
    if exhibit.erased:
        return _erased(exhibit)
    editions = [_matching(claim) for claim in claims]
    if None in editions:
        changed = sorted({field for claim in claims for field in _differences(claim, exhibit)})
        altered = _altered(exhibit, _("The content differs from what was issued."), changed)
        return _with_lost(altered)
    number = min(edition for edition in editions if edition is not None)
    shown = exhibit if number == exhibit.edition else get_exhibit(claims[0].code, number)
    return _with_picture(_judge(shown or exhibit, on, intact=True), shown or exhibit, body)


def _with_picture(verdict: Verdict, exhibit: Exhibit, body: bytes) -> Verdict:
    """Say so if a genuine document stands in a picture that is not, or no longer, ours."""
    alike = is_as_drawn(exhibit, body)
    if alike is not False:
        return replace(verdict, picture=alike)
    said = _(
        "Only the document inside was judged. The picture around it differs from the one this "
        "site draws now: it may be an older one, or somebody has changed it."
    )
    return replace(verdict, picture=False, reasons=(*verdict.reasons, said))


def _verify_pdf(body: bytes, on: date) -> Verdict:
    """Judge a certificate by its signature; its text cannot be compared, so the page repeats it."""
    try:
        report = examine_safely(body, trusted=list_certificates())
    except PdfUnreadable as error:
        return _unknown(retell(error))
    number = re.search(r"/([0-9]+)/$", report.address)
    exhibit = get_exhibit(report.code, int(number[1]) if number else None)
    if exhibit is None and report.ours and (lost := _lost(report.code)):
        return replace(lost, intact=report.intact)
    if exhibit is None or not report.address.startswith(exhibit.award.page):
        return _unknown(_("The file was not issued by this site."))
    if exhibit.erased:
        return _erased(exhibit)
    if not report.ours:
        return _altered(exhibit, _("It names a certificate of this site, but is not signed by it."))
    if not report.intact:
        return _altered(exhibit, _changed_pdf(report.change))
    return _judge(exhibit, on, intact=True)


def _lost(code: str) -> Verdict | None:
    """Say what the ledger knows of a code that was issued after the copy of a restore."""
    lost = find_lost(code) if code else None
    if lost is None:
        return None
    known = _unknown("")
    return replace(known, status=lost.state, ours=True, code=code, reasons=lost.reasons)


def _with_lost(verdict: Verdict) -> Verdict:
    """An edition that a restore lost cannot be told from an altered one: say so."""
    if find_lost(verdict.code) is None:
        return verdict
    said = _("Editions of it are no longer on record since the site was restored: ask the issuer.")
    return replace(verdict, reasons=(*verdict.reasons, said))


def _changed_pdf(change: str) -> str:
    sentences = {
        LATER: _("Something was added to the file after it was signed."),
        DETAILS: _("The title or other details of the file were changed after it was signed."),
    }
    return sentences.get(change) or _("The content differs from what was issued.")


def _names(claim: Claim, code: str) -> bool:
    return claim.code == code and claim.base_url == get_conf().base_url


def _is_ours(claim: Claim, exhibit: Exhibit) -> bool:
    return claim.code == exhibit.award.code and claim.base_url == exhibit.award.base_url


def _matching(claim: Claim) -> int | None:
    """Return the number of the latest edition a document equals, its signature checked."""
    editions = Edition.objects.filter(credential__code=claim.code)
    for edition in editions.select_related("key", "token_key").order_by("-number"):
        if _equals(claim, edition):
            return edition.number if _is_sound(claim, edition) else None
    return None


def _equals(claim: Claim, edition: Edition) -> bool:
    issued: str = getattr(edition, claim.form)
    if claim.form in (JWT, JWS):
        return bool(claim.content == issued)
    return same(claim.content, json.loads(issued))


def _is_sound(claim: Claim, edition: Edition) -> bool:
    """Check our own copy: a hosted assertion has no signature, so its signed twin speaks for it."""
    if claim.form in (JWT, JWS):
        return is_signed(claim.content, edition.token_key.public.rsa())
    return is_proven(json.loads(edition.ob3), public_key_of(edition.key.kid))


def _differences(claim: Claim, exhibit: Exhibit) -> list[str]:
    """Name the members of a document that are not as in the latest edition of its form."""
    if claim.form in (JWT, JWS):
        _header, issued = read(getattr(exhibit, claim.form))
    else:
        issued = json.loads(getattr(exhibit, claim.form))
    return list(differing(claim.document, issued))


def _judge(exhibit: Exhibit, on: date, *, intact: bool | None) -> Verdict:
    state = exhibit.state(on)
    sentences = {
        EXPIRED: _("Its validity has ended."),
        REVOKED: _("It was withdrawn by the issuer."),
        SUSPENDED: _("The issuer has suspended it; it may be reinstated."),
        NOT_YET: _("Its validity has not begun yet."),
    }
    reasons = [sentences[state]] if state in sentences else []
    return Verdict(
        status=state,
        ours=True,
        intact=intact,
        edition=exhibit.edition,
        code=exhibit.award.code,
        title=exhibit.award.achievement.name,
        reasons=(*reasons, *_later(exhibit)),
        **_printed(exhibit),
    )


def _printed(exhibit: Exhibit) -> dict[str, Any]:
    award = exhibit.award
    return {
        "name": exhibit.public_name,
        "issuer": award.issuer.name,
        "criteria": award.achievement.criteria,
        "passed_on": award.valid_from if exhibit.show_date else None,
        "last_day": last_day(award.valid_until),
        "printed": tuple(award.design.lines),
    }


def _later(exhibit: Exhibit) -> Iterator[str]:
    """Say what came after this edition, and what it changed."""
    if exhibit.edition == exhibit.latest:
        return
    chain = list_editions(exhibit.award.code)
    for later in (one for one in chain if one.number > exhibit.edition):
        values = {"number": later.number, "what": later.said}
        yield _("Superseded by edition %(number)d: %(what)s.") % values


def _altered(exhibit: Exhibit | None, reason: str, changed: Sequence[str] = ()) -> Verdict:
    places = [_("Changed: %(places)s.") % {"places": ", ".join(changed)}] if changed else []
    return Verdict(
        status="altered",
        ours=exhibit is not None,
        intact=False,
        edition=None,
        code=exhibit.award.code if exhibit else "",
        title=exhibit.award.achievement.name if exhibit else "",
        reasons=(reason, *places),
        **(_printed(exhibit) if exhibit else {}),
    )


def _erased(exhibit: Exhibit) -> Verdict:
    """Nothing is confirmed of somebody who asked to be forgotten, not even the title."""
    return Verdict(
        status=ERASED,
        ours=True,
        intact=None,
        edition=None,
        code=exhibit.award.code,
        title="",
        reasons=(_("Its holder asked to be forgotten: nothing is confirmed any more."),),
    )


def _foreign(claim: Claim) -> Verdict:
    """Say what another site's credential claims, and whether it is whole; nothing is fetched."""
    refusal = _("The file was not issued by this site.")
    is_token = isinstance(claim.content, str)
    if not is_token and "credentialSubject" not in claim.document:
        return _unknown(refusal)
    text = claim.content if is_token else json.dumps(claim.content)
    found = judge_foreign(text)
    if found is None:
        return _unknown(refusal)
    said = _("It says: “%(title)s”, issued by %(issuer)s.")
    proofs = {
        True: _("Its signature fits the key inside it. Who owns that key is not checked here."),
        False: _("Its signature does not fit: it was altered."),
        None: _("Its signature cannot be checked without asking elsewhere, which we do not do."),
    }
    reasons = [refusal, said % {"title": found.title or "?", "issuer": found.issuer or "?"}]
    return replace(_unknown(refusal), reasons=(*reasons, proofs[found.proven]))


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
