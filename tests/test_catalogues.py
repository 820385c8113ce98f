"""Every string of the product is said in Russian and Polish, and none is a guess."""

import runpy
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = runpy.run_path(str(ROOT / "scripts" / "messages.py"))


def test_no_string_is_missing_untranslated_fuzzy_or_obsolete() -> None:
    assert MESSAGES["find_problems"]() == []


@pytest.mark.parametrize("language", MESSAGES["LANGUAGES"])
@pytest.mark.parametrize("app", MESSAGES["SOURCES"])
def test_plurals_have_every_form_of_their_language(app: str, language: str) -> None:
    with MESSAGES["catalogue_path"](app, language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    assert catalogue.num_plurals in (3, 4)
    for message in catalogue:
        if message.pluralizable:
            forms = MESSAGES["_forms"](message.string)
            assert len(forms) == catalogue.num_plurals, message.id
            assert all(forms), message.id
