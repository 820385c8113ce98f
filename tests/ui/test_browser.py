"""What ui.js adds, in a real browser, under the site's strict Content-Security-Policy."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Dialog, Page, Route

from tests.ui import rendering

pytestmark = pytest.mark.browser
HOST = "http://localhost:9"
STATIC = Path(__file__).parents[2] / "lms/ui/static"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
PIECES = """{% extends "lms/base.html" %}{% load lms_ui %}
{% block title %}Pieces{% endblock %}{% block heading %}Pieces{% endblock %}
{% block content %}
<section class="lms-section"><h2>Signature</h2>
{% include "lms/components/copy_button.html" with text="T" html="<b>T</b>" label="Copy" show=True %}
{% include "lms/components/time.html" %}
{% include "lms/components/dialog.html" with id="ask" confirm_url="/sure/" label="Withdraw" %}
{% meter 4 6 "Engineers" %}{% chip "warn" "Expires" %}{% seal %}</section>
{% include "lms/components/form.html" with unsaved=True %}
{% include "lms/components/notice.html" with kind="bad" text="Not read." %}
{% include "lms/components/table.html" with caption="Team" %}
{% endblock %}"""


class Name(forms.Form):
    name = forms.CharField()
    role = forms.ChoiceField(choices=[("e", "Engineer"), ("s", "Seller")], widget=forms.RadioSelect)
    agree = forms.BooleanField(required=False)


def document(template: str) -> str:
    if template != "pieces":
        return rendering.page(template, title="Withdraw it", submit="Withdraw", cancel_url="/")
    context = {
        "at": datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
        "title": "Withdraw it",
        "submit": "Save",
        "form": Name({}),
        "columns": ["Name", "State"],
        "rows": [["Ana", {"text": "Valid", "chip": "good"}]],
    }
    return rendering.page_of(PIECES, **context)


def serve(route: Route) -> None:
    path = route.request.url.removeprefix(HOST)
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        kind = mimetypes.guess_type(file.name)[0] or "font/woff2"
        route.fulfill(body=file.read_bytes(), content_type=kind)
        return
    pages = {"/": "pieces", "/sure/": "lms/confirm.html", "/404/": "404.html"}
    body = document(pages[path]) if path in pages else render_to_string("500.html")
    route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})


def visit(browser: Browser, path: str = "/", *, width: int = 1280, **options: object) -> Page:
    """A page whose console must stay silent: a breach of the policy would be written there."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale="en-GB",
        timezone_id="Asia/Tokyo",
        permissions=["clipboard-read", "clipboard-write"],
        **options,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: pytest.fail(message.text))
    page.route("**/*", serve)
    page.goto(f"{HOST}{path}")
    return page


def test_copies_picture_and_words(chromium: Browser) -> None:
    page = visit(chromium)
    page.click("[data-lms-copy] button")
    page.wait_for_selector("text=Copied")
    read = "async type => (await (await navigator.clipboard.read())[0].getType(type)).text()"
    assert page.evaluate(read, "text/plain") == "T"
    assert page.evaluate(read, "text/html") == "<b>T</b>"


def test_shows_the_readers_time(chromium: Browser) -> None:
    shown = visit(chromium).locator("time")
    assert shown.inner_text() == "12 November 2026 at 18:30"
    assert "2026" in (shown.get_attribute("title") or "")


def test_asks_here_and_starts_on_the_safe_answer(chromium: Browser) -> None:
    page = visit(chromium)
    page.focus("[data-lms-dialog]")
    page.keyboard.press("Space")
    assert page.locator("dialog[open]").count() == 1
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Withdraw"


def test_asks_before_typing_is_lost_and_not_when_it_is_sent(chromium: Browser) -> None:
    page = visit(chromium)
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.fill("#id_name", "Ana")
    page.goto(f"{HOST}/404/")
    assert asked == ["beforeunload"]
    page.goto(f"{HOST}/")
    page.fill("#id_name", "Ana")
    page.click(".lms-form > .lms-actions button")
    assert asked == ["beforeunload"]


def test_works_without_javascript(chromium: Browser) -> None:
    page = visit(chromium, java_script_enabled=False)
    assert page.locator("[data-lms-copy] button").is_hidden()
    assert page.locator("[data-lms-copy-text]").is_visible()
    page.click("[data-lms-dialog]")
    assert page.url == f"{HOST}/sure/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/sure/", "/404/", "/500/"])
def test_is_accessible_and_fits(chromium: Browser, path: str, width: int, scheme: str) -> None:
    page = visit(chromium, path, width=width, color_scheme=scheme)
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_below_640_px_rows_are_cards(chromium: Browser) -> None:
    display = "getComputedStyle(document.querySelector('.lms-table tbody tr')).display"
    assert visit(chromium, width=639).evaluate(display) == "block"
    assert visit(chromium, width=640).evaluate(display) == "table-row"


def test_targets_are_large_enough_for_a_thumb(chromium: Browser) -> None:
    page = visit(chromium, width=360, has_touch=True, is_mobile=True)
    heights = "all => all.map(one => one.getBoundingClientRect().height)"
    assert min(page.eval_on_selector_all(".lms-button:not([hidden])", heights)[:2]) >= 44
