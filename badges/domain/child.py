"""The process that reads a stranger's bytes: run as a script, confined, killed if need be.

It says on standard output, in JSON, what it found. Whoever starts it is ``queries.children``.
"""

import json
import resource
import sys
from importlib import import_module
from typing import Any

from badges.domain.pdf import PdfUnreadable

MEMORY = 384 * 1024 * 1024  # an honest file needs 80 MB


def confine(seconds: int) -> None:
    """Limit this very process for good: processor time, memory, and no files written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # standard output is a pipe


def examine_pdf(given: bytes) -> dict[str, Any]:
    """A line with the certificates we trust, then the PDF."""
    head, _newline, body = given.partition(b"\n")
    trusted = [pem.encode("ascii") for pem in json.loads(head)]
    try:
        # Half a second of imports that the process which serves people need not wait for.
        report = import_module("badges.domain.examining").examine_pdf(body, trusted=trusted)
    except PdfUnreadable as error:
        return {"unreadable": error.text}
    answer: dict[str, Any] = report.to_json()
    return answer


def judge_foreign(given: bytes) -> dict[str, Any]:
    """A document or token that another site issued."""
    answer: dict[str, Any] = import_module("badges.domain.foreign").judge(given.decode())
    return answer


WORKS = {"pdf": examine_pdf, "foreign": judge_foreign}


if __name__ == "__main__":
    confine(int(sys.argv[2]))
    sys.stdout.write(json.dumps(WORKS[sys.argv[1]](sys.stdin.buffer.read())))
