"""A test in two sections: the second one-way, with minutes of its own."""

from datetime import datetime
from typing import Any

from courses.actions.attempts import start_attempt
from courses.models import Assessment, Attempt
from tests.factories.courses import Training, texts

THEORY: dict[str, Any] = {"id": "theory", "title": texts("Theory"), "topics": ["wal"]}
PRACTICE: dict[str, Any] = {
    "id": "practice",
    "title": texts("Practice"),
    "topics": ["restore"],
    "minutes": 10,
    "one_way": True,
}


def divide(training: Training, *sections: dict[str, Any]) -> None:
    """Give a test its sections; every topic of the factory's stands in one."""
    rows = list(sections or (THEORY, PRACTICE))
    Assessment.objects.filter(pk=training.assessment.pk).update(sections=rows)


def begin(user_id: int, now: datetime) -> Attempt:
    code = start_attempt(course="recovery", user_id=user_id, language="en", now=now).code
    return Attempt.objects.get(code=code)
