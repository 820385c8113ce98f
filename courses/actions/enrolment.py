"""Taking a training: enrolling, reading, watching, solving, confirming one's name."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F

from badges.actions.names import confirm_name
from badges.actions.recipients import register_recipient
from courses.domain.items import is_close, normalise
from courses.models import Enrolment, ExerciseAnswer, Lesson, LessonProgress

WATCHED_SHARE = 0.9  # a video counts as watched when this much of it was played


def enrol(*, user_id: int, course_id: int, now: datetime) -> bool:
    """Enrol a person; ``False`` if they already were."""
    _, created = Enrolment.objects.get_or_create(
        user_id=user_id, course_id=course_id, defaults={"enrolled_at": now}
    )
    return created


def open_lesson(*, user_id: int, lesson: Lesson, now: datetime) -> LessonProgress:
    """Note that a person opened a lesson, enrolling them by it."""
    enrol(user_id=user_id, course_id=lesson.course_id, now=now)
    progress, _ = LessonProgress.objects.get_or_create(
        user_id=user_id, lesson=lesson, defaults={"opened_at": now}
    )
    return progress


def finish_reading(*, user_id: int, lesson: Lesson, now: datetime) -> None:
    """Note that a person read a lesson to its end, the first time or again."""
    progress = open_lesson(user_id=user_id, lesson=lesson, now=now)
    LessonProgress.objects.filter(pk=progress.pk).update(
        read_at=progress.read_at or now, last_read_at=now
    )


def note_watched(*, user_id: int, lesson: Lesson, seconds: int, length: int, now: datetime) -> None:
    """Keep where the video stands; it never moves backwards, and ``length`` is in seconds."""
    progress = open_lesson(user_id=user_id, lesson=lesson, now=now)
    done = progress.video_done or (length > 0 and seconds >= WATCHED_SHARE * length)
    LessonProgress.objects.filter(pk=progress.pk).update(watched_seconds=seconds, video_done=done)


@dataclass(frozen=True, kw_only=True)
class ExerciseKey:
    """What an exercise accepts, as its lesson says."""

    code: str
    kind: str
    accepted: tuple[str, ...]
    tolerance: str


def answer_exercise(
    *, user_id: int, lesson: Lesson, key: ExerciseKey, answer: str, now: datetime
) -> bool:
    """Check an entered result and keep it; once solved, an exercise stays solved."""
    correct = _is_right(key, answer)
    open_lesson(user_id=user_id, lesson=lesson, now=now)
    with transaction.atomic():
        kept, created = ExerciseAnswer.objects.select_for_update().get_or_create(
            user_id=user_id,
            lesson=lesson,
            code=key.code,
            defaults={
                "answer": answer[:200],
                "correct": correct,
                "solved_at": now if correct else None,
            },
        )
        if not created:
            solved_at = kept.solved_at or (now if correct else None)
            ExerciseAnswer.objects.filter(pk=kept.pk).update(
                answer=answer[:200], correct=correct, tries=F("tries") + 1, solved_at=solved_at
            )
    return correct


def _is_right(key: ExerciseKey, answer: str) -> bool:
    if key.kind == "numeric":
        return is_close(answer, key.accepted[0], key.tolerance)
    return normalise(answer) in {normalise(wording) for wording in key.accepted}


def confirm_printed_name(*, user_id: int, name: str, now: datetime) -> bool:
    """Keep the name as the certificate will print it; ``False`` if the vendor decides on it."""
    user = get_user_model().objects.get(pk=user_id)
    recipient_id = register_recipient(email=user.email, name=name, user_id=user_id, now=now)
    return confirm_name(recipient_id=recipient_id, name=name, actor=user_id, now=now)
