"""Run by a host's ``manage.py shell``: visit what was added, and take a test to its certificate."""

import json
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from badges.queries import find_by_source
from courses.models import Attempt
from lms.conf import get_conf
from lms.events.publish import deliver_due

Lesson = apps.get_model(get_conf().lesson_page_model)
User: Any = get_user_model()


def visit(client: Client, address: str) -> int:
    return int(client.get(address).status_code)


def take_test(client: Client, course: str) -> str:
    """Answer everything right and return the certificate's code."""
    client.post(reverse("lms_test", args=[course]), {"name": "Ana Lindqvist"})
    attempt = Attempt.objects.get(state="open")
    for place in attempt.items.select_related("version"):
        body = place.version.parsed
        value = list(body.key) if body.options else body.key[0]
        sent = {"value": value, "base_revision": 0, "save_id": f"s{place.slot}"}
        address = reverse("lms_save", args=[attempt.code, place.slot])
        answer = client.post(address, json.dumps(sent), content_type="application/json")
        assert answer.status_code == 200, answer.content
    client.post(reverse("lms_review", args=[attempt.code]))
    deliver_due()
    assert client.get(reverse("lms_result", args=[attempt.code])).status_code == 200
    card = find_by_source(f"courses.attempt:{attempt.pk}")
    assert card, "the certificate was not issued"
    return str(card.code)


def main() -> dict[str, Any]:
    admin = User.objects.create_superuser("root", "root@host.example", "a long password")
    ana = User.objects.create_user("ana", "ana@host.example", "a long password")
    lesson = Lesson._default_manager.filter(live=True).order_by("path").first()
    training = lesson.get_parent()
    stranger, staff, reader = (Client(SERVER_NAME="localhost") for _ in range(3))
    staff.force_login(admin)
    reader.force_login(ana)
    page = reader.get(lesson.url)
    code = take_test(reader, training.specific.course.slug)
    return {
        "lesson_model": Lesson._meta.label,
        "lessons": Lesson._default_manager.count(),
        "stranger_is_sent_to": stranger.get(lesson.url).headers.get("Location", ""),
        "lesson_has_title": lesson.title in page.content.decode(),
        "styles": bool(finders.find("lms/ui.css")),
        "statuses": {
            "lesson": page.status_code,
            "training": visit(stranger, training.url),
            "catalogue": visit(stranger, training.get_parent().url),
            "cabinet": visit(reader, "/learn/my/"),
            "credential": visit(stranger, reverse("lms_credential", args=[code])),
            "document": visit(stranger, reverse("lms_credential_json", args=[code])),
            "picture": visit(stranger, reverse("lms_credential_png", args=[code])),
            "certificate": visit(reader, reverse("lms_credential_pdf", args=[code])),
            "strip": visit(stranger, reverse("lms_strip", args=[code])),
            "verify": visit(stranger, reverse("lms_verify")),
            "admin": visit(staff, "/admin/"),
            "lesson in the admin": visit(staff, f"/admin/pages/{lesson.pk}/edit/"),
            "training in the admin": visit(staff, f"/admin/pages/{training.pk}/edit/"),
            "partners in the admin": visit(staff, reverse("lms_partner:index")),
        },
    }


print("VISITED", json.dumps(main()))  # noqa: T201 - read by the test
