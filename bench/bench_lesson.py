"""What does a lesson page cost?

Processor time and queries of a lesson beside the barest Wagtail page in the same process, and
beside an empty page in our frame, so that one sees what the lesson itself adds. All three are read
by the same signed-in person through the whole stack of middleware.
"""

import statistics
import time
from typing import Any

from temporary import load_sample, run

TRAINING, ROUNDS, EACH = "replication-and-failover", 9, 8


def measure() -> None:
    """Read three pages turn by turn; queries are counted apart, since counting costs time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    addresses = _publish()
    client = _sign_in()
    costs: dict[str, list[float]] = {name: [] for name in addresses}
    queries: dict[str, int] = {}
    for name, address in addresses.items():
        _read(client, address, 5)  # the first ones compile templates and note the visit
        with CaptureQueriesContext(connection) as captured:
            _read(client, address, 1)
        queries[name] = len(captured)
    for _turn in range(ROUNDS):
        for name, address in addresses.items():
            costs[name].append(_read(client, address, EACH))
    _show(costs, queries)


def _publish() -> dict[str, str]:
    """Return the three addresses by what they are called in the output."""
    from wagtail.models import Locale, Page, Site

    from lms.pages.models import HomePage, LessonPage

    load_sample(TRAINING)
    home, locale = Site.objects.get().root_page, Locale.objects.get(language_code="en")
    plain = home.add_child(instance=Page(title="Plain", slug="plain", locale=locale))
    framed = home.add_child(instance=HomePage(title="Framed", slug="framed", locale=locale))
    lesson = LessonPage.objects.filter(locale=locale).order_by("path").first()
    if lesson is None:
        raise SystemExit("the sample has no lesson in English")
    print(f"  the lesson: {lesson.title}, {len(lesson.body)} blocks")
    pages: dict[str, Any] = {"a plain Wagtail page": plain, "our frame": framed, "a lesson": lesson}
    return {name: page.url for name, page in pages.items()}


def _sign_in() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    user: Any = get_user_model().objects.create(email="ana@bench.example")
    client.force_login(user)
    return client


def _read(client: Any, address: str, times: int) -> float:
    """Return the milliseconds of processor time one reading took."""
    started = time.process_time()
    for _ in range(times):
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
    return 1000 * (time.process_time() - started) / times


def _show(costs: dict[str, list[float]], queries: dict[str, int]) -> None:
    plain = costs["a plain Wagtail page"]
    for name, own in costs.items():
        ratio = statistics.median(a / b for a, b in zip(own, plain, strict=True))
        beside = "" if own is plain else f"   {ratio:4.1f} × a plain Wagtail page"
        print(
            f"  {name:20}  {statistics.median(own):6.1f} ms CPU  {queries[name]:3} queries{beside}"
        )


if __name__ == "__main__":
    run(measure, postgresql=False)
