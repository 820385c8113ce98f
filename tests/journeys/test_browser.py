"""The stories in a real browser, under the site's Content-Security-Policy, judged by axe."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from badges.actions.recipients import decide_visibility
from badges.actions.withdrawal import revoke
from badges.queries import list_credentials
from courses.models import AttemptItem, Course
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.factories.courses import Training, right_answer, wrong_answer
from tests.factories.partners import Company
from tests.journeys.conftest import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
Open = Callable[..., Visitor]


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open a browser of one's own; at the end none may have complained."""
    opened: list[Visitor] = []

    def open_one(user: User | None = None, width: int = 1280) -> Visitor:
        one = Visitor(chromium, live_server.url, width)
        opened.append(one)
        if user:
            one.sign_in(user)
        return one

    yield open_one
    complaints = [text for one in opened for text in one.complaints]
    for one in opened:
        one.close()
    assert not complaints


@pytest.fixture
def front(transactional_db: None) -> None:
    """The reference site's own front page."""
    call_command("prepare_site")


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=re.compile(name)).first.click()


def start(one: Visitor, course: str) -> Page:
    page = one.open(f"/tests/{course}/")
    press(page, "Start the test")
    page.wait_for_url("**/attempts/**")
    return page


def give(page: Page, *, right: bool) -> None:
    """Answer the question that is open, as somebody who knows or does not."""
    code, slot = urlsplit(page.url).path.strip("/").split("/")[1:]
    body = AttemptItem.objects.get(attempt__code=code, slot=int(slot)).version.parsed
    value = right_answer(body) if right else wrong_answer(body)
    if body.options:
        for letter in value:
            page.locator(f"input[name=answer][value={letter}]").check()
    else:
        page.locator("#answer").fill(value)


def answer_all(page: Page, *, right: bool) -> None:
    while "/review/" not in page.url:
        give(page, right=right)
        before = page.url
        press(page, "Save and")
        page.wait_for_url(lambda url, old=before: url != old)  # type: ignore[misc]


