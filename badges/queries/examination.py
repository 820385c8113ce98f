"""Examining an uploaded PDF in a process of its own, whose time and memory are limited.

Run as a script, this file is that process; there it needs neither Django nor the database.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module

from badges.domain.pdf import PdfReport, PdfUnreadable, check_begins_as_pdf

_PROCESSOR_SECONDS = 5  # an honest file takes half a second, most of it for starting Python
_SECONDS = 20  # by the clock, on a busy machine too
_MEMORY = 384 * 1024 * 1024  # an honest file needs 80 MB


def examine_safely(
    pdf: bytes, *, trusted: Sequence[bytes], processor_seconds: int = _PROCESSOR_SECONDS
) -> PdfReport:
    """Return what ``examine_pdf`` says; ``PdfUnreadable`` also where it takes too much."""
    check_begins_as_pdf(pdf)
    head = json.dumps([pem.decode("ascii") for pem in trusted]).encode() + b"\n"
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - an entry may be ""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, and the PDF only as input
            [sys.executable, "-P", __file__, str(processor_seconds)],
            input=head + pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # No more than it needs: the site's secrets stand in the environment.
            env={"PYTHONPATH": os.pathsep.join(paths)},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    if done.returncode != 0:  # out of memory, or stopped by the processor's limit
        raise _too_much()
    answer = json.loads(done.stdout)
    if (refusal := answer.get("unreadable")) is not None:
        raise PdfUnreadable(refusal)
    return PdfReport.from_json(answer)


def _too_much() -> PdfUnreadable:
    return PdfUnreadable("The PDF is too complicated to examine.")


def _serve() -> None:
    """Examine what comes on standard input: a line with the certificates, then the PDF."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # standard output is a pipe
    # Half a second of imports that the process which serves people need not wait for.
    examining = import_module("badges.domain.examining")
    trusted = [pem.encode("ascii") for pem in json.loads(sys.stdin.buffer.readline())]
    try:
        answer = examining.examine_pdf(sys.stdin.buffer.read(), trusted=trusted).to_json()
    except PdfUnreadable as error:
        answer = {"unreadable": error.text}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _serve()
