"""The calculator beside a question: by mouse, by keyboard, from page to page, never in the way."""

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.models import Assessment, Response
from lms.accounts.models import User
from tests.factories.courses import Training
from tests.factories.partners import Company
from tests.journeys.test_browser import Open, judge, press, start, visitor
from tests.journeys.test_offline import focused, tab_to
from tests.journeys.test_queue import go_to

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
__all__ = ["visitor"]


@pytest.fixture
def arithmetic(training: Training) -> Training:
    """A test that has a calculator."""
    Assessment.objects.update(calculator=True)
    return training


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Calculator")


def screen(page: Page) -> Locator:
    return panel(page).get_by_role("textbox", name="Calculation")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280, 1440])
def test_it_stands_beside_the_question(
    width: int, scheme: str, visitor: Open, ana: User, baltwerk: Company, arithmetic: Training
) -> None:
    one = visitor(ana, width=width)
    one.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    one.open(f"/tests/{arithmetic.slug}/")
    expect(one.page.get_by_text("A calculator stands beside the questions")).to_be_visible()
    page = start(one, arithmetic.slug)
    expect(panel(page)).to_be_hidden()
    page.get_by_role("button", name="Calculator").click()
    expect(screen(page)).to_be_focused()
    for name in ("8", "decimal separator", "5", "times", "2", "equals"):
        panel(page).get_by_role("button", name=name, exact=True).click()
    expect(panel(page).get_by_role("status")).to_have_text("8.5×2 = 17")
    for name in ("minus", "9", "turn the sign round", "delete the last sign", "equals"):
        panel(page).get_by_role("button", name=name, exact=True).click()
    judge(page)
    for button in panel(page).get_by_role("button").all():
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44, button.inner_text()
    mine, question = panel(page).bounding_box(), page.locator(".courses-place").bounding_box()
    assert mine
    assert question
    beside = mine["x"] >= question["x"] + question["width"]
    assert beside is (width == 1440)
    assert beside or mine["y"] + mine["height"] <= question["y"], "it covers nothing"
    press(page, "Close")
    expect(page.get_by_role("button", name="Calculator")).to_be_focused()


def test_by_keyboard_from_page_to_page(
    visitor: Open, ana: User, baltwerk: Company, arithmetic: Training
) -> None:
    page = start(visitor(ana, width=360), arithmetic.slug)
    said = panel(page).get_by_role("status")
    page.keyboard.press("Alt+k")
    expect(screen(page)).to_be_focused()
    page.keyboard.type("0.1+0.2")
    page.keyboard.press("Enter")
    expect(said).to_have_text("0.1+0.2 = 0.3")
    page.keyboard.type("*10/4")
    expect(screen(page)).to_have_value("0.3×10÷4")
    page.keyboard.type("=")
    expect(screen(page)).to_have_value("0.75")
    page.keyboard.type("1/0")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Nothing can be divided by zero.")
    expect(screen(page)).to_have_value("1÷0")  # a digit began anew
    page.keyboard.press("Backspace")
    page.keyboard.type("8")
    tab_to(page, lambda: focused(page) == "=")
    page.keyboard.press("Space")
    expect(said).to_have_text("1÷8 = 0.125")
    assert page.url.endswith("/1/"), "Enter handed nothing in"
    go_to(page, 2)
    expect(screen(page)).to_have_value("0.125")
    expect(page.get_by_role("button", name="Calculator")).to_have_attribute("aria-expanded", "true")
    page.reload()
    expect(screen(page)).to_have_value("0.125")
    screen(page).focus()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Calculator")).to_be_focused()
    page.keyboard.press("Alt+k")
    page.keyboard.press("Alt+k")
    expect(panel(page)).to_be_hidden()
    assert not Response.objects.exists()


def test_a_comma_for_who_writes_one(
    visitor: Open, ana: User, baltwerk: Company, arithmetic: Training
) -> None:
    one = visitor(ana)
    page = start(one, arithmetic.slug)
    one.context.add_cookies([{"name": "django_language", "value": "ru", "url": one.base}])
    page.reload()
    page.keyboard.press("Alt+k")
    page.keyboard.type("0.1+0,2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-lms-calculator] [role=status]")).to_have_text("0,1+0,2 = 0,3")


def test_a_test_may_have_none(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    page = start(visitor(ana), training.slug)
    page.keyboard.press("Alt+k")
    expect(page.get_by_role("button", name="Calculator")).to_have_count(0)
    expect(panel(page)).to_have_count(0)
