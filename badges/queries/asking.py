"""Asking over the network, as little as can be: one address, a bounded answer, no redirect."""

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from badges.domain.evidence import NoEvidence

_SECONDS = 10.0  # for all questions about one chain together
_ONE = 5.0  # for one of them
_MOST_BYTES = 1024 * 1024
_AT_A_TIME = 64 * 1024

Ask = Callable[..., bytes]


class Questions:
    """Asks over HTTP, all in all no longer than a person waits for a file."""

    def __init__(self) -> None:
        self._deadline = time.monotonic() + _SECONDS

    def ask(self, url: str, question: bytes = b"") -> bytes:
        """Return what an address answers; ``NoEvidence`` if it is nothing, late or too much."""
        until = min(self._deadline, time.monotonic() + _ONE)
        try:
            return _read(url, question, until)
        except (HTTPException, OSError, ValueError) as error:
            raise NoEvidence(f"{url}: {str(error) or type(error).__name__}") from error


def _read(url: str, question: bytes, until: float) -> bytes:
    """Read an answer of bounded size; a redirect is none."""
    address = urlsplit(url)
    if not address.hostname:
        raise ValueError("no host")
    connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = connect(address.hostname, address.port, timeout=max(0.1, until - time.monotonic()))
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    headers = {"Content-Type": "application/ocsp-request"} if question else {}
    try:
        connection.request("POST" if question else "GET", path, question or None, headers)
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        body = b""
        while part := response.read1(_AT_A_TIME):
            body += part
            if len(body) > _MOST_BYTES or time.monotonic() > until:
                raise ValueError("more than we wait for")
        return body
    finally:
        connection.close()
