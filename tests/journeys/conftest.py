"""Somebody at a browser."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from lms.accounts.models import User


@pytest.fixture(autouse=True)
def forget_roots() -> None:
    """Wagtail caches where sites begin; the test before had its own front page."""
    cache.clear()


class Visitor:
    """Somebody at a browser; everything the console complained about is kept."""

    def __init__(self, browser: Browser, base: str, width: int = 1280) -> None:
        self.base, self.complaints = base, list[str]()
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="Europe/Warsaw"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # Chromium reports answers of 4xx that a journey provokes on purpose; those are asserted.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def sign_in(self, user: User) -> None:
        """Sign in with address and password, as everybody does."""
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        page = self.open("/account/login/")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill("a long password")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/my/")

    def close(self) -> None:
        self.context.close()
