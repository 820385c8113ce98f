"""People and things every test of badges starts from."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from badges.actions.credentials import Issued
from lms.accounts.models import User
from lms.events import subscribe as registry
from lms.events.event import Event
from tests.factories.badges import make_credential, make_recipient


@pytest.fixture
def in_folder(settings: Any, tmp_path: Path) -> Path:
    """Keys lie in a folder of their own, as on a real site; returns it."""
    store = {"KEY_STORE": "badges.keystore.FolderStore", "DATA_DIR": tmp_path}
    settings.LMS = {**settings.LMS, **store}
    return tmp_path / "keys"


Hear = Callable[..., list[Event]]


@pytest.fixture
def hear(monkeypatch: pytest.MonkeyPatch) -> Hear:
    """Replaces all receivers by one of another app, which is told of the events it names."""

    def listen_to(*event_types: type[Event]) -> list[Event]:
        told: list[Event] = []
        monkeypatch.setattr(registry, "_receivers", {})

        def listen(event: Event) -> None:
            told.append(event)

        for event_type in event_types:
            registry.subscribe(event_type)(listen)
        return told

    return listen_to


@pytest.fixture
def ana(db: None) -> User:
    """Ana the engineer has an account."""
    return get_user_model().objects.create_user(email="ana@baltwerk.example", password="x")


@pytest.fixture
def cy(db: None) -> User:
    """Cy the outsider has one too."""
    return get_user_model().objects.create_user(email="cy@elsewhere.example", password="x")


@pytest.fixture
def eli(db: None) -> User:
    """Eli the channel manager may do everything."""
    return get_user_model().objects.create_superuser(email="eli@halden.example", password="x")


@pytest.fixture
def issued(ana: User) -> Issued:
    """Ana's credential, nothing published."""
    return make_credential(recipient_id=make_recipient(user_id=ana.pk))


@pytest.fixture
def as_ana(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


@pytest.fixture
def as_cy(cy: User) -> Client:
    client = Client()
    client.force_login(cy)
    return client


@pytest.fixture
def as_eli(eli: User) -> Client:
    client = Client()
    client.force_login(eli)
    return client


@pytest.fixture(scope="session")
def verifiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of ``interop`` with its packages installed; the checkout stays clean."""
    copy = tmp_path_factory.mktemp("interop") / "work"
    shutil.copytree(Path(__file__).parent / "interop", copy)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True, timeout=300)
    return copy
