"""A test goes on without a line: any question opens, and what was answered there comes back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Request, Route, expect

from courses.models import Attempt, AttemptEvent, Response
from lms.accounts.models import User
from tests.factories.courses import Training, answers
from tests.factories.partners import Company
from tests.journeys.test_browser import Open, give, judge, press, start, visitor
from tests.journeys.test_queue import CHOICE, SAVED, go_to, stored, waits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
__all__ = ["visitor"]


def start_with_pages(one: Any, course: str, places: int = 4) -> Page:
    """Start a test and wait until the browser holds all its pages."""
    ahead: list[str] = []

    def note(request: Request) -> None:
        if "x-lms-prefetch" in request.headers:
            ahead.append(request.url)

    one.page.on("requestfinished", note)
    page = start(one, course)
    for _ in range(100):
        if len(ahead) >= places:
            break
        page.wait_for_timeout(100)
    assert len(ahead) == len(set(ahead)) == places, "each page once"
    return page


def shown() -> list[tuple[int | None, bool]]:
    rows = AttemptEvent.objects.filter(kind="shown").order_by("pk")
    return [(row.slot, "seconds" in row.detail) for row in rows]


def has_answer(page: Page) -> bool:
    if page.locator("#answer").count():
        return bool(page.locator("#answer").input_value())
    return page.locator("input[name=answer]:checked").count() > 0


def tab_to(page: Page, found: Callable[[], bool]) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if found():
            return
    raise AssertionError("the keyboard does not get there")


def focused(page: Page) -> str:
    text = page.evaluate("document.activeElement.textContent.trim()")
    assert isinstance(text, str)
    return text


def answer_without_a_line(page: Page) -> None:
    """Go to and fro; what was answered is there each time."""
    press(page, "Save and next")
    page.wait_for_url("**/2/")
    expect(page).to_have_title(re.compile("^Question 2 of 4"))
    assert focused(page).startswith("Question 2 of 4"), "a reader begins at the heading"
    assert page.evaluate("scrollY") == 0
    give(page, right=True)
    go_to(page, 4)
    give(page, right=True)
    expect(page.locator(SAVED)).to_contain_text("Offline. Answers waiting here: 2.")
    judge(page)
    assert page.locator(".is-answered").count() == 3, "the overview knows"
    page.go_back()
    expect(page.locator("main h1")).to_contain_text("Question 2")
    assert has_answer(page)
    press(page, "Save and back")
    page.wait_for_url("**/1/")
    assert has_answer(page)
    go_to(page, 4)
    assert has_answer(page)
    press(page, "Save and look over")
    expect(page.locator(SAVED)).to_contain_text("Offline, so this page stays open")


def answer_in_two_tabs(page: Page) -> None:
    go_to(page, 3)
    other = page.context.new_page()
    other.goto(page.url)
    give(other, right=False)
    expect(other.locator(SAVED)).to_have_text("Saved")
    other.close()
    give(page, right=True)
    expect(page.locator(CHOICE)).to_be_visible()
    judge(page)


def finish_by_keyboard(page: Page) -> None:
    tab_to(page, lambda: focused(page) == "Use mine")
    page.keyboard.press("Enter")
    expect(page.locator(SAVED)).to_have_text("Saved")
    tab_to(page, lambda: focused(page) == "Look over and submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    tab_to(page, lambda: focused(page) == "Submit the test")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()


def test_offline_reload_another_tab_and_the_keyboard(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana, width=360)
    page = start_with_pages(one, training.slug)
    right = answers(Attempt.objects.get().code)
    give(page, right=True)
    expect(page.locator(SAVED)).to_have_text("Saved")
    one.context.set_offline(True)
    answer_without_a_line(page)
    assert stored() == {1: right[1]}
    assert shown() == [(1, False)]

    url = page.url
    with pytest.raises(Error, match="INTERNET_DISCONNECTED"):
        page.reload()
    one.context.set_offline(False)
    page.goto(url)
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=15_000)
    assert stored() == {slot: right[slot] for slot in (1, 2, 4)}
    late = [(slot, True) for slot in (2, 4, 2, 1, 4)]
    for _ in range(50):
        told = shown()
        if len(told) == len(late) + 2:
            break
        page.wait_for_timeout(100)
    # The line may be back a moment before the page is loaded anew.
    assert [one for one in told if one[1]] == late
    assert [one for one in told if not one[1]] == [(1, False), (4, False)]

    answer_in_two_tabs(page)
    finish_by_keyboard(page)
    assert stored() == right
    assert waits(page) == 0
    judge(page)


def test_the_newest_answer_is_shown_and_not_that_of_the_copy(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    """A page was fetched ahead before its question was answered, here and in another tab."""
    one = visitor(ana)
    page = start_with_pages(one, training.slug)
    other = one.context.new_page()
    other.goto(re.sub(r"\d+/$", "3/", page.url))
    give(other, right=True)
    expect(other.locator(SAVED)).to_have_text("Saved")
    one.context.set_offline(True)
    go_to(page, 3)
    assert has_answer(page), "the other tab's answer"
    give(page, right=False)
    go_to(page, 2)
    one.context.set_offline(False)
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=15_000)
    expect(page.locator(CHOICE)).to_be_hidden()
    assert Response.objects.get(slot=3).revision == 2
    assert not AttemptEvent.objects.filter(kind="refused").exists()


def test_a_server_that_is_down_is_like_no_line(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start_with_pages(one, training.slug)

    def fail(route: Route) -> None:
        route.fulfill(status=502, body="Bad gateway")

    one.context.route("**/attempts/**", fail)
    go_to(page, 3)
    give(page, right=True)
    expect(page.locator(SAVED)).to_contain_text("Answers waiting here: 1.")
    one.context.unroute("**/attempts/**", fail)
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=30_000)
    assert list(stored()) == [3]


def test_the_line_that_is_there_is_used(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    """Pages come anew, their showing is told at once, and what was marked is seen everywhere."""
    one = visitor(ana)
    page = start_with_pages(one, training.slug)
    page.evaluate("window.lmsSame = true")
    give(page, right=True)
    press(page, "Mark to look at again")
    expect(page.get_by_role("button", name="Take the mark away")).to_be_focused()
    assert Attempt.objects.get().items.get(slot=1).flagged
    words = re.compile("Question 1 ?, answered, marked")
    expect(page.get_by_role("link", name=words)).to_be_visible()
    press(page, "Save and next")
    page.wait_for_url("**/2/")
    page.go_back()
    expect(page.locator("main h1")).to_contain_text("Question 1")
    assert has_answer(page)
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.lmsSame"), "the document stays"
    assert set(shown()) == {(1, False), (2, False)}, "told by the server, nothing later"
    page.get_by_role("link", name="Look over and submit").click()
    page.wait_for_url("**/review/")
    one.context.set_offline(True)
    press(page, "Submit the test")
    expect(page.locator(SAVED)).to_contain_text("Offline, so this page stays open")
    go_to(page, 2)
    page.go_back()
    expect(page.locator(SAVED)).to_contain_text("Offline, so this page stays open")
    assert page.url.endswith("/2/"), "no copy of the last page is kept: its counts would be old"


def test_a_test_that_ended_elsewhere_ends_here(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start_with_pages(one, training.slug)
    other = one.context.new_page()
    other.goto(re.sub(r"\d+/$", "review/", page.url))
    press(other, "Submit the test")
    other.wait_for_url("**/result/")
    page.get_by_role("link", name="Question 3").click()
    page.wait_for_url("**/result/")
