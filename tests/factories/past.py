"""A small simulated past: three companies and two trainings."""

from typing import Any

from partners.domain.simulated import PastPlan

ITEM: dict[str, Any] = {
    "code": "wal-extra",
    "topic": "wal",
    "type": "single",
    "difficulty": 1,
    "lesson": "wal-and-checkpoints",
    "stem": "What is kept until it is archived?",
    "options": {"a": "The log file", "b": "The segment", "c": "The page"},
    "key": ["b"],
    "texts": {"ru": {"stem": "Что хранится?", "options": {"a": "А", "b": "Б", "c": "В"}}},
}


def document(**changes: Any) -> dict[str, Any]:
    """Return a plan as ``simulation.yaml`` says it."""
    return {
        "seed": "small-1",
        "programme": "halden-partner-programme",
        "years": 3,
        "trainings": {
            "recovery": {"shares": {"engineer": 1, "other": 0.5}, "again_months": 12},
            "selling": {"shares": {"sales": 1}, "again_months": 12},
        },
        "jobs": {"engineer": 0.5, "sales": 0.4, "other": 0.1},
        "rates": {"leaves": 0.2, "moves": 0.2},
        "plants": {
            "leaked": {"training": "selling", "item": "wal-single", "month": 20, "share": 0.8},
            "colluding": {"company": "tamandale", "copies": 0.9, "ability": -1},
            "wrong_key": {
                "training": "recovery",
                "month": 1,
                "corrected": 30,
                "key": ["a"],
                "item": ITEM,
            },
        },
        "panel": {
            "training": "recovery",
            "month": 12,
            "cut": 70,
            "description": "Restores a cluster with the manual open.",
            "reason": "The announced cut stays.",
            "judges": [
                {"name": f"Judge {name}", "email": f"{name}@halden.example", "severity": severity}
                for name, severity in (("ida", 0.1), ("jon", 0), ("kim", -0.1))
            ],
        },
        "names": {
            "pl": {"language": "pl", "given": ["Ewa", "Michał"], "family": ["Wróbel", "Źrałek"]},
            "kz": {"language": "ru", "given": ["Алма/alma"], "family": ["Сапар/sapar"]},
        },
        "companies": [
            {"slug": slug, "name": slug.title(), "country": country, "names": names, "people": 6}
            for slug, country, names in (
                ("narwia", "PL", "pl"),
                ("jantaris", "PL", "pl"),
                ("tamandale", "KZ", "kz"),
            )
        ],
        **changes,
    }


def plan(**changes: Any) -> PastPlan:
    """Return the plan's values."""
    return PastPlan.model_validate(document(**changes))
