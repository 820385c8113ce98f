"""What programs ask about certificates: the same answers as the pages give to people."""

from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from ninja import File, Router, Schema, Status
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from badges.domain.claims import MAX_BYTES
from badges.domain.identity import read_code
from badges.domain.validity import last_day
from badges.queries.exhibits import Exhibit, get_exhibit, list_editions
from badges.queries.limits import may_ask
from badges.queries.lost import find_lost
from badges.queries.verification import Verdict, verify_code, verify_file

router = Router(tags=["certificates"])


class VerdictOut(Schema):
    """What the verification page says; ``intact`` is null where nothing was compared.

    ``picture`` is false where the picture around a genuine document is not as we draw it.
    """

    status: str
    ours: bool
    intact: bool | None
    edition: int | None
    code: str
    title: str
    reasons: list[str]
    name: str
    issuer: str
    criteria: str
    passed_on: date | None
    last_day: date | None
    printed: list[str]
    picture: bool | None


class EditionOut(Schema):
    number: int
    kind: str
    issued_on: date
    note: str


class CredentialOut(Schema):
    """What anybody may know of a certificate; empty is what the holder has not published."""

    code: str
    status: str
    title: str
    name: str
    issuer: str
    achievement: str
    passed_on: date | None
    last_day: date | None
    edition: int
    editions: list[EditionOut]
    urls: dict[str, str]


class Problem(Schema):
    detail: str


# Kept by nobody unasked: a state can change at any moment, and a refusal is for one reader.
ASKED_EACH_TIME = decorate_view(cache_control(no_cache=True), conditional_page)


@router.get("/verify", response={200: VerdictOut, 429: Problem}, url_name="lms_api_verify_code")
@ASKED_EACH_TIME
def verify_by_code(request: HttpRequest, code: str) -> VerdictOut | Status[Problem]:
    """Judge a code or an address."""
    if not may_ask(request.META.get("REMOTE_ADDR", ""), timezone.now()):
        return _too_many()
    return _told(verify_code(code[:300], timezone.localdate()))


@router.post(
    "/verify",
    response={200: VerdictOut, 413: Problem, 429: Problem},
    url_name="lms_api_verify_file",
)
def verify_by_file(request: HttpRequest, file: File[UploadedFile]) -> VerdictOut | Status[Problem]:
    """Judge a picture (PNG, SVG), a PDF, a JSON file or a token of at most 2 MB."""
    if not may_ask(request.META.get("REMOTE_ADDR", ""), timezone.now()):
        return _too_many()
    if (file.size or 0) > MAX_BYTES:
        return Status(413, Problem(detail="The file is larger than 2 MB."))
    return _told(verify_file(file.read(), timezone.localdate()))


@router.get(
    "/credentials/{code}",
    response={200: CredentialOut, 404: Problem, 410: Problem, 429: Problem},
    url_name="lms_api_credential",
)
@ASKED_EACH_TIME
def credential(request: HttpRequest, code: str) -> CredentialOut | Status[Problem]:
    """Tell what is public about a certificate, with the addresses of all its forms."""
    if not may_ask(request.META.get("REMOTE_ADDR", ""), timezone.now()):
        return _too_many()
    exhibit = get_exhibit(read_code(code))
    if exhibit is None:
        if lost := find_lost(read_code(code)):
            return Status(404, Problem(detail=" ".join(lost.reasons)))
        raise Http404
    if exhibit.erased:
        return Status(410, Problem(detail="Its holder asked to be forgotten."))
    return _shown(exhibit)


def _told(verdict: Verdict) -> VerdictOut:
    return VerdictOut(**verdict.to_json())


def _too_many() -> Status[Problem]:
    return Status(429, Problem(detail="Too many questions at once: wait a minute."))


def _shown(exhibit: Exhibit) -> CredentialOut:
    award = exhibit.award
    page = award.page.rstrip("/")
    return CredentialOut(
        code=award.code,
        status=exhibit.state(timezone.localdate()),
        title=award.achievement.name,
        name=exhibit.public_name,
        issuer=award.issuer.name,
        achievement=f"{award.base_url}/a/{award.achievement.code}/",
        passed_on=award.valid_from if exhibit.show_date else None,
        last_day=last_day(award.valid_until),
        edition=exhibit.edition,
        editions=[
            EditionOut(
                number=one.number,
                kind=one.kind,
                issued_on=timezone.localdate(one.issued_at),
                note=one.note,
            )
            for one in list_editions(award.code)
        ],
        urls={
            "page": award.page,
            **{form: f"{page}.{form}" for form in ("json", "jwt", "png", "svg", "pdf")},
            "ob2": f"{page}/ob2.json",
            "jws": f"{page}/ob2.jws",
            "strip": f"{award.base_url}/s/{award.code}.png",
        },
    )
