"""What a lesson is made of."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from courses.domain.items import read_number

PROSE = ["h2", "h3", "bold", "italic", "code", "ol", "ul", "link", "hr"]
INLINE = ["bold", "italic", "code", "ol", "ul", "link"]


class CodeBlock(blocks.StructBlock):
    """Commands or output, shown as typed."""

    language = blocks.CharBlock(required=False, label=_("Language"), max_length=20)
    source = blocks.TextBlock(label=_("Code"))

    class Meta:
        icon = "code"
        label = _("Code")
        template = "courses/blocks/code.html"


class NoteBlock(blocks.StructBlock):
    """Something that bites in practice."""

    text = blocks.RichTextBlock(label=_("Text"), features=INLINE)

    class Meta:
        icon = "warning"
        label = _("Note")
        template = "courses/blocks/note.html"


class VideoBlock(blocks.StructBlock):
    """A video file of one's own, with captions and a transcript."""

    title = blocks.CharBlock(label=_("Title"), max_length=150)
    file = DocumentChooserBlock(label=_("Video file"), help_text=_("MP4 (H.264) or WebM"))
    captions = DocumentChooserBlock(label=_("Captions"), required=False, help_text=_("WebVTT"))
    transcript = blocks.RichTextBlock(label=_("Transcript"), features=INLINE, required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "courses/blocks/video.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["file"].file_extension.lower() not in {"mp4", "webm"}:
            errors = {"file": ValidationError(_("Choose an MP4 or WebM file."))}
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


class ToolBlock(blocks.StructBlock):
    """A file people keep for their own work; it stays at hand after the test."""

    title = blocks.CharBlock(label=_("Title"), max_length=150)
    file = DocumentChooserBlock(label=_("File"))
    description = blocks.RichTextBlock(label=_("What it is for"), features=INLINE, required=False)

    class Meta:
        icon = "download"
        label = _("Tool")
        template = "courses/blocks/tool.html"


class ExerciseBlock(blocks.StructBlock):
    """A task with a result the person enters and the server checks."""

    code = blocks.RegexBlock(
        r"^[a-z0-9-]{1,50}$",
        label=_("Code"),
        help_text=_("Small letters, digits and hyphens; the same in every language."),
    )
    prompt = blocks.RichTextBlock(label=pgettext_lazy("exercise", "Task"), features=[*INLINE, "h3"])
    kind = blocks.ChoiceBlock(
        [("numeric", _("a number")), ("text", _("short text"))],
        default="numeric",
        label=_("Result"),
    )
    key = blocks.TextBlock(
        label=_("Right result"), help_text=_("A number, or accepted texts, one on a line."), rows=2
    )
    tolerance = blocks.CharBlock(label=_("Tolerance"), default="0", required=False)
    unit = blocks.CharBlock(label=_("Unit"), required=False, max_length=20)
    hint = blocks.RichTextBlock(label=_("Hint"), features=INLINE, required=False)
    solution = blocks.RichTextBlock(
        label=_("Solution"), features=INLINE, required=False, help_text=_("Shown once solved.")
    )

    class Meta:
        icon = "form"
        label = _("Exercise")
        template = "courses/blocks/exercise.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        number = read_number(cleaned["key"].strip())
        if cleaned["kind"] == "numeric" and number is None:
            errors = {"key": ValidationError(_("Write a number, such as 16 or 0.5."))}
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


class LessonBody(blocks.StreamBlock):
    """The body of a lesson page."""

    text = blocks.RichTextBlock(label=_("Text"), features=PROSE, icon="pilcrow")
    code = CodeBlock()
    table = TableBlock(label=_("Table"), template="courses/blocks/table.html")
    note = NoteBlock()
    video = VideoBlock()
    tool = ToolBlock()
    exercise = ExerciseBlock()
