"""Canonicalizing what we compose: by a template where one holds, else by the canonicaliser.

One document in ``every`` is canonicalized anyway; a template that is ever wrong is dropped.
"""

import itertools
import logging
from functools import lru_cache
from threading import Lock

from badges.domain.contexts import Json
from badges.domain.outline import NotOutlined, Outline, read
from badges.domain.probe import Canonicalizer, NotTemplated, learn
from badges.domain.quads import Template
from badges.domain.terms import check_signable, find_control

logger = logging.getLogger(__name__)


class Known:
    """What is known of one outline: its template, once learned and as long as it holds."""

    def __init__(self, outline: Outline) -> None:
        self.template: Template | None = None
        self.uses = itertools.count()
        self._outline: Outline | None = outline
        self._lock = Lock()

    def learn(self, size: int, oracle: Canonicalizer) -> None:
        """Learn the template of documents with ``size`` values; once, whatever comes of it."""
        with self._lock:
            outline, self._outline = self._outline, None
            if outline is None:
                return
            try:
                self.template = learn(outline, size, oracle)
            except (NotTemplated, SyntaxError, TypeError, ValueError) as error:
                logger.info("Signing without a template, each at full cost: %s", error)


class Templates:
    """Canonicalizing our own documents: by template where one holds, else by ``general``."""

    def __init__(
        self,
        *,
        oracle: Canonicalizer,
        general: Canonicalizer,
        every: int = 256,
        outlines: int = 256,
    ) -> None:
        self._oracle, self._general, self._every = oracle, general, every
        self.known = lru_cache(maxsize=outlines)(Known)

    def check(self, document: Json) -> None:
        """Raise ``NotSignable`` as ``check_signable`` does, at less cost where a template holds."""
        try:
            outline, values = read(document)
        except NotOutlined:
            check_signable(document)
        else:
            self._check(document, self.known(outline), values)

    def canonicalize(self, document: Json) -> bytes:
        """Return canonical N-Quads that cover the document; ``NotSignable`` if none would."""
        try:
            outline, values = read(document)
        except NotOutlined:
            check_signable(document)
            return self._general(document)
        known = self.known(outline)
        self._check(document, known, values)
        if known.template is None:
            known.learn(len(values), self._oracle)
        template = known.template
        filled = template.fill(values) if template and template.fits(values) else None
        if filled is None:
            return self._general(document)
        if next(known.uses) % self._every:
            return filled
        return self._compare(document, known, filled)

    def _check(self, document: Json, known: Known, values: list[str]) -> None:
        """Only an outline that passed has a template, so what is left to doubt is a value."""
        template = known.template
        if template is None or not template.fits(values) or find_control("".join(values)):
            check_signable(document)

    def _compare(self, document: Json, known: Known, filled: bytes) -> bytes:
        general = self._general(document)
        if general != filled:
            known.template = None
            logger.error(
                "A template for %s differed from the canonicaliser and is dropped; "
                "this document was signed by the canonicaliser.",
                document.get("type"),
            )
        return general
