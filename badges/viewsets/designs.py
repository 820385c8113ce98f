"""Designs of certificates, seen while they are being edited."""

from base64 import b64encode
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import (
    PreviewOnCreateView,
    PreviewOnEditView,
    SnippetViewSet,
)

from badges.domain.artwork import NotArtwork
from badges.domain.certificate import draw_certificate
from badges.domain.design import MOST_SIGNATORIES
from badges.domain.identity import NotPrintable
from badges.forms.designs import DesignForm
from badges.models import CertificateDesign
from badges.queries.designs import compose_specimen, get_longest_name
from lms.ui.previews import FormPreviewMixin
from lms.wording.retold import retell


class PreviewMixin(FormPreviewMixin):
    """Shows the form's values on a certificate instead of a page of the site."""

    def draw(self, request: HttpRequest, form: Any, mode: str) -> HttpResponse:
        design = form.save(commit=False)
        context = {"design": design, "language": mode}
        try:
            certificate = compose_specimen(design, mode, name=_choose_name(request, mode))
            context["picture"] = b64encode(draw_certificate(certificate).encode()).decode()
        except (NotArtwork, NotPrintable) as error:
            context["fault"] = retell(error)
        return TemplateResponse(request, "badges/admin/design_preview.html", context)


def _choose_name(request: HttpRequest, language: str) -> str:
    """A real name: the longest on record for whoever may see it, else the viewer's own."""
    viewer: Any = request.user
    may = viewer.has_perm("lms_badges.view_credential")
    longest = get_longest_name(language) if may else ""
    return longest or viewer.get_full_name() or _("Name of the holder")


class PreviewOnCreate(PreviewMixin, PreviewOnCreateView):
    pass


class PreviewOnEdit(PreviewMixin, PreviewOnEditView):
    pass


def _colour(name: str) -> FieldPanel:
    return FieldPanel(name, widget=forms.TextInput(attrs={"type": "color"}))


class DesignViewSet(SnippetViewSet):
    model = CertificateDesign
    icon = "view"
    url_prefix = "badges/designs"
    admin_url_namespace = "lms_badges_designs"
    base_url_path = "badges/designs"
    menu_label = gettext_lazy("Designs")
    menu_item_is_registered = True
    preview_on_add_view_class = PreviewOnCreate
    preview_on_edit_view_class = PreviewOnEdit
    list_display = ["name", "frame", "seal"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    _colour("accent"),
                    _colour("paper"),
                    FieldPanel("frame"),
                    FieldPanel("background"),
                ],
                heading=gettext_lazy("Paper and colours"),
            ),
            FieldPanel("logo"),
            MultiFieldPanel(
                [FieldPanel("seal"), FieldPanel("own_seal")], heading=gettext_lazy("Seal")
            ),
            InlinePanel(
                "signatories",
                max_num=2 * MOST_SIGNATORIES,
                label=gettext_lazy("Signatory"),
                heading=gettext_lazy("Signatories, up to three on a certificate"),
                panels=[
                    FieldPanel("name"),
                    FieldPanel("role"),
                    FieldPanel("signature"),
                    FieldPanel("language"),
                ],
            ),
            InlinePanel(
                "texts",
                label=gettext_lazy("Text"),
                heading=gettext_lazy("Texts, one a language"),
                panels=[FieldPanel("language"), FieldPanel("confirms"), FieldPanel("note")],
            ),
        ],
        base_form_class=DesignForm,
    )
