"""What the test of an achievement asks of people."""

from badges.events import Effort
from badges.queries.achievements import find_achievement
from courses.models import Assessment, Lesson, Topic
from courses.models.localised import pick


def get_effort(achievement: str, language: str) -> Effort | None:
    """Return what it takes to earn an achievement, by its code; ``None`` if no test awards it."""
    card = find_achievement(achievement, language)
    test = Assessment.objects.filter(course__achievement_id=card.id).first() if card else None
    if test is None:
        return None
    blueprint = test.policy.blueprint
    topics = Topic.objects.filter(bank=test.bank_id, slug__in=list(blueprint.draw))
    lessons = Lesson.objects.filter(course=test.course_id)
    return Effort(
        topics=tuple(pick(topic.names) for topic in topics),
        items=blueprint.length,
        minutes=test.minutes,
        pass_percent=test.cut_percent,
        exercises=sum(len(codes) for codes in lessons.values_list("exercises", flat=True)),
    )
