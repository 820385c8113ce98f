"""What pages are made of besides their data, so that an upgrade makes other pages of them."""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import engines

_KINDS = (".py", ".html", ".mo")
_SKIPPED = ("static", "migrations", "node_modules", "__pycache__")


@lru_cache(maxsize=1)
def get_build() -> str:
    """Return a name that changes with code, templates, texts and the addresses of styles.

    It is found out once a process: whoever upgrades starts new ones.
    """
    styles = getattr(staticfiles_storage, "manifest_hash", "")
    site = getattr(settings, "WAGTAIL_SITE_NAME", "")
    seen = [repr((styles, site)), *sorted(_files())]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def _files() -> Iterator[str]:
    templates = (engine.template_dirs for engine in engines.all())
    apart = chain(chain.from_iterable(templates), settings.LOCALE_PATHS)
    for root in {*(config.path for config in apps.get_app_configs()), *map(str, apart)}:
        for folder, inner, names in os.walk(root):
            inner[:] = [name for name in inner if name not in _SKIPPED]
            for name in names:
                if name.endswith(_KINDS):
                    found = Path(folder, name).stat()
                    yield f"{folder}/{name} {found.st_mtime_ns} {found.st_size}"
