from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [Path(__file__).parents[2] / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.template.context_processors.i18n",
            "lms.ui.context.ui",
        ]
    },
}


@pytest.fixture(autouse=True, scope="module")
def _kernel_alone() -> Iterator[None]:
    """The UI kernel knows no domain: its tests load neither the apps' addresses nor their data."""
    with override_settings(ROOT_URLCONF="tests.ui.urls", TEMPLATES=[TEMPLATES]):
        yield
