"""What can be earned, and who issues it."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from badges.forms import AchievementForm
from badges.models import Achievement, IssuerProfile


class AchievementViewSet(ModelViewSet):
    model = Achievement
    icon = "tag"
    url_prefix = "badges/achievements"
    menu_label = gettext_lazy("Achievements")
    copy_view_enabled = False
    list_display = ["slug", "achievement_type", "level", "valid_months"]
    search_fields = ["slug", "texts__name"]
    edit_handler = ObjectList(
        [
            FieldPanel("slug"),
            FieldPanel("achievement_type"),
            FieldPanel("level"),
            FieldPanel("design"),
            MultiFieldPanel(
                [
                    FieldPanel("validity_basis"),
                    FieldPanel("valid_months"),
                    FieldPanel("released_on"),
                    FieldPanel("ends_on"),
                    FieldPanel("renew_days"),
                    FieldPanel("extends"),
                ],
                heading=gettext_lazy("Validity and renewal"),
            ),
            InlinePanel(
                "texts",
                min_num=1,
                label=gettext_lazy("Text"),
                heading=gettext_lazy("Texts, one a language"),
                panels=[
                    FieldPanel("language"),
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldPanel("criteria"),
                ],
            ),
        ],
        base_form_class=AchievementForm,
    )


class IssuerViewSet(ModelViewSet):
    model = IssuerProfile
    icon = "site"
    url_prefix = "badges/issuer"
    menu_label = gettext_lazy("Issuer")
    copy_view_enabled = False
    list_display = ["name", "url", "email"]
    form_fields = ["name", "url", "email", "description"]
