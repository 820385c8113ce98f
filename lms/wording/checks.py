"""Refuses copy that breaks the wording policy, with the place and the allowed word."""

import unicodedata
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lms.conf import get_conf
from lms.wording.matcher import Finding, find, strip_markup
from lms.wording.policy import Policy, Severity, named_policy


class WordingRefused(ValidationError):
    """Copy breaks the wording policy; ``findings`` tells by place what was found there."""

    def __init__(self, findings: Mapping[str, tuple[Finding, ...]]) -> None:
        """Make one message for each place."""
        self.findings = dict(findings)
        super().__init__(
            [
                ValidationError(describe(found, place), code="wording")
                for place, found in findings.items()
            ]
        )


def describe(findings: Iterable[Finding], place: str) -> str:
    """Return what a person is told about one place, each word once."""
    told = {(_shown(finding), finding.allowed): finding for finding in reversed(list(findings))}
    return f"{place}: " + ". ".join(_sentence(finding) for finding in reversed(told.values()))


def _sentence(finding: Finding) -> str:
    words = {"found": _shown(finding), "allowed": _either(finding.allowed)}
    if finding.severity == "warned":
        return _("«%(found)s» is better avoided; consider %(allowed)s") % words
    if not finding.allowed:
        return _("«%(found)s» is not used here; leave it out") % words
    return _("«%(found)s» is not used here; write %(allowed)s") % words


def _shown(finding: Finding) -> str:
    """Drop what cannot be seen, so that the author recognises the word."""
    visible = (char for char in finding.found if unicodedata.category(char) != "Cf")
    return " ".join("".join(visible).split())


def _either(allowed: tuple[str, ...]) -> str:
    return _(" or ").join(f"«{word}»" for word in allowed)


def refuse(
    texts: Mapping[str, str],
    language: str,
    *,
    certificate: bool = False,
    policy: Policy | None = None,
) -> None:
    """Raise ``WordingRefused`` if a text, plain or rich, breaks the policy; keys name places."""
    findings = _judge(texts, language, "refused", certificate, policy)
    if findings:
        raise WordingRefused(findings)


def warnings(
    texts: Mapping[str, str],
    language: str,
    *,
    certificate: bool = False,
    policy: Policy | None = None,
) -> tuple[str, ...]:
    """Return a message for each place with words that are better avoided."""
    findings = _judge(texts, language, "warned", certificate, policy)
    return tuple(describe(found, place) for place, found in findings.items())


def _judge(
    texts: Mapping[str, str],
    language: str,
    severity: Severity,
    certificate: bool,
    policy: Policy | None,
) -> dict[str, tuple[Finding, ...]]:
    policy = policy or named_policy(tuple(get_conf().wording_names))
    judged = {}
    for place, text in texts.items():
        findings = find(strip_markup(text), language, policy=policy, certificate=certificate)
        found = tuple(finding for finding in findings if finding.severity == severity)
        if found:
            judged[place] = found
    return judged