def judge(page: Page) -> None:
    """axe finds nothing, and nothing reaches over the edge."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{page.url} is {width} px too wide"


def test_the_engineer_passes_and_shares(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = one.open(training.index.url)
    page.get_by_role("link", name=training.page.title).click()
    page.get_by_role("link", name="Start with the first lesson").click()
    page.get_by_label("Your result").fill("15")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("is not it yet")).to_be_visible()
    page.get_by_label("Your result").fill("16")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Solved")).to_be_visible()
    press(page, "Read")
    page = start(one, training.slug)
    give(page, right=True)
    expect(page.locator("[data-lms-saved]")).to_have_text("Saved")
    page.reload()
    assert page.locator("input:checked").count() or page.locator("#answer").input_value()
    answer_all(page, right=True)
    press(page, "Submit the test")
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()
    deliver_due()
    page.get_by_role("link", name="Open your certificate").click(timeout=10_000)
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy for an e-mail signature").click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    assert_signature_speaks(one)
    # Chromium parses what is copied as if it stood in the page, and says so, sooner or later; it is
    # copied whole.
    one.complaints[:] = [text for text in one.complaints if "inline style" not in text]


def assert_signature_speaks(one: Visitor) -> None:
    """Pasted into a mail with pictures blocked, it still says what, and where to check."""
    mail = one.context.new_page()
    mail.route("**/*.png*", lambda route: route.abort())
    mail.set_content("<div contenteditable style='min-height: 9em'></div>")
    mail.locator("[contenteditable]").click()
    mail.keyboard.press("Control+V")
    picture = mail.locator("img")
    expect(picture).to_have_attribute("alt", re.compile("Halden.*/c/"))
    assert "font-family" in (picture.get_attribute("style") or "")
    text_link = mail.get_by_role("link").last
    expect(text_link).to_be_visible()
    assert "/c/" in (text_link.get_attribute("href") or "")


def test_who_fails_is_told_what_to_read_and_when(
    visitor: Open, ana: User, bo: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana, width=360)
    page = start(one, training.slug)
    answer_all(page, right=False)
    press(page, "Submit the test")
    expect(page.get_by_role("heading", name="Not yet passed")).to_be_visible()
    expect(page.get_by_role("heading", name="Lessons to return to")).to_be_visible()
    expect(page.get_by_text("The next try opens")).to_be_visible()
    judge(page)
    page = one.open(f"/tests/{training.slug}/")
    expect(page.get_by_role("button", name=re.compile("Start"))).to_have_count(0)
    manager = visitor(bo)
    expect(manager.open("/my/company/people/").get_by_text("Not yet")).to_be_visible()


def test_answers_reach_the_server_once_it_is_back(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start(one, training.slug)
    one.context.set_offline(True)
    give(page, right=True)
    expect(page.locator("[data-lms-saved]")).to_contain_text("Offline")
    one.context.set_offline(False)
    expect(page.locator("[data-lms-saved]")).to_have_text("Saved", timeout=15_000)


def test_the_manager_sees_the_status_move_and_ends_a_link(
    visitor: Open, bo: User, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(bo)
    page = one.open("/my/company/")
    expect(page.get_by_text("Silver is one certified person away")).to_be_visible()
    engineer = visitor(ana)
    taking = start(engineer, training.slug)
    answer_all(taking, right=True)
    press(taking, "Submit the test")
    deliver_due()
    page.reload()
    expect(page.locator(".cabinet-status__tier")).to_have_text("Silver")
    page.get_by_role("link", name="People").click()
    page.get_by_role("link", name=re.compile("Ana Kowalska")).click()
    press(page, "End the link")
    deliver_due()
    expect(one.open("/my/company/").locator(".cabinet-status__tier")).to_have_text("Registered")


def test_anybody_checks_a_certificate(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    page = start(visitor(ana), training.slug)
    answer_all(page, right=True)
    press(page, "Submit the test")
    deliver_due()
    code = list_credentials(recipient_ids=[baltwerk.ana])[0].code
    stranger = visitor(width=360)
    page = stranger.open(f"/c/{code}/")
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    expect(page.get_by_text("Ana Kowalska")).to_have_count(0)
    decide_visibility(
        recipient_id=baltwerk.ana,
        show_name=True,
        show_company=True,
        show_date=True,
        actor=ana.pk,
        now=timezone.now(),
    )
    page.reload()
    expect(page.get_by_text("Ana Kowalska").first).to_be_visible()
    judge(page)
    revoke(code=code, reason="Issued by mistake", actor=None, now=timezone.now())
    page = stranger.open("/verify/")
    page.get_by_role("textbox").first.fill(code)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text(re.compile("withdrawn", re.I)).first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(
    width: int, front: None, visitor: Open, bo: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(bo, width=width)
    lesson = training.lessons[0].url
    paths = ["/en/", training.index.url, training.page.url, lesson, "/my/", "/my/company/"]
    paths += ["/my/company/people/", "/my/company/decisions/", "/my/company/invite/", "/verify/"]
    paths += ["/account/email/", "/account/password/change/", f"/tests/{training.slug}/"]
    for path in paths:
        judge(one.open(path))
    page = start(one, training.slug)
    judge(page)
    answer_all(page, right=True)
    judge(page)
    press(page, "Submit the test")
    judge(page)
    stranger = visitor(width=width)
    for path in ("/account/login/", "/account/password/reset/", "/issuer/", "/no-such-page/"):
        judge(stranger.open(path))


def test_the_editor_writes_a_training(visitor: Open, dee: User, training: Training) -> None:
    User.objects.filter(pk=dee.pk).update(is_superuser=True)
    one = visitor(dee)
    page = one.open(f"/admin/pages/add/lms_pages/coursepage/{training.index.pk}/")
    # Typed, not filled: Wagtail writes the slug along with the keys.
    page.locator("#id_title").press_sequentially("Upgrades without downtime")
    page.keyboard.press("Tab")
    page.locator("#id_summary").fill("The best education there is.")
    publish(page)
    expect(page.get_by_text("is not used here").first).to_be_visible()
    page.locator("#id_summary").fill("How to change the major version while people work.")
    publish(page)
    page.wait_for_url(f"**/admin/pages/{training.index.pk}/")
    course = Course.objects.get(slug="upgrades-without-downtime")
    assert page.get_by_text("Upgrades without downtime").count()
    reader = visitor(dee)
    found = reader.open(training.index.url)
    expect(found.get_by_role("link", name="Upgrades without downtime")).to_be_visible()
    assert course.pk
    one.complaints.clear()  # the admin is Wagtail's, under its own policy


def publish(page: Page) -> None:
    """Publish stands in the menu beside the save button; autosave comes half a second before us."""
    page.wait_for_timeout(1500)
    expect(page.get_by_text("Saving…")).to_be_hidden(timeout=10_000)
    page.locator("footer [data-controller*=w-dropdown] button").first.click()
    page.get_by_role("button", name="Publish").first.click()
