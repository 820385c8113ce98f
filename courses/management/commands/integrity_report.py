"""``manage.py integrity_report [TRAINING]``"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.actions.reviews import compute_test
from courses.models import Assessment, Review, StoredFigures


class Command(BaseCommand):
    help = (
        "Look at the finished attempts of a test, or of all: the same wrong answers inside one"
        " company, questions that became easier, very fast passes, windows left very often. Opens"
        " a review for what is new and changes nothing else; also stores the figures of the test."
        " Twice opens nothing twice. --json prints, for each test, how much was looked at and"
        " which reviews there are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("training", metavar="TRAINING", nargs="?", help="its slug")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        tests = Assessment.objects.order_by("course__slug").select_related("course")
        if slug := options["training"]:
            known = ", ".join(tests.values_list("course__slug", flat=True)) or "none"
            tests = tests.filter(course__slug=slug)
            if not tests.exists():
                message = f"{slug}: no training of this slug has a test. There are: {known}"
                raise CommandError(message)
        told = [self._compute(test) for test in tests]
        if options["json"]:
            self.stdout.write(json.dumps({"tests": told}, ensure_ascii=False, indent=2))
            return
        for test in told:
            opened = f"{len(test['opened'])} new, {test['open']} open"
            self.stdout.write(f"{test['training']}: {test['attempts']} attempts, {opened}")

    def _compute(self, test: Assessment) -> dict[str, Any]:
        done = compute_test(assessment_id=test.pk, actor=None, now=timezone.now())
        reviews = list(test.reviews.order_by("pk"))
        return {
            "training": test.course.slug,
            "attempts": done.attempts,
            "looked": StoredFigures.objects.get(assessment=test).looked,
            "opened": list(done.opened),
            "open": sum(review.is_open for review in reviews),
            "reviews": [_describe(review) for review in reviews],
        }


def _describe(review: Review) -> dict[str, Any]:
    item = review.version.item.code if review.version else None
    return {
        "id": review.pk,
        "kind": review.kind,
        "company": review.group,
        "item": item,
        "outcome": review.outcome,
        "evidence": review.evidence,
    }
