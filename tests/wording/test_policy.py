"""The shipped data keeps its own promises, and bad data is heard of."""

import pytest

from lms.wording.data import LANGUAGES, read_data
from lms.wording.matcher import find
from lms.wording.policy import load_policy

DATA = read_data({})


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_have_names_of_their_own(language: str) -> None:
    rules = DATA[language].refused + DATA[language].warned
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.id.startswith(f"{language}-") for rule in rules)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_policy_tells_people_to_write_passes_it(language: str) -> None:
    for rule in DATA[language].refused + DATA[language].warned:
        assert rule.write or rule.scope == "certificate"
        for word in rule.write:
            assert find(word, language, certificate=True) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_are_written_in_lower_case_without_yo(language: str) -> None:
    part = DATA[language]
    for phrase in (
        phrase for rule in [*part.refused, *part.allowed, *part.warned] for phrase in rule.phrases
    ):
        assert phrase == phrase.lower().replace("ё", "е")
        assert not phrase.startswith("~")
        assert not phrase.endswith("~")


@pytest.mark.parametrize(
    "extra",
    [
        {"de": {}},
        {"ru": {"refuse": []}},
        {"ru": {"refused": [{"id": "x", "phrases": ["y"]}]}},
        {"ru": {"refused": [{"id": "x", "phrases": [""], "write": []}]}},
        {"ru": {"allowed": [{"phrases": ["~"]}]}},
        {"ru": {"allowed": [{"phrases": ["x"], "scope": "sometimes"}]}},
    ],
)
def test_a_mistake_in_the_data_is_heard_of(extra: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_policy(extra=extra)
