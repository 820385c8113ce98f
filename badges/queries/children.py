"""Running ``badges.domain.child`` on a stranger's bytes, and killing it if it takes too much."""

import json
import os
import subprocess
import sys
from typing import Any

from badges.domain import child

PROCESSOR_SECONDS = 5  # an honest file takes half a second, most of it for starting Python
_SECONDS = 20  # by the clock, on a busy machine too


class TooMuch(Exception):
    """The child took too long or too much memory, and is dead."""


def ask_child(work: str, given: bytes, *, processor_seconds: int = PROCESSOR_SECONDS) -> Any:
    """Return what the child says of ``given``; ``TooMuch`` if it did not live to say it."""
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - an entry may be ""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, and the bytes only as input
            [sys.executable, "-P", str(child.__file__), work, str(processor_seconds)],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # No more than it needs: the site's secrets stand in the environment.
            env={"PYTHONPATH": os.pathsep.join(paths)},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooMuch from None
    if done.returncode != 0:  # out of memory, or stopped by the processor's limit
        raise TooMuch
    return json.loads(done.stdout)
