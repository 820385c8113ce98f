"""Who takes what, and what they have done of it."""

from django.conf import settings
from django.db import models

from courses.models.catalogue import Course, Lesson


class Enrolment(models.Model):
    """A person takes a training."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments")
    enrolled_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="lms_enrolment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} takes {self.course_id}"


class LessonProgress(models.Model):
    """What a person did in a lesson: read to the end, where the video stands."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    watched_seconds = models.PositiveIntegerField(default=0)
    video_done = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lms_lesson_progress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.lesson_id}"


class ExerciseAnswer(models.Model):
    """The latest result a person entered for an exercise, and whether the server agreed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    code = models.SlugField()
    answer = models.CharField(max_length=200)
    correct = models.BooleanField()
    tries = models.PositiveIntegerField(default=1)
    solved_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson", "code"], name="lms_exercise_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} by {self.user_id}"
