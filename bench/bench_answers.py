"""How many answers are saved in a second?

The action and the HTTP view (test client: middleware, session, JSON) beside the bare upsert of the
same row, in the same database and the same run.
"""

import json
import uuid
from typing import Any

from temporary import Timing, load_sample, run, show_rates, time_calls

TRAINING, ROUNDS, EACH = "replication-and-failover", 7, 60

UPSERT = """
INSERT INTO lms_courses_response (attempt_id, slot, value, revision, save_id, saved_at)
VALUES (%s, %s, %s, 1, %s, CURRENT_TIMESTAMP)
ON CONFLICT (attempt_id, slot) DO UPDATE SET
    value = excluded.value, revision = lms_courses_response.revision + 1,
    save_id = excluded.save_id, saved_at = excluded.saved_at
"""


class Candidate:
    """Somebody in the middle of a test, who answers its places one after another."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client
        from django.utils import timezone

        from courses.actions.attempts import start_attempt
        from courses.models import Attempt

        user: Any = get_user_model().objects.create(email="ana@bench.example")
        self.user_id: int = user.pk
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(user)
        started = start_attempt(course=TRAINING, user_id=user.pk, language="en", now=timezone.now())
        attempt = Attempt.objects.get(code=started.code)
        self.attempt_id, self.code = attempt.pk, attempt.code
        self.answers = {
            place.slot: _answer(place.version.parsed)
            for place in attempt.items.select_related("version")
        }
        self.revisions = dict.fromkeys(self.answers, 0)

    def _slot(self, number: int) -> int:
        return 1 + number % len(self.answers)

    def act(self, number: int) -> None:
        """Save through the action."""
        from courses.actions.attempts import save_answer

        slot = self._slot(number)
        stored = save_answer(
            code=self.code,
            user_id=self.user_id,
            slot=slot,
            raw=self.answers[slot],
            base_revision=self.revisions[slot],
            save_id=uuid.uuid4().hex,
        )
        self.revisions[slot] = stored.revision

    def post(self, number: int) -> None:
        """Save as the page's script does."""
        slot = self._slot(number)
        sent = {
            "value": self.answers[slot],
            "base_revision": self.revisions[slot],
            "save_id": uuid.uuid4().hex,
        }
        response = self.client.post(
            f"/attempts/{self.code}/{slot}/save/", sent, content_type="application/json"
        )
        if response.status_code != 200:
            raise SystemExit(f"the view answered {response.status_code}")
        self.revisions[slot] = response.json()["revision"]

    def write(self, number: int) -> None:
        """Write the row by hand, guarding nothing."""
        from django.db import connection

        slot = self._slot(number)
        values: tuple[int | str, ...] = (
            self.attempt_id,
            slot,
            json.dumps(self.answers[slot]),
            uuid.uuid4().hex,
        )
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, values)
        self.revisions[slot] += 1


def _answer(body: Any) -> Any:
    return list(body.key) if body.options else body.key[0]


def measure() -> None:
    """Save the same answers in three ways, turn by turn."""
    load_sample(TRAINING)
    candidate = Candidate()
    ways = {
        "the action": candidate.act,
        "the HTTP view": candidate.post,
        "the bare upsert": candidate.write,
    }
    for save in ways.values():
        time_calls(save, range(len(candidate.answers)))  # the first ones fill caches
    rounds: dict[str, list[Timing]] = {name: [] for name in ways}
    for _turn in range(ROUNDS):
        for name, save in ways.items():
            rounds[name].append(time_calls(save, range(EACH)))
    print(f"  {len(candidate.answers)} places; {ROUNDS} rounds of {EACH}, every save committed")
    show_rates(rounds, EACH, "the bare upsert")


if __name__ == "__main__":
    run(measure)
