"""Two partners: nothing of Baltwerk is readable or changeable from Ostrand, at any address.

The test walks every address the site has. A new one fails it until somebody says whose it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image
from wagtail.documents import get_document_model

from badges.models import Credential, Recipient, SigningKey, StatusList
from courses.actions.attempts import save_answer, start_attempt
from courses.actions.contests import open_contest
from courses.actions.history import sit
from courses.actions.pictures import keep_picture
from courses.models import (
    Attempt,
    AttemptEvent,
    Contest,
    ExerciseAnswer,
    LessonProgress,
    Rating,
    Rescore,
    Response,
)
from lms.accounts.actions import invite
from lms.accounts.models import Invitation, User
from lms.events.publish import deliver_due
from partners.models import Decision, Membership, Partner
from tests.factories.courses import Training, answers
from tests.factories.panels import make_judges, make_panel
from tests.factories.partners import Company

pytestmark = pytest.mark.django_db

# Whose an address is. public: anybody. signed_in: anybody who signed in, showing their own.
# owner: one person's thing. manager: one company's thing, for its manager.
WHOSE = {
    "lms_credential": "public",
    "lms_credential_consent": "owner",
    "lms_credential_name": "owner",
    "lms_credential_report": "public",
    "lms_credential_json": "public",
    "lms_credential_jwt": "public",
    "lms_credential_jws": "public",
    "lms_credential_svg": "public",
    "lms_credential_card": "public",
    "lms_edition": "public",
    **{f"lms_edition_{form}": "public" for form in ("json", "jwt", "png", "svg", "pdf", "jws")},
    "lms_credential_png": "public",
    "lms_credential_pdf": "public",
    "lms_credential_ob2": "public",
    "lms_strip": "public",
    "lms_achievement": "public",
    "lms_achievement_json": "public",
    "lms_achievement_png": "public",
    "lms_achievement_ob2": "public",
    "lms_issuer": "public",
    "lms_issuer_ob2": "public",
    "lms_issuer_key_ob2": "public",
    "lms_did": "public",
    "lms_jwks": "public",
    "lms_key": "public",
    "lms_key_ob2": "public",
    "lms_revocations": "public",
    "lms_status_jwt": "public",
    "lms_api:api-root": "public",
    "lms_api:openapi-json": "public",
    "lms_api:lms_api_credential": "public",
    "lms_api:lms_api_verify_code": "public",
    "lms_api:lms_api_verify_file": "public",
    "lms_status": "public",
    "lms_verify": "public",
    "lms_worker_health": "public",
    "lms_invitation": "public",  # the code is the key; it shows the address it was sent to
    "lms_invite": "signed_in",
    "lms_test": "signed_in",
    "lms_attempt": "owner",
    "lms_place": "owner",
    "lms_save": "owner",
    "lms_events": "owner",
    "lms_review": "owner",
    "lms_section": "owner",
    "lms_section_review": "owner",
    "lms_pause": "owner",
    "lms_result": "owner",
    "lms_contest": "owner",
    "lms_contest_withdraw": "owner",
    "lms_lesson_finish": "signed_in",
    "lms_lesson_watched": "signed_in",
    "lms_exercise": "signed_in",
    "lms_file": "signed_in",
    "lms_picture": "signed_in",
    "lms_panels": "signed_in",
    "lms_panel": "owner",
    "lms_panel_item": "owner",
    "lms_cabinet": "signed_in",
    "lms_company": "signed_in",
    "lms_people": "signed_in",
    "lms_leave": "manager",
    "lms_decisions": "signed_in",
    "lms_decision": "manager",
}
MARKS = ("ana@baltwerk", "bo@baltwerk", "Kowalska", "Nowicki", "Baltwerk")
# Addresses of Django, allauth and Wagtail that are not in the admin.
FOREIGN = re.compile(
    r"^(account_|set_language$|wagtaildocs_|wagtail_serve$|wagtailcore_|wagtailimages_)"
)
OPEN_IN_ADMIN = re.compile(r"^(login|logout|password_reset|sprite|jsi18n|.*localized_js_catalog)")


@dataclass
class Address:
    """A pattern of the site, its path with converters still in it."""

    name: str
    route: str
    arguments: tuple[str, ...]
    is_admin: bool


def walk(patterns: Any = None, before: str = "", space: str = "") -> Iterator[Address]:
    for entry in patterns or get_resolver("lms.urls.site").url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            names = tuple(entry.pattern.regex.groupindex) + tuple(
                getattr(entry.pattern, "converters", {})
            )
            name = f"{space}{entry.name}" if entry.name else ""
            yield Address(name, route, tuple(dict.fromkeys(names)), route.startswith("admin/"))


ADDRESSES = list(walk())
OURS = [
    address for address in ADDRESSES if address.name.startswith("lms_") and not address.is_admin
]


@dataclass
class Belongings:
    """What Baltwerk and its people have."""

    values: dict[str, dict[str, Any]]
    marks: tuple[str, ...]


@pytest.fixture
def belongings(
    training: Training, baltwerk: Company, ostrand: int, ana: User, bo: User
) -> Belongings:
    now = timezone.now()
    sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(days=3))
    deliver_due()
    started = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now)
    save_answer(
        code=started.code,
        user_id=ana.pk,
        slot=1,
        raw=answers(started.code)[1],
        base_revision=0,
        save_id="ana",
    )
    invited = invite(
        email="fay@baltwerk.example", name="Fay", job="sales", language="en", actor=bo.pk, now=now
    )
    credential = Credential.objects.get(recipient=baltwerk.ana)
    achievement = credential.achievement.code
    common = {
        "slot": 1,
        "course": "recovery",
        "page_id": training.lessons[0].pk,
        "document_id": _document(),
        "filename": "sheet.txt",
        "name": keep_picture(_png()),
        "membership_id": baltwerk.ana_link,
        "decision_id": Decision.objects.filter(partner=baltwerk.id).latest("pk").pk,
        "kid": SigningKey.objects.get(algorithm="RS256").kid,
        "number": StatusList.objects.get().pk,
        "code": started.code,
        "edition": 1,
    }
    values = {address.name: common for address in OURS}
    for name in values:
        if name.startswith(("lms_credential", "lms_edition", "lms_strip", "lms_api:lms")):
            values[name] = {**common, "code": credential.code}
        if name.startswith("lms_achievement"):
            values[name] = {**common, "code": achievement}
    values["lms_exercise"] = {**common, "code": "segments"}
    values["lms_invitation"] = {**common, "code": invited.code}
    done = Attempt.objects.get(user=ana, state="scored")
    values["lms_result"] = {**common, "code": done.code}
    panel = make_panel(training.assessment.pk, make_judges(1), now).code
    values |= {key: {**common, "code": panel} for key in ("lms_panel", "lms_panel_item")}
    values |= _contest(done, common)
    return Belongings(values, (*MARKS, started.code, panel))


def _contest(done: Attempt, common: dict[str, Any]) -> dict[str, dict[str, Any]]:
    contested = open_contest(
        code=done.code, user_id=done.user_id, slot=1, reason="Kowalska", now=timezone.now()
    )
    mine = {**common, "code": done.code, "contest_id": contested.pk}
    return dict.fromkeys(("lms_contest", "lms_contest_withdraw"), mine)


def _document() -> int:
    document = get_document_model()(title="sheet.txt")
    document.file.save("sheet.txt", ContentFile(b"for everybody"))
    document.file.close()
    return int(document.pk)


def _png() -> bytes:
    output = BytesIO()
    Image.new("RGB", (9, 9)).save(output, "PNG")
    return output.getvalue()


def address_of(address: Address, belongings: Belongings) -> str:
    values = belongings.values[address.name]
    return reverse(address.name, kwargs={name: values[name] for name in address.arguments})


def state() -> list[Any]:
    """Everything Baltwerk has, as it stands."""
    models: tuple[type[Model], ...] = (
        Attempt, AttemptEvent, Response, Membership, Decision, Partner, Recipient, Credential,
        Invitation, Contest, Rating, Rescore
    )  # fmt: skip
    rows = [list(model._default_manager.order_by("pk").values()) for model in models]
    people = list(User.objects.order_by("pk").values("email", "name", "password", "is_active"))
    done = list(LessonProgress.objects.filter(user__email__startswith="ana").values())
    solved = list(ExerciseAnswer.objects.filter(user__email__startswith="ana").values())
    return [*rows, people, done, solved]


def body(response: Any) -> str:
    content = b"".join(response) if response.streaming else response.content
    return bytes(content).decode("utf-8", "replace")


def test_every_address_says_whose_it_is() -> None:
    names = {address.name for address in ADDRESSES if not address.is_admin}
    unnamed = [address.route for address in ADDRESSES if not address.name and not address.is_admin]
    assert {name for name in names if not FOREIGN.match(name)} - {""} == set(WHOSE)
    assert unnamed == ["^media/(?P<path>images/.*)$"]


def test_what_is_somebodys_is_not_there_for_anybody_else(
    belongings: Belongings, as_cy: Client
) -> None:
    before = state()
    for address in OURS:
        if WHOSE[address.name] not in ("owner", "manager"):
            continue
        url = address_of(address, belongings)
        for method in ("get", "post", "put", "patch", "delete"):
            data = {
                "until": timezone.localdate().isoformat(),
                "show_name": "on",
                "answer": "b",
                "percent": "1",
            }
            response = getattr(as_cy, method)(url, data if method == "post" else None)
            assert response.status_code in (403, 404, 405, 422), (method, url)
            told = body(response).replace(url, "")  # the language switch returns to where one is
            assert not [mark for mark in belongings.marks if mark in told], (method, url)
    job = {"value": ["b"], "base_revision": 1, "save_id": "cy"}
    save = next(address for address in OURS if address.name == "lms_save")
    url = address_of(save, belongings)
    assert as_cy.post(url, job, content_type="application/json").status_code == 404
    assert state() == before


def test_what_anybody_may_open_shows_nothing_of_the_other_company(
    belongings: Belongings, as_cy: Client, ostrand: int
) -> None:
    before = state()
    for address in OURS:
        if WHOSE[address.name] != "signed_in":
            continue
        url = address_of(address, belongings)
        response = as_cy.get(url)
        assert response.status_code in (200, 405), url
        told = body(response)
        assert not [mark for mark in belongings.marks if mark in told], url
    after = state()
    assert after == before


def test_members_do_not_see_their_managers_pages(belongings: Belongings, as_ana: Client) -> None:
    for name in ("lms_company", "lms_people", "lms_decisions", "lms_decision", "lms_leave",
                 "lms_invite"):  # fmt: skip
        address = next(address for address in OURS if address.name == name)
        for method in (as_ana.get, as_ana.post):
            assert method(address_of(address, belongings)).status_code == 403, name


def test_a_manager_does_not_open_a_colleagues_test(belongings: Belongings, as_bo: Client) -> None:
    before = state()
    for name in ("lms_attempt", "lms_place", "lms_save", "lms_events", "lms_review",
                 "lms_result", "lms_contest", "lms_contest_withdraw"):  # fmt: skip
        address = next(address for address in OURS if address.name == name)
        for method in (as_bo.get, as_bo.post):
            assert method(address_of(address, belongings)).status_code in (404, 405, 422), name
    assert state() == before


def test_strangers_are_asked_to_sign_in(belongings: Belongings, client: Client) -> None:
    before = state()
    for address in OURS:
        url = address_of(address, belongings)
        response = client.get(url)
        if WHOSE[address.name] == "public":
            assert response.status_code in (200, 404, 405, 422, 503), url
            hidden = [mark for mark in belongings.marks if mark in body(response)]
            allowed = {"Baltwerk"} if address.name == "lms_invitation" else set()
            assert set(hidden) <= allowed, (url, hidden)
            continue
        for answer in (response, client.post(url)):
            assert answer.status_code == 302, url
            assert answer["Location"].startswith("/account/login/?next="), url
    assert state() == before


def test_the_admin_is_closed_to_partners_people(
    belongings: Belongings, as_bo: Client, client: Client
) -> None:
    before = state()
    opened = []
    for address in ADDRESSES:
        if not address.is_admin or OPEN_IN_ADMIN.match(address.route.removeprefix("admin/")):
            continue
        path = "/" + re.sub(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)", "1", address.route)
        path = path.replace("^", "").replace("$", "").replace("\\", "").replace("?", "")
        for who in (as_bo, client):
            for method in (who.get, who.post):
                response = method(path)
                if response.status_code == 302:
                    closed = response["Location"].startswith(("/admin/login/", "/admin/", path))
                else:
                    closed = response.status_code in (403, 404, 405)
                if not closed:
                    opened.append((path, response.status_code))
    assert opened == []
    assert len([address for address in ADDRESSES if address.is_admin]) > 100
    assert state() == before
