"""The concrete pages, thin over the mixins. A host with its own base page writes its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from courses.pages import CourseIndexPageMixin, CoursePageMixin, LessonPageMixin
from lms.wording.pages import WordedPageMixin


class OurPage(Page):
    """Wagtail's page, linked under a name no host has: many a host has a ``HomePage`` too."""

    page_ptr = models.OneToOneField(
        Page,
        models.CASCADE,
        parent_link=True,
        primary_key=True,
        related_name="%(app_label)s_%(class)s",
    )

    class Meta:
        abstract = True


class HomePage(WordedPageMixin, OurPage):
    """The front door of the reference site."""

    lead = models.TextField(_("lead"), blank=True)
    body = RichTextField(_("body"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    template = "lms_pages/home_page.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("home page")


class CourseIndexPage(CourseIndexPageMixin, OurPage):
    """The catalogue of trainings."""

    content_panels = [*Page.content_panels, *CourseIndexPageMixin.content_panels_extra]
    subpage_types = ["lms_pages.CoursePage"]

    class Meta:
        verbose_name = _("catalogue of trainings")


class CoursePage(CoursePageMixin, OurPage):
    """A training in one language."""

    content_panels = [*Page.content_panels, *CoursePageMixin.content_panels_extra]
    search_fields = [*Page.search_fields, *CoursePageMixin.search_fields_extra]
    parent_page_types = ["lms_pages.CourseIndexPage"]
    subpage_types = ["lms_pages.LessonPage"]

    class Meta:
        verbose_name = _("training")


class LessonPage(LessonPageMixin, OurPage):
    """A lesson in one language."""

    content_panels = [*Page.content_panels, *LessonPageMixin.content_panels_extra]
    search_fields = [*Page.search_fields, *LessonPageMixin.search_fields_extra]
    parent_page_types = ["lms_pages.CoursePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("lesson")
