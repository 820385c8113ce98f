"""What the blocks of a lesson need to know of the person reading it."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from courses.domain.prose import to_inline_html
from courses.models import ExerciseAnswer
from courses.queries.progress import LessonView

register = template.Library()


@register.simple_tag
def exercise_state(lesson: LessonView | str, code: str) -> ExerciseAnswer | None:
    """Return what the person entered for an exercise; nothing in a preview."""
    return lesson.answers.get(code) if isinstance(lesson, LessonView) else None


@register.filter
def inline(text: str | None) -> SafeString:
    """Show one line of Markdown; raw HTML in it is shown as text."""
    return mark_safe(to_inline_html(text or ""))  # noqa: S308 - the renderer escapes HTML
