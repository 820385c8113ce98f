"""Videos, captions and tools: whole or by byte ranges, to signed-in people only."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


@pytest.fixture
def url(tmp_path: Path, settings: LazySettings) -> str:
    settings.MEDIA_ROOT = tmp_path
    document = get_document_model()(title="film.mp4")
    document.file.save("film.mp4", ContentFile(CONTENT))
    document.file.close()
    return reverse("lms_file", args=[document.pk, "film.mp4"])


def read(client: Client, url: str, asked: str = "") -> tuple[int, bytes, dict[str, str]]:
    response = client.get(url, headers={"Range": asked} if asked else {})
    assert isinstance(response, StreamingHttpResponse)
    body = b"".join(response)
    return response.status_code, body, dict(response.items())


def test_the_whole_file(url: str, as_ana: Client) -> None:
    status, body, headers = read(as_ana, url)
    assert (status, body) == (200, CONTENT)
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Length"] == "1024"
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Disposition"].startswith("inline; filename=")
    assert "private" in headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "expected", "told"),
    [
        ("bytes=0-9", CONTENT[:10], "bytes 0-9/1024"),
        ("bytes=1000-", CONTENT[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", CONTENT[1000:], "bytes 1000-1023/1024"),
        ("bytes=1000-9999", CONTENT[1000:], "bytes 1000-1023/1024"),
        ("bytes=-9999", CONTENT, "bytes 0-1023/1024"),
    ],
)
def test_a_part(url: str, as_ana: Client, asked: str, expected: bytes, told: str) -> None:
    status, body, headers = read(as_ana, url, asked)
    assert (status, body) == (206, expected)
    assert headers["Content-Range"] == told
    assert headers["Content-Length"] == str(len(expected))


@pytest.mark.parametrize(
    "asked", ["bytes=1024-", "bytes=9-3", "bytes=-", "bytes=-0", "lines=1-2", "bytes=a-b"]
)
def test_a_part_that_is_not_there(url: str, as_ana: Client, asked: str) -> None:
    response = as_ana.get(url, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


def test_strangers_get_nothing(url: str, client: Client) -> None:
    assert client.get(url).status_code == 302


def test_a_closed_collection_stays_closed(url: str, as_ana: Client) -> None:
    collection = Collection.get_first_root_node().add_child(name="Closed")
    get_document_model().objects.update(collection=collection)
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password="x"
    )
    assert as_ana.get(url).status_code == 404


def test_a_tool_is_downloaded(url: str, as_ana: Client) -> None:
    document = get_document_model().objects.get()
    document.file.save("sheet.xlsx", ContentFile(b"x"))
    document.file.close()
    _, _, headers = read(as_ana, url)
    assert headers["Content-Disposition"].startswith("attachment; ")


def test_a_file_that_is_not_there(as_ana: Client, db: None) -> None:
    assert as_ana.get(reverse("lms_file", args=[1, "x"]), follow=True).status_code == 404
