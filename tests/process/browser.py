"""A person at a browser, in the standard library: cookies, forms, and saves that are retried."""

import http.client
import json
import re
import time
import uuid
from collections.abc import Callable, Sequence
from http.cookiejar import CookieJar
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

T = TypeVar("T")
GONE = (URLError, ConnectionError, http.client.HTTPException, TimeoutError)


class Browser:
    """Keeps its cookies while the server dies and comes back."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self._open = build_opener(HTTPCookieProcessor(self.cookies)).open

    def get(self, path: str) -> tuple[str, str]:
        """Return the address one lands on and its page."""
        return self._ask(Request(self.base + path))

    def post(self, path: str, **form: str) -> tuple[str, str]:
        """Send a form as its page would."""
        body = urlencode({**form, "csrfmiddlewaretoken": self._token()}).encode()
        return self._ask(Request(self.base + path, data=body))

    def save(
        self, path: str, value: Any, revision: int, save_id: str, follows: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Send an answer as the page's script does; return what was acknowledged."""
        sent = {"value": value, "base_revision": revision, "save_id": save_id}
        sent["follows"] = list(follows)
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token()}
        request = Request(self.base + path, data=json.dumps(sent).encode(), headers=headers)
        acknowledged: dict[str, Any] = json.loads(self._ask(request)[1])
        return acknowledged

    def _token(self) -> str:
        return next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")

    def _ask(self, request: Request) -> tuple[str, str]:
        with self._open(request, timeout=30) as answer:
            return answer.url, answer.read().decode()


def insist(act: Callable[[], T], seconds: float = 120) -> T:
    """Repeat what a dead server did not answer; an answer that refuses is raised."""
    until = time.monotonic() + seconds
    while True:
        try:
            return act()
        except HTTPError as refusal:
            text = refusal.read().decode(errors="replace")[:500]
            raise AssertionError(f"{refusal.code} {refusal.url}: {text}") from refusal
        except GONE:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


class Candidate:
    """Somebody taking a test; ``acknowledged`` is what the server said it holds, a slot."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.code = ""
        self.acknowledged: dict[int, tuple[Any, int]] = {}

    def sign_in(self, email: str, password: str) -> None:
        insist(lambda: self.browser.get("/account/login/"))
        form = {"login": email, "password": password}
        url, _page = insist(lambda: self.browser.post("/account/login/", **form))
        assert "login" not in url, "the password was refused"

    def start(self, course: str, name: str) -> None:
        insist(lambda: self.browser.get(f"/tests/{course}/"))
        url, page = insist(lambda: self.browser.post(f"/tests/{course}/", name=name))
        found = re.search(r"/attempts/([^/]+)/", url)
        assert found, f"no test was started: {url}\n{page[:2000]}"
        self.code = found[1]

    def answer(self, slot: int, value: Any) -> None:
        """Save one answer; the same save is repeated until the server says it has it."""
        revision = self.acknowledged.get(slot, (None, 0))[1]
        path, save_id = f"/attempts/{self.code}/{slot}/save/", uuid.uuid4().hex
        stored = insist(lambda: self.browser.save(path, value, revision, save_id))
        self.acknowledged[slot] = (value, stored["revision"])

    def submit(self) -> None:
        """Hand in; a person whose server died presses the button again."""
        path = f"/attempts/{self.code}/review/"
        url, _page = insist(lambda: self.browser.post(path))
        assert "/result/" in url
