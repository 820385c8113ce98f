"""Ends process groups when whoever started them is gone. Run as a file: needs nothing of ours.

Reads ``+number`` and ``-number`` from standard input. When that ends, its writer is dead, however
hard it was killed, and no group it started may live on: a django-q2 cluster would, for ever.
"""

import contextlib
import os
import signal
import sys
import time

GRACE = 5.0  # seconds a group has between being asked and being killed


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        known, group = line[0] == "+", int(line[1:])
        groups = groups | {group} if known else groups - {group}
    end_groups(groups)


def end_groups(groups: set[int], grace: float = GRACE) -> None:
    """Ask the leaders, wait for their groups to empty, then kill what is left."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.kill(group, signal.SIGTERM)
    until = time.monotonic() + grace
    while time.monotonic() < until and any(is_alive(group) for group in groups):
        time.sleep(0.1)
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def is_alive(group: int) -> bool:
    """Whether the group has a process left, be it one nobody has waited for yet."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
