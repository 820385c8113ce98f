"""Mixins that make pages of trainings and lessons; ``lms.pages`` or a host has the classes.

A page presents a row: creating a page creates its ``Course`` or ``Lesson``, and a translation
shares it.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from badges.queries import achievement_choices
from courses.actions.enrolment import open_lesson
from courses.blocks import INLINE, LessonBody
from courses.models import Course, Lesson, Product, Track
from courses.queries.catalogue import build_catalogue
from courses.queries.pages import lesson_pages
from courses.queries.progress import describe_course, describe_lesson
from lms.wording.pages import WordedPageForm, WordedPageMixin


class TemplatedMixin(models.Model):
    """Wagtail gives every class a template of its own name; ours come with the mixin."""

    page_template = ""

    class Meta:
        abstract = True

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return self.page_template


class CourseIndexPageMixin(TemplatedMixin, WordedPageMixin):
    """The catalogue: every training, filtered by track, product and language in the address."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels_extra = [FieldPanel("introduction")]
    page_template = "courses/course_index_page.html"

    if TYPE_CHECKING:
        locale: Any

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        catalogue = build_catalogue(
            language=self.locale.language_code,
            user_id=request.user.pk,
            filters=request.GET,
        )
        return {**context, "catalogue": catalogue}


class CoursePageForm(WordedPageForm):
    """The page's own fields and those of its training, which every language shares."""

    track = forms.ModelChoiceField(Track.objects.all(), required=False, label=_("Track"))
    product = forms.ModelChoiceField(Product.objects.all(), required=False, label=_("Product"))
    achievement = forms.ChoiceField(
        required=False,
        label=_("Certificate"),
        help_text=_("What passing the test earns. Create it under Certificates first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course = self.instance.course
        self.fields["achievement"].choices = [("", "—"), *achievement_choices()]
        if course:
            self.fields["track"].initial = course.track_id
            self.fields["product"].initial = course.product_id
            self.fields["achievement"].initial = course.achievement_id

    def save(self, commit: bool = True) -> Any:
        page = super().save(commit=False)
        page.course_settings = {
            "track": self.cleaned_data.get("track"),
            "product": self.cleaned_data.get("product"),
            "achievement_id": self.cleaned_data.get("achievement") or None,
        }
        if commit:
            page.save()
        return page


class CoursePageMixin(TemplatedMixin, WordedPageMixin):
    """A training in one language."""

    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    summary = models.TextField(_("summary"), help_text=_("One or two sentences for the list."))
    audience = models.TextField(_("who it is for"), blank=True)
    outcomes = models.TextField(
        _("what one can do after it"), blank=True, help_text=_("One on a line.")
    )
    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    base_form_class = CoursePageForm
    page_template = "courses/course_page.html"
    course_settings: dict[str, Any] | None = None
    content_panels_extra = [
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("outcomes"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [FieldPanel("track"), FieldPanel("product"), FieldPanel("achievement")],
            heading=_("In every language"),
        ),
    ]
    search_fields_extra = [index.SearchField("summary"), index.SearchField("introduction")]

    if TYPE_CHECKING:
        course_id: int
        slug: str
        translation_key: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ensure_course()
        super().save(*args, **kwargs)

    def ensure_course(self) -> None:
        """Give the page its row, a fresh one to a page that was copied, and write its settings."""
        if self.course_id is None or self._is_copy():
            slug = _free_slug(self.slug)
            self.course = Course.objects.create(slug=slug, position=Course.objects.count() + 1)
        self.apply_settings()

    def apply_settings(self) -> None:
        """Write what the editor chose for every language; a preview never comes here."""
        if self.course_settings:
            Course.objects.filter(pk=self._row().pk).update(**self.course_settings)
            self.course_settings = None

    def _is_copy(self) -> bool:
        others: Any = type(self)._default_manager.filter(course=self.course_id)
        return bool(others.exclude(translation_key=self.translation_key).exists())

    def _row(self) -> Course:
        # A page previewed before it is saved has no row yet.
        return self.course or Course(slug=self.slug)

    @property
    def outcome_list(self) -> list[str]:
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        pages: Any = lesson_pages()
        lessons = pages.child_of(self).defer("body") if self.pk else ()
        training = describe_course(
            course=self._row(), lesson_pages=list(lessons), user_id=request.user.pk
        )
        return {**context, "training": training}


class LessonPageMixin(TemplatedMixin, WordedPageMixin):
    """A lesson in one language."""

    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    summary = models.TextField(_("summary"), blank=True)
    body = StreamField(LessonBody(), verbose_name=_("body"), blank=True)

    page_template = "courses/lesson_page.html"
    content_panels_extra = [
        HelpPanel(
            content=_(
                "What you publish here appears at once for everybody. A changed test item is "
                "different: it reaches only tests started later."
            )
        ),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    search_fields_extra = [index.SearchField("summary"), index.SearchField("body")]

    if TYPE_CHECKING:
        lesson_id: int
        slug: str
        live: bool
        get_parent: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ensure_lesson()
        super().save(*args, **kwargs)

    def ensure_lesson(self) -> Lesson:
        """Give the page its row below its training's, and tell the row its exercises."""
        parent = self.get_parent().specific
        if self.lesson is None or self.lesson.course_id != parent.course_id:
            self.lesson, _created = Lesson.objects.get_or_create(
                course_id=parent.course_id,
                slug=self.slug,
                defaults={"position": Lesson.objects.filter(course=parent.course_id).count() + 1},
            )
        if self.live and self.lesson.exercises != self.exercise_codes:
            Lesson.objects.filter(pk=self.lesson.pk).update(exercises=self.exercise_codes)
        return self.lesson

    @property
    def exercise_codes(self) -> list[str]:
        return [block.value["code"] for block in self.body if block.block_type == "exercise"]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not getattr(request, "is_preview", False):
            open_lesson(user_id=request.user.pk, lesson=self.ensure_lesson(), now=timezone.now())
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        lesson = describe_lesson(page=self, user_id=request.user.pk)
        return {**context, "lesson": lesson, "course_page": lesson.course_page}


def _free_slug(wanted: str) -> str:
    taken = set(Course.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
