"""Rules are kept in versions; what a decision rests on does not change."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lms.wording.checks import WordingRefused
from partners.actions.rules import RulesInUse, publish_rules
from partners.domain.rules import RulesInvalid
from partners.models import Programme, RulesVersion
from tests.factories.partners import (
    NOW,
    PROGRAMME,
    SALES,
    document,
    line,
    make_partner,
    make_rules,
    make_user,
    tier,
)

pytestmark = pytest.mark.django_db


def test_publishing_makes_the_programme_and_its_version() -> None:
    pk = make_rules()
    programme = Programme.objects.get()
    assert (programme.slug, programme.time_zone) == (PROGRAMME, "Europe/Warsaw")
    assert RulesVersion.objects.get(pk=pk).rules.version == "2026.1"


def test_the_same_again_changes_nothing() -> None:
    pk = make_rules()
    assert make_rules() == pk
    assert RulesVersion.objects.count() == 1


def test_a_version_nothing_rests_on_may_be_corrected() -> None:
    pk = make_rules()
    assert make_rules(sharing="allowed") == pk
    assert RulesVersion.objects.get().rules.sharing == "allowed"


def test_a_version_decisions_rest_on_is_not_changed() -> None:
    make_rules()
    make_partner()
    with pytest.raises(RulesInUse, match=r"2026\.1"):
        make_rules(sharing="allowed")
    assert RulesVersion.objects.get().rules.sharing == "none"


def test_the_named_values_win_over_the_document() -> None:
    pk = publish_rules(
        programme=PROGRAMME,
        version="2027.1",
        document=document(),
        announced_on=date(2026, 9, 1),
        valid_from=date(2027, 1, 1),
        actor=None,
        now=NOW,
    )
    rules = RulesVersion.objects.get(pk=pk).rules
    assert (rules.version, rules.valid_from) == ("2027.1", date(2027, 1, 1))


def test_a_faulty_document_is_refused_whole() -> None:
    with pytest.raises(RulesInvalid, match="sharing"):
        make_rules(sharing="some")
    assert not Programme.objects.exists()


def test_words_the_policy_refuses_are_refused_with_their_place() -> None:
    worded = line("sales", 1, SALES, text={"en": "Sales", "ru": "Обучено менеджеров по продажам"})
    with pytest.raises(WordingRefused, match=r"tiers\[gold\]\.lines\[sales\]\.text"):
        make_rules(tiers=[tier("gold", 25, worded)])
    assert not RulesVersion.objects.exists()


def test_only_who_may_publishes() -> None:
    values: dict[str, Any] = {
        "programme": PROGRAMME,
        "version": "2026.1",
        "document": document(),
        "announced_on": date(2025, 9, 1),
        "valid_from": date(2025, 10, 1),
        "now": NOW,
    }
    with pytest.raises(PermissionDenied):
        publish_rules(**values, actor=make_user("bo@x.example", "change_membership"))
    assert publish_rules(**values, actor=make_user("eli@x.example", "add_rulesversion"))
