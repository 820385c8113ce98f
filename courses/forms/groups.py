"""A case as an editor types it: what its questions share, in every language, and which they are."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from courses.actions.groups import GroupDraft, find_members, list_members, write_group
from courses.domain.cases import CaseBody, NotACase
from courses.domain.editing import read_lines
from courses.forms.editors import choose_picture, default_language
from courses.models import Item, ItemGroup
from courses.models.localised import content_languages
from lms.pictures import NotAPicture
from lms.wording.checks import refuse
from lms.wording.retold import retell

# What is said of a case, and by no version of it.
KEPT = ("state", "product_version", "owner", "review_on")


class GroupForm(WagtailAdminModelForm):
    """A case with the text its questions share, in every language."""

    member_lines = forms.CharField(
        label=gettext_lazy("Its questions"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Codes of items of this bank, one on a line, in the order in which they are asked. They"
            " are drawn together or not at all, and only while all of them are live."
        ),
    )
    image: Any = forms.ModelChoiceField(
        None,  # the site's images, once its models are ready
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("Shown under the text."),
    )
    without_picture = forms.BooleanField(
        label=gettext_lazy("Take the picture away"), required=False
    )

    instance: ItemGroup

    class Meta:
        model = ItemGroup
        fields = ("bank", "topic", "code", *KEPT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.current if self.instance.pk else None
        self.before = current.parsed if current else None
        self.fields["image"].queryset = get_image_model().objects.all()
        self.fields["image"].widget = AdminImageChooser()
        for code, label in content_languages():
            self._add_language(code, label)
        if current:
            codes = [item.code for item in list_members(self.instance)]
            self.fields["member_lines"].initial = "\n".join(codes)
            self.fields["code"].disabled = self.fields["bank"].disabled = True
        if not (self.before and self.before.picture):
            del self.fields["without_picture"]

    def _add_language(self, code: str, label: Any) -> None:
        before = self.before
        self.fields[f"stem_{code}"] = forms.CharField(
            label=_("What the questions share (%s)") % label,
            required=code == default_language(),
            widget=forms.Textarea(attrs={"rows": 8}),
            initial=before.stem.get(code, "") if before else "",
        )
        self.fields[f"seen_{code}"] = forms.CharField(
            label=_("What the picture shows (%s)") % label,
            required=False,
            max_length=300,
            initial=before.picture_text.get(code, "") if before else "",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        topic, bank = cleaned.get("topic"), cleaned.get("bank")
        if topic and bank and topic.bank_id != bank.pk:
            self.add_error("topic", _("Choose a topic of the same bank."))
        for code, _label in content_languages():
            names = [f"{name}_{code}" for name in ("stem", "seen")]
            refuse({str(self.fields[name].label): cleaned.get(name) or "" for name in names}, code)
        if not self.errors:
            self._build(cleaned)
        return cleaned

    def _build(self, cleaned: dict[str, Any]) -> None:
        codes = read_lines(cleaned["member_lines"])
        try:
            self.members = find_members(cleaned["bank"], codes, of=cleaned["code"])
        except NotACase as fault:
            self.add_error("member_lines", capfirst(retell(fault)))
            return
        fresh = [one for one in self.members if one.group_id != (self.instance.pk or 0)]
        if strange := [one.code for one in fresh if one.topic_id != cleaned["topic"].pk]:
            text = _("The topic of %(codes)s is another one: a case has one topic.")
            self.add_error("member_lines", text % {"codes": ", ".join(strange)})
        try:
            picture = choose_picture(cleaned, self.before)
        except NotAPicture as fault:
            self.add_error("image", capfirst(retell(fault)))
            return
        self.body = CaseBody(
            stem=self._said("stem"),
            picture=picture,
            picture_text=self._said("seen") if picture else {},
        )

    def _said(self, name: str) -> dict[str, str]:
        typed = {code: self.cleaned_data[f"{name}_{code}"] for code, _label in content_languages()}
        return {code: text for code, text in typed.items() if text}

    def save(self, commit: bool = True) -> Any:
        draft = GroupDraft(
            code=self.cleaned_data["code"],
            topic=self.cleaned_data["topic"].slug,
            body=self.body,
            members=tuple(item.code for item in self.members),
        )
        saved = write_group(
            bank=self.cleaned_data["bank"],
            draft=draft,
            actor=getattr(self.for_user, "pk", None),
            now=timezone.now(),
        )
        kept = {name: self.cleaned_data[name] for name in KEPT}
        ItemGroup.objects.filter(pk=saved.group_id).update(**kept)
        self.instance = ItemGroup.objects.get(pk=saved.group_id)
        return self.instance

    @property
    def sleeping(self) -> list[str]:
        """Codes of its questions that are not live: while there is one, the case is not drawn."""
        return [one.code for one in self.members if one.state != Item.State.LIVE]
