"""Banks, items, tests, tracks and products in the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from courses.forms.editors import NamesForm
from courses.models import ItemBank, Product, Topic, Track
from courses.viewsets.allowances import AccommodationViewSet, WaiverViewSet
from courses.viewsets.angoff import PanelViewSet
from courses.viewsets.assessments import AssessmentViewSet
from courses.viewsets.attempts import AttemptViewSet
from courses.viewsets.contests import ContestViewSet
from courses.viewsets.exchange import ExchangeViewSet
from courses.viewsets.figures import FiguresViewSet
from courses.viewsets.groups import GroupViewSet
from courses.viewsets.items import ItemViewSet
from courses.viewsets.regrade import RegradeViewSet
from courses.viewsets.reviews import ReviewViewSet


class NamedViewSet(ModelViewSet):
    """Rows with a name in every language."""

    list_display = ["__str__", "slug"]
    copy_view_enabled = False
    form_fields = ["slug", "position"]

    def get_form_class(self, for_update: bool = False) -> Any:
        meta = type("Meta", (), {"model": self.model, "fields": self.form_fields})
        return type(f"{self.model.__name__}Form", (NamesForm,), {"Meta": meta})


class TrackViewSet(NamedViewSet):
    model = Track
    icon = "list-ul"
    menu_label = lazy("Tracks")
    name = "lms_tracks"


class ProductViewSet(NamedViewSet):
    model = Product
    icon = "pick"
    menu_label = lazy("Products")
    name = "lms_products"


class TopicViewSet(NamedViewSet):
    model = Topic
    icon = "tag"
    menu_label = lazy("Topics")
    name = "lms_topics"
    list_display = ["__str__", "slug", "bank"]
    list_filter = ["bank"]
    form_fields = ["bank", "slug", "position"]


class ItemBankViewSet(ModelViewSet):
    model = ItemBank
    icon = "folder-open-inverse"
    menu_label = lazy("Item banks")
    name = "lms_banks"
    form_fields = ["title", "slug"]
    list_display = ["title", Column("live_items", label=lazy("Live items"), accessor="live_items")]
    copy_view_enabled = False


class CoursesGroup(ViewSetGroup):
    """Everything of trainings that is not a page."""

    menu_label = lazy("Tests")
    menu_icon = "tasks"
    menu_order = 210
    items = (
        AssessmentViewSet(),
        PanelViewSet(),
        WaiverViewSet(),
        AccommodationViewSet(),
        ItemBankViewSet(),
        TopicViewSet(),
        ItemViewSet(),
        GroupViewSet(),
        ExchangeViewSet(),
        FiguresViewSet(),
        RegradeViewSet(),
        ReviewViewSet(),
        TrackViewSet(),
        ProductViewSet(),
        AttemptViewSet(),
        ContestViewSet(),
    )
