"""Videos, captions and tools: to signed-in people, by byte ranges so that players can seek."""

import mimetypes
import re
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from wagtail.documents import get_document_model

from courses.models import ItemPicture

CHUNK = 256 * 1024
INLINE = {"video/mp4", "video/webm", "text/vtt"}
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


@login_required
def lesson_file(request: HttpRequest, document_id: int, filename: str) -> HttpResponseBase:
    """Serve a document of a lesson whole or in part; ``filename`` is for people's eyes."""
    document = get_object_or_404(get_document_model(), pk=document_id)
    for restriction in document.collection.get_view_restrictions():
        if not restriction.accept_request(request):
            raise Http404
    kind = mimetypes.guess_type(document.filename)[0] or "application/octet-stream"
    size, asked = document.file.size, request.headers.get("Range", "")
    span = _read_range(asked, size) if asked else (0, size - 1)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(
        _read(document.file, *span), status=206 if asked else 200, content_type=kind
    )
    if asked:
        response["Content-Range"] = f"bytes {span[0]}-{span[1]}/{size}"
    response["Content-Length"] = str(span[1] - span[0] + 1)
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = http_date(document.created_at.timestamp())
    placing = "inline" if kind in INLINE else "attachment"
    response["Content-Disposition"] = f'{placing}; filename="{document.filename}"'
    patch_cache_control(response, private=True, max_age=3600)
    return response


@login_required
def item_picture(request: HttpRequest, name: str) -> HttpResponse:
    """Serve a picture of an item; nobody guesses its name, and its content never changes."""
    picture = get_object_or_404(ItemPicture, pk=name)
    response = HttpResponse(bytes(picture.body), content_type=picture.media)
    patch_cache_control(response, private=True, max_age=31_536_000, immutable=True)
    return response


def _read_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte, both included; ``None`` if the range cannot be served."""
    match = RANGE.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    return (start, end) if start <= end else None


def _read(file: FieldFile, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes; the file is opened by the first one asked for, so that it is closed too."""
    with file.open("rb") as opened:
        opened.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := opened.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
