"""The tools of trainings somebody takes: they stay at hand after the test."""

from dataclasses import dataclass

from courses.models import Enrolment
from courses.queries.pages import lesson_pages, link_courses, prefer


@dataclass(frozen=True, kw_only=True)
class ToolLink:
    """A file handed out by a lesson."""

    title: str
    course: str
    lesson_title: str
    lesson_url: str
    file_id: int
    filename: str
    kind: str
    size: int


def list_tools(user_id: int, language: str) -> tuple[ToolLink, ...]:
    """Return the tools of every training the person takes, by training and lesson."""
    courses = list(Enrolment.objects.filter(user_id=user_id).values_list("course_id", flat=True))
    pages = lesson_pages().filter(lesson__course__in=courses).order_by("path")
    titles = link_courses(courses, language)
    tools = []
    for page in prefer(pages, "lesson_id", language).values():
        for block in page.body.blocks_by_name("tool"):
            document = block.value["file"]
            if document is None:
                continue
            course = titles.get(page.lesson.course_id)
            tools.append(
                ToolLink(
                    title=block.value["title"],
                    course=course.title if course else "",
                    lesson_title=page.title,
                    lesson_url=page.url or "",
                    file_id=document.pk,
                    filename=document.filename,
                    kind=document.file_extension.upper(),
                    size=document.get_file_size() or 0,
                )
            )
    return tuple(sorted(tools, key=lambda tool: (tool.course, tool.lesson_url)))
