"""Publishing a programme's rules: read, judged by the wording policy, kept in versions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.wording.checks import refuse
from partners.actions.audit import record
from partners.actions.permissions import require
from partners.domain.rules import DEFAULT_LANGUAGE, RulesDocument, parse_rules, to_plain
from partners.models import Programme, RulesVersion


class RulesInUse(ValueError):
    """Decisions rest on this version: a change takes a version of its own."""


def check_rules(document: Mapping[str, Any]) -> RulesDocument:
    """Read a document as ``publish_rules`` would.

    Raises ``RulesInvalid`` with every path at fault, ``WordingRefused`` with every text.
    """
    rules = parse_rules(to_plain(dict(document)))
    for language, texts in rules.texts().items():
        refuse(texts, language)
    return rules


def publish_rules(
    *,
    programme: str,
    version: str,
    document: Mapping[str, Any],
    announced_on: date,
    valid_from: date,
    actor: int | None,
    now: datetime,
) -> int:
    """Publish a version of a programme's rules and return its id; the same again changes nothing.

    The named values win over those in ``document``. Companies move when the next sweep finds the
    version in force. Raises ``RulesInvalid``, ``WordingRefused``, ``RulesInUse`` (this version is
    there with another text and decisions rest on it) and ``PermissionDenied``.
    """
    require(actor, "add_rulesversion")
    named = {"slug": programme, "version": version}
    dates = {"announced_on": announced_on, "valid_from": valid_from}
    plain = to_plain({**document, **named, **dates})
    rules = check_rules(plain)
    with transaction.atomic():
        owner = _put_programme(rules)
        row = RulesVersion.objects.filter(programme=owner, version=version).first()
        if row is not None and row.document == plain:
            return row.pk
        if row is not None and row.decisions.exists():
            text = _("Decisions rest on %(version)s: give the changed rules a new version.")
            raise RulesInUse(text % {"version": row})
        row = row or RulesVersion(programme=owner, version=version)
        row.document, row.published_at = plain, now
        row.announced_on, row.valid_from = announced_on, valid_from
        row.save()
        record(row, "lms_partners.publish_rules", actor)
        _make_due(owner, valid_from)
    return row.pk


def _put_programme(rules: RulesDocument) -> Programme:
    owner, _created = Programme.objects.update_or_create(
        slug=rules.slug,
        defaults={"name": rules.name[DEFAULT_LANGUAGE], "time_zone": rules.time_zone},
    )
    return Programme.objects.select_for_update().get(pk=owner.pk)


def _make_due(programme: Programme, valid_from: date) -> None:
    later = Q(next_change_on__isnull=True) | Q(next_change_on__gt=valid_from)
    programme.partners.filter(later).update(next_change_on=valid_from)
