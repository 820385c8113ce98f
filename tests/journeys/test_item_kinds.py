"""Every kind of item in a running test: judged by axe, answered by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from courses.actions.pictures import keep_picture
from courses.domain.items import KINDS
from courses.models import Assessment, Attempt, AttemptItem, Item, Response
from lms.accounts.models import User
from tests.courses.test_kinds_on_page import picture
from tests.factories.courses import Training, make_item
from tests.factories.partners import Company
from tests.journeys.test_browser import Open, judge, start, visitor
from tests.journeys.test_offline import focused, tab_to
from tests.journeys.test_queue import CHOICE, SAVED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
__all__ = ["visitor"]
DETAIL = """() => {
    const { name, type, dataset, textContent } = document.activeElement;
    return [name ?? "", type ?? "", dataset.lmsHref !== undefined, textContent.trim()];
}"""


@pytest.fixture
def kinds(training: Training) -> Training:
    """A test that draws one item of each kind."""
    Item.objects.all().update(state="retired")
    for kind in KINDS:
        changes: dict[str, Any] = {}
        if kind == "hotspot":
            areas = [
                {"id": letter, "text": {"en": f"Area {letter}"}, "area": area(at)}
                for at, letter in enumerate("abcd")
            ]
            changes = {
                "picture": keep_picture(picture()),
                "picture_text": {"en": "A plan of the server room"},
                "options": areas,
            }
        make_item(training.bank, f"one-{kind}", "wal", kind, **changes)
    feedback = {"what": "full", "when": "at_once", "day": None}
    Assessment.objects.update(blueprint={"draw": {"wal": len(KINDS)}}, feedback=feedback)
    return training


def area(at: int) -> dict[str, str]:
    return {"x": str(4 + 24 * at), "y": "30", "width": "20", "height": "40"}


def answer_by_keyboard(page: Page, kind: str) -> None:
    """Tab through the question, answer it, and end on the button that goes on."""
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, control, goes_on, words = page.evaluate(DETAIL)
        if goes_on:
            return
        if kind == "ordering":
            if words == "↓" and not seen:
                page.keyboard.press("Enter")
                seen.add(words)
        elif name.startswith("answer") and name not in seen:
            give(page, control, kind)
            seen.add(name)
    raise AssertionError(f"{kind} has no way on")


def give(page: Page, control: str, kind: str) -> None:
    if control in ("radio", "checkbox"):
        page.keyboard.press("Space")
    elif control == "select-one":
        page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type("16" if kind == "numeric" else "pg_rewind")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_and_the_keyboard(
    width: int, scheme: Any, visitor: Open, ana: User, baltwerk: Company, kinds: Training
) -> None:
    one = visitor(ana, width=width)
    one.page.emulate_media(color_scheme=scheme)
    page = start(one, kinds.slug)
    order = dict(AttemptItem.objects.values_list("slot", "version__body__kind"))
    assert set(order.values()) == set(KINDS)
    for slot, kind in order.items():
        page.wait_for_url(f"**/{slot}/")
        judge(page)
        page.locator("main h1").evaluate("(title) => { title.tabIndex = -1; title.focus(); }")
        answer_by_keyboard(page, kind)
        expect(page.locator(SAVED)).to_have_text("Saved")
        judge(page)
        page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    assert Response.objects.count() == len(KINDS)
    judge(page)
    judge_conflict(page, next(slot for slot, kind in order.items() if kind == "text"))
    tab_to(page, lambda: focused(page) == "Look over and submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    tab_to(page, lambda: focused(page) == "Submit the test")
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")
    judge(page)
    assert Attempt.objects.get().state == "scored"


def judge_conflict(page: Page, slot: int) -> None:
    """Two tabs, one question: as the script shows it, and as a page of its own without it."""
    url = re.sub(r"review/$", f"{slot}/", page.url)
    page.goto(url)
    plain = page.context.browser.new_context(  # type: ignore[union-attr]
        storage_state=page.context.storage_state()
    ).new_page()
    plain.set_viewport_size(page.viewport_size or {"width": 360, "height": 900})
    plain.emulate_media(color_scheme="dark" if is_dark(page) else "light")
    plain.route("**/courses/attempt*.js", lambda route: route.abort())
    plain.goto(url)
    page.locator("#answer").fill("pg_basebackup")
    expect(page.locator(SAVED)).to_have_text("Saved")
    plain.locator("#answer").fill("pg_dump")
    plain.get_by_role("button", name="Save and").first.click()
    expect(plain.get_by_role("heading", name="Two answers to this question")).to_be_visible()
    judge(plain)
    plain.get_by_role("button", name="Use mine").click()
    plain.context.close()
    page.locator("#answer").fill("pg_verifybackup")
    expect(page.locator(CHOICE)).to_be_visible()
    judge(page)
    page.get_by_role("button", name="Use mine").click()
    expect(page.locator(SAVED)).to_have_text("Saved")


def is_dark(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))
