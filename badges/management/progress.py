"""A progress bar for whoever waits at a terminal; nothing where the output goes to a file."""

import sys
from collections.abc import Callable

from django.core.management.base import OutputWrapper

WIDTH = 30


def show_progress(stderr: OutputWrapper) -> Callable[[int, int, str], None]:
    """Return what draws the bar: done, how many in all, and what is being done."""

    def draw(done: int, total: int, what: str) -> None:
        if not total or not sys.stderr.isatty():
            return
        filled = WIDTH * done // total
        bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} {what[:40]:<40}"
        stderr.write(f"\r{bar}", ending="\n" if done == total else "")

    return draw
