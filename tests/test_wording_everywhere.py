"""Every word of ours that a person reads passes the wording policy: product, mails, samples."""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from badges.domain.phrases import words_in
from lms.wording.checks import WordingRefused, refuse

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = runpy.run_path(str(ROOT / "scripts" / "messages.py"))
LANGUAGES = ("en", "ru", "pl")
TRAININGS = sorted((ROOT / "samples" / "halden" / "trainings").iterdir())
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def judge(texts: dict[str, str], language: str, *, certificate: bool = False) -> list[str]:
    try:
        refuse(texts, language, certificate=certificate)
    except WordingRefused as refusal:
        return refusal.messages
    return []


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a YAML file with the place it stands."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, f"{path}[{number}]")
    elif isinstance(data, str):
        yield path, data


def language_of(place: str, default: str) -> str:
    """A key such as .ru says in which language what hangs below it is written."""
    found = [part for part in re.split(r"[.\[]", place) if part in LANGUAGES]
    return found[-1] if found else default


@pytest.mark.parametrize("app", MESSAGES["SOURCES"])
def test_our_own_strings_in_english(app: str) -> None:
    messages = [m for m in MESSAGES["build_catalogue"](app, "ru") if m.id]
    texts = {text: text for m in messages for text in MESSAGES["_forms"](m.id)}
    assert judge(texts, "en") == []


@pytest.mark.parametrize("language", MESSAGES["LANGUAGES"])
@pytest.mark.parametrize("app", MESSAGES["SOURCES"])
def test_our_own_strings_in_other_languages(app: str, language: str) -> None:
    messages = [m for m in MESSAGES["read_catalogue"](app, language) if m.id]
    texts = {text: text for m in messages for text in MESSAGES["_forms"](m.string)}
    assert judge(texts, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_certificates_own_words(language: str) -> None:
    words = words_in(language)
    texts = {
        name: value
        for name in dir(words)
        if not name.startswith("_") and isinstance(value := getattr(words, name), str)
    }
    assert len(texts) > 5
    assert judge(texts, language, certificate=True) == []


@pytest.mark.parametrize("folder", TRAININGS, ids=lambda folder: folder.name)
def test_a_samples_lessons(folder: Path) -> None:
    found = []
    for path in sorted(folder.glob("??/*.md")):
        text = FENCE.sub("", path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {said}" for said in judge({"text": text}, path.parent.name)]
    assert found == []


@pytest.mark.parametrize("folder", TRAININGS, ids=lambda folder: folder.name)
def test_a_samples_items_and_texts(folder: Path) -> None:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        default = path.stem.partition(".")[2] or "en"
        for place, text in leaves(yaml.safe_load(path.read_text(encoding="utf-8"))):
            certificate = place.startswith(".achievements")
            said = judge({place: text}, language_of(place, default), certificate=certificate)
            found += [f"{path.name} {line}" for line in said]
    assert found == []


def test_the_samples_rules() -> None:
    path = ROOT / "samples" / "halden" / "programme.yaml"
    texts = leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    found = [
        said for place, text in texts for said in judge({place: text}, language_of(place, "en"))
    ]
    assert found == []


def test_the_gate_would_notice() -> None:
    """The tests above can fail: each language has a word they refuse."""
    assert judge({"x": "A course of education"}, "en")
    assert judge({"x": "Программа обучения"}, "ru")
    assert judge({"x": "Kształcenie inżynierów"}, "pl")
    assert judge({"x": "Свидетельство об обучении"}, "ru", certificate=True)
