"""A test in sections with a break, in a real browser: at 360 px, by script and by keyboard."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.actions.allowances import set_accommodation
from courses.domain.accommodations import Accommodation as Rule
from courses.models import Attempt
from lms.accounts.models import User
from tests.factories.courses import Training
from tests.factories.partners import Company
from tests.factories.sections import PRACTICE, THEORY, divide
from tests.journeys.test_browser import Open, give, judge, press, start, visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
__all__ = ["visitor"]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_one_way_section_and_a_break(
    visitor: Open, ana: User, baltwerk: Company, training: Training, width: int
) -> None:
    divide(training, {**THEORY, "minutes": 12, "one_way": True}, {**PRACTICE, "minutes": None})
    set_accommodation(
        user_id=ana.pk, rule=Rule(break_minutes=10), reason="x", actor=None, now=timezone.now()
    )
    one = visitor(ana, width=width)
    page = start(one, training.slug)
    expect(page.get_by_role("heading", name="Theory")).to_be_visible()
    judge(page)
    press(page, "Begin this section")
    expect(page.locator("[data-lms-clock-face]")).to_have_text(re.compile(r"^1[12]:\d\d$"))
    expect(page.locator("[data-lms-clock-all]")).to_have_text(re.compile(r"^(29|30):\d\d$"))
    give(page, right=True)
    expect(page.locator("[data-lms-saved]")).to_have_text("Saved")
    expect(page.locator("[data-lms-clock-face]")).to_have_text(re.compile(r"^1[12]:\d\d$"))
    judge(page)
    first = page.url
    page.get_by_role("button", name="Mark to look at again").press("Enter")
    expect(page.get_by_role("button", name="Take the mark away")).to_be_visible()
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_role("heading", name="The test is paused")).to_be_visible()
    judge(page)
    page.goto(first)
    expect(page.get_by_role("heading", name="The test is paused")).to_be_visible()
    press(page, "Go on with the test")
    page.wait_for_url(re.compile(r"/2/$"))
    page.get_by_role("link", name="Look over this section").click()
    judge(page)
    page.get_by_label("Finish it with 1 question unanswered").check()
    press(page, "Finish this section")
    expect(page.get_by_role("heading", name="Practice")).to_be_visible()
    page.goto(first)
    expect(page.get_by_text("The section “Theory” is closed.")).to_be_visible()
    press(page, "Begin this section")
    while "/review/" not in page.url:
        give(page, right=True)
        before = page.url
        press(page, "Save and")
        page.wait_for_url(lambda url, old=before: url != old)  # type: ignore[misc]
    judge(page)
    press(page, "Submit the test")
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()
    kinds = list(Attempt.objects.get().events.values_list("kind", flat=True))
    assert [kind for kind in kinds if kind in ("entered", "left", "paused", "resumed")] == [
        "entered", "paused", "resumed", "left", "entered"
    ]  # fmt: skip
