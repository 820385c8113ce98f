"""Answers in a real browser when the line breaks, the page goes, or another tab answers too."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from courses.models import Assessment, Attempt, AttemptEvent, Response
from lms.accounts.models import User
from tests.factories.courses import Training, answers
from tests.factories.partners import Company
from tests.journeys.test_browser import Open, give, judge, press, start, visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
__all__ = ["visitor"]
SAVED = "[data-lms-saved]"
CHOICE = "[data-lms-choice]"


def stored() -> dict[int, Any]:
    return dict(Response.objects.values_list("slot", "value"))


def right() -> dict[int, Any]:
    return answers(Attempt.objects.get().code)


def waits(page: Page) -> int:
    """How many answers lie in the browser."""
    found = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('lms-waits:')).length"
    )
    assert isinstance(found, int)
    return found


def go_to(page: Page, slot: int) -> None:
    page.get_by_role("navigation", name="Questions").get_by_role(
        "link", name=f"Question {slot}"
    ).click()
    page.wait_for_url(f"**/{slot}/")


def cut(route: Route) -> None:
    route.abort()


@pytest.mark.parametrize("width", [360, 1280])
def test_offline_in_mid_test(
    width: int, visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana, width=width)
    page = start(one, training.slug)
    one.context.set_offline(True)
    give(page, right=True)
    expect(page.locator(SAVED)).to_contain_text("Offline. Answers waiting here: 1.")
    press(page, "Save and")
    expect(page.locator(SAVED)).to_contain_text("Offline, so this page stays open")
    page.get_by_role("link", name="Question 3").click()
    judge(page)
    assert page.url.endswith("/1/")
    assert stored() == {}
    one.context.set_offline(False)
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=15_000)
    assert stored() == {1: right()[1]}
    assert waits(page) == 0
    press(page, "Save and")
    page.wait_for_url("**/2/")
    kinds = AttemptEvent.objects.filter(kind__in=["answered", "reconnected"])
    assert sorted(kinds.values_list("kind", flat=True)) == ["answered", "reconnected"]


def test_a_lost_page_leaves_its_answer_to_the_next(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    """Saves fail while pages still come: the queue gathers several places, and outlives tabs."""
    one = visitor(ana)
    page = start(one, training.slug)
    one.context.route("**/save/", cut)
    for slot in (1, 2, 3):
        go_to(page, slot)
        give(page, right=True)
        expect(page.locator(SAVED)).to_contain_text(f"waiting here: {slot}")
    page.reload()
    expect(page.locator(SAVED)).to_contain_text("waiting here: 3")
    assert page.locator("input:checked").count() or page.locator("#answer").input_value()
    url = page.url
    page.close()
    assert stored() == {}
    one.context.unroute("**/save/", cut)
    page = one.context.new_page()
    page.goto(re.sub(r"\d+/$", "review/", url))
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=15_000)
    assert stored() == {slot: right()[slot] for slot in (1, 2, 3)}
    order = AttemptEvent.objects.filter(kind="answered").values_list("slot", flat=True)
    assert list(order) == [1, 2, 3]
    expect(page.locator(".is-answered")).to_have_count(3)


def test_a_lost_acknowledgement_is_no_conflict(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start(one, training.slug)
    lost: list[str] = []

    def swallow(route: Route) -> None:
        """The server saves, and nobody hears of it."""
        lost.append(route.fetch().text())
        route.abort()

    one.context.route("**/save/", swallow)
    give(page, right=False)
    expect(page.locator(SAVED)).to_contain_text("Offline")
    assert lost
    one.context.unroute("**/save/", swallow)
    give(page, right=True)
    expect(page.locator(SAVED)).to_have_text("Saved", timeout=15_000)
    expect(page.locator(CHOICE)).to_be_hidden()
    assert not AttemptEvent.objects.filter(kind="refused").exists()


def test_a_lost_connection_does_not_hand_in(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start(one, training.slug)
    page.goto(re.sub(r"\d+/$", "review/", page.url))
    one.context.set_offline(True)
    press(page, "Submit the test")
    expect(page.locator(SAVED)).to_contain_text("this page stays open")
    one.context.set_offline(False)
    expect(page.locator(SAVED)).to_have_text("")
    press(page, "Submit the test")
    expect(page.get_by_role("heading", name="Not yet passed")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_another_tab_and_a_choice(
    width: int, visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana, width=width)
    page = start(one, training.slug)
    other = one.context.new_page()
    other.goto(page.url)
    give(page, right=True)
    expect(page.locator(SAVED)).to_have_text("Saved")
    give(other, right=False)
    choice = other.locator(CHOICE)
    expect(choice).to_be_visible()
    expect(other.locator(SAVED)).to_contain_text("choose above")
    for name in ("[data-lms-stored]", "[data-lms-unsent]"):
        expect(choice.locator(name).locator("li").first).not_to_be_empty()
    judge(other)
    press(other, "Save and")
    assert other.url == page.url, "the choice comes first"
    other.get_by_role("button", name="Keep what is saved").click()
    expect(choice).to_be_hidden()
    expect(other.locator(SAVED)).to_have_text("Saved")
    assert stored() == {1: right()[1]}
    give(other, right=False)
    expect(other.locator(SAVED)).to_have_text("Saved")
    assert stored() != {1: right()[1]}
    page.locator("form[data-lms-answer]").dispatch_event("input")  # the same answer once more
    page.get_by_role("button", name="Use mine").click()
    expect(page.locator(SAVED)).to_have_text("Saved")
    assert stored() == {1: right()[1]}
    refused = AttemptEvent.objects.filter(kind="refused").order_by("pk")
    assert refused[0].detail["stored"] == right()[1] != refused[0].detail["unsent"]


def test_a_choice_waits_for_the_next_page(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    """An unsent answer of another question is chosen on whatever page is open."""
    one = visitor(ana)
    page = start(one, training.slug)
    other = one.context.new_page()
    other.goto(page.url)
    give(page, right=True)
    expect(page.locator(SAVED)).to_have_text("Saved")
    give(other, right=False)
    expect(other.locator(CHOICE)).to_be_visible()
    go_to(other, 3)
    expect(other.get_by_role("heading", name="Two answers to question 1")).to_be_visible()
    other.get_by_role("button", name="Use mine").click()
    expect(other.locator(CHOICE)).to_be_hidden()
    expect(other.locator(SAVED)).to_have_text("Saved")
    assert stored() != {1: right()[1]}
    assert waits(other) == 0


def end_soon(seconds: float, grace: float) -> None:
    deadline = timezone.now() + timedelta(seconds=seconds)
    closes = deadline + timedelta(seconds=grace)
    Attempt.objects.update(deadline=deadline, closes_at=closes)


def test_what_did_not_arrive_in_time_is_said(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start(one, training.slug)
    end_soon(4, grace=1)
    page.reload()
    one.context.set_offline(True)
    give(page, right=True)
    late = page.get_by_text("The time is over. Answers that have not reached the server: 1.")
    expect(late).to_be_visible(timeout=20_000)
    page.wait_for_timeout(2500)  # until the server takes nothing any more
    one.context.set_offline(False)
    lost = page.get_by_text("Answers that came too late and do not count: 1.")
    expect(lost).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="See the result").click()
    expect(page.get_by_role("heading", name="Not yet passed")).to_be_visible()
    assert stored() == {}


def test_at_the_end_what_waits_is_sent_first(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start(one, training.slug)
    end_soon(4, grace=30)
    page.reload()
    one.context.route("**/save/", cut)
    give(page, right=True)
    expect(page.locator(SAVED)).to_contain_text("Offline")
    page.wait_for_timeout(2500)
    one.context.unroute("**/save/", cut)
    expect(page.get_by_role("heading", name="Not yet passed")).to_be_visible(timeout=20_000)
    assert stored() == {1: right()[1]}
    assert AttemptEvent.objects.get(kind="answered").detail["late"] in (True, False)


def test_to_the_end_by_keyboard(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": 1}})
    one = visitor(ana, width=360)
    page = start(one, training.slug)
    first = page.locator("input[name=answer]").first
    first.focus()
    page.keyboard.press("Space") if first.get_attribute("type") else page.keyboard.type("16")
    expect(page.locator(SAVED)).to_have_text("Saved")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.lmsHref !== undefined"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Submit the test":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")
    assert Attempt.objects.get().state == "scored"


def test_leaving_the_window_is_told(
    visitor: Open, ana: User, baltwerk: Company, training: Training
) -> None:
    one = visitor(ana)
    page = start(one, training.slug)
    press(page, "Save and")
    page.wait_for_url("**/2/")
    assert not AttemptEvent.objects.filter(kind="focus_lost").exists(), "a page was turned"
    # A headless window never loses the focus, so the page is told that it has.
    page.evaluate("document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(1500)
    page.evaluate("document.hasFocus = () => true; window.dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(500)
    rows = AttemptEvent.objects.filter(kind__startswith="focus").order_by("pk")
    assert [(row.kind, row.slot) for row in rows] == [("focus_lost", 2), ("focus_back", 2)]
    assert rows[1].detail["seconds"] >= 1
