"""A vendor's folder, small but whole: two trainings, two companies, four people, a history."""

from pathlib import Path
from typing import Any

import yaml

from tests.factories.partners import document

SALES_AWARD, ENGINEER_AWARD = "sales-specialist", "recovery-engineer"
PARTNERS = """slug,name,country,city,website,joined_on
baltwerk,Baltwerk sp. z o.o.,PL,Gdańsk,https://baltwerk.example,2024-03-11
odrana,Odrana,pl,Opole,,2026-02-01
"""
PEOPLE = """email,name,partner,job,role,language,since,until
ana@baltwerk.example,Ana Nowak,baltwerk,engineer,member,en,2024-04-01,
bo@baltwerk.example,Bo Lis,baltwerk,sales,manager,pl,2024-04-01,
dov@odrana.example,Dov Maj,odrana,engineer,manager,en,2026-02-10,
eva@odrana.example,Eva Maj,odrana,sales,member,en,2026-02-10,2026-06-01
"""
HISTORY = """# a year of acts
- {on: 2025-11-14, pass: recovery, person: ana@baltwerk.example}
- {on: 2026-01-08, fail: selling, person: bo@baltwerk.example}
- {on: 2026-01-12, pass: selling, person: bo@baltwerk.example}
- {on: 2026-03-02, pass: recovery, person: dov@odrana.example}
- {on: 2026-03-02, pass: selling, person: eva@odrana.example}
- {on: 2026-06-01, leave: eva@odrana.example}
- on: 2026-06-10
  revoke: recovery-engineer
  person: dov@odrana.example
  reason: {en: "Another person sat the test."}
"""


def write_vendor(folder: Path, **programme: Any) -> Path:
    """Write the folder; keywords change the rules document."""
    for name in ("people", "trainings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    plain = document(**programme)
    whole = {
        "vendor": {
            "name": "Halden Data",
            "url": "https://halden.example",
            "email": "partners@halden.example",
            "description": {"en": "Makers of the Halden Platform."},
        },
        "tracks": {"technical": {"en": "Technical"}, "sales": {"en": "Sales"}},
        "products": plain.pop("products"),
        "programme": plain,
    }
    put(folder, "programme.yaml", yaml.safe_dump(whole, allow_unicode=True, sort_keys=False))
    put(folder, "people/partners.csv", PARTNERS)
    put(folder, "people/people.csv", PEOPLE)
    put(folder, "history.yaml", HISTORY)
    write_training(folder, "recovery", "technical", ENGINEER_AWARD, 12)
    write_training(folder, "selling", "sales", SALES_AWARD, 6)
    write_training(folder, "platform", "technical", "platform-engineer", None)
    return folder


def put(folder: Path, name: str, text: str) -> None:
    """Write one file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that must stand in a file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    put(folder, name, text.replace(old, new))


def write_training(folder: Path, slug: str, track: str, award: str, months: int | None) -> None:
    """Write a training of one lesson and ten numeric items."""
    title = f"Halden {slug}"
    training = {
        "slug": slug,
        "track": track,
        "product": "halden-platform",
        "order": 1,
        "achievement": award,
        "texts": {"en": {"title": title, "summary": "What it is about."}},
        "topics": {"all": {"en": "All"}},
        "achievements": [
            {
                "slug": award,
                "type": "Certification",
                "valid_months": months,
                "texts": {
                    "en": {
                        "name": f"Halden {award}",
                        "description": "Does it well.",
                        "criteria": "Passed the certification test.",
                    }
                },
            }
        ],
        "assessment": {
            "minutes": 30,
            "cut_percent": 60,
            "draw": {"all": 10},
            "retake_wait_days": [1],
        },
        "lessons": ["first"],
    }
    items = [
        {
            "code": f"{slug}-{n}",
            "topic": "all",
            "type": "numeric",
            "stem": f"How much is {n} plus one?",
            "key": n + 1,
            "rationale": "Counting.",
        }
        for n in range(10)
    ]
    place = f"trainings/{slug}"
    put(folder, f"{place}/training.yaml", yaml.safe_dump(training, sort_keys=False))
    put(folder, f"{place}/items.yaml", yaml.safe_dump(items, sort_keys=False))
    put(folder, f"{place}/en/01-first.md", "---\ntitle: First\nsummary: Begin.\n---\nRead this.\n")
