"""The people every story is told with, made by public actions.

Ana is an engineer at Baltwerk and Bo its manager. Cy, the outsider, manages Ostrand, another
partner. Dee edits trainings, Eli looks after the channel.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import IO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from badges.actions.recipients import register_recipient
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.factories import partners
from tests.factories.courses import Training, make_training
from tests.factories.partners import RECOVERY, SALES, Company

IS_DIRTY = pytest.StashKey[bool]()


def _kept_database() -> Path:
    """Where the migrated, empty database lies: migrating takes longer than most tests together."""
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return Path(sys.prefix) / f"laurel-test-{digest[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def _turn() -> IO[str]:
    """The second worker waits for the first one's migrations instead of doing them again."""
    lock = (Path(sys.prefix) / "laurel-test.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    _turn: IO[str], django_db_modify_db_settings_xdist_suffix: None
) -> None:
    """Begin with the kept database where there is one."""
    if connection.vendor == "sqlite" and _kept_database().exists():
        shutil.copyfile(_kept_database(), settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(
    _turn: IO[str], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Keep the migrated database for the next run and for the other worker."""
    kept = _kept_database()
    if connection.vendor == "sqlite" and not kept.exists():
        for old in kept.parent.glob("laurel-test-*.sqlite3"):
            old.unlink()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            fresh = kept.with_suffix(".fresh")
            fresh.unlink(missing_ok=True)
            cursor.execute("VACUUM INTO %s", [str(fresh)])
            fresh.rename(kept)
    _turn.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that commits leaves empty tables behind: the next one gets the kept database back."""
    stash = item.config.stash
    marker = item.get_closest_marker("django_db")
    used = set(getattr(item, "fixturenames", ()))
    if connection.vendor == "sqlite" and stash.get(IS_DIRTY, False):
        with stash[blocking_manager_key].unblock():
            connection.ensure_connection()
            with closing(sqlite3.connect(_kept_database())) as kept:
                kept.backup(connection.connection)
        stash[IS_DIRTY] = False
    commits = bool(marker and marker.kwargs.get("transaction"))
    stash[IS_DIRTY] = commits or bool(used & {"transactional_db", "live_server"})


@pytest.fixture
def now() -> datetime:
    """The present: an attempt's clock is the database's own, so its stories happen now."""
    return timezone.now()


@pytest.fixture
def programme(db: None) -> None:
    """Three achievements and rules: silver takes one certified in sales and one engineer."""
    partners.make_achievements()
    partners.make_rules()


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana@baltwerk.example", "a long password", name="Ana Kowalska")


@pytest.fixture
def bo(db: None) -> User:
    return User.objects.create_user("bo@baltwerk.example", "a long password", name="Bo Nowicki")


@pytest.fixture
def cy(db: None) -> User:
    return User.objects.create_user("cy@ostrand.example", "a long password", name="Cy Hartmann")


@pytest.fixture
def dee(db: None) -> User:
    return User.objects.create_user("dee@halden.example", "a long password", name="Dee Okafor")


@pytest.fixture
def eli(db: None) -> User:
    """The channel manager may revoke and sees partners."""
    user = User.objects.create_user("eli@halden.example", "a long password", name="Eli Brandt")
    group = Group.objects.create(name="Channel")
    wanted = ["access_admin", "revoke_credential", "view_credential", "view_partner"]
    group.permissions.set(Permission.objects.filter(codename__in=wanted))
    user.groups.add(group)
    return user


def join(company: int, user: User, role: str, job: str, since: date) -> tuple[int, int]:
    """Link a person who signs in to a company; return recipient and link."""
    recipient = register_recipient(
        email=user.email, name=user.name, user_id=user.pk, now=partners.NOW
    )
    return recipient, partners.make_link(company, recipient, role=role, job=job, since=since)


@pytest.fixture
def baltwerk(programme: None, ana: User, bo: User) -> Company:
    """Ana and Bo's company; Bo is certified in sales, so silver is one engineer away."""
    company = partners.make_partner("baltwerk")
    ana_id, ana_link = join(company, ana, "member", "engineer", date(2025, 2, 1))
    bo_id, bo_link = join(company, bo, "manager", "sales", date(2025, 2, 1))
    partners.award(bo_id, SALES, timezone.now())
    deliver_due()
    return Company(
        id=company,
        ana=ana_id,
        bo=bo_id,
        ana_user=ana.pk,
        bo_user=bo.pk,
        ana_link=ana_link,
        bo_link=bo_link,
    )


@pytest.fixture
def ostrand(programme: None, cy: User) -> int:
    """Cy's company; returns its id."""
    company = partners.make_partner("ostrand")
    join(company, cy, "manager", "sales", date(2025, 2, 1))
    deliver_due()
    return company


@pytest.fixture
def training(programme: None) -> Training:
    """A training whose test certifies a recovery engineer."""
    return make_training("recovery", RECOVERY)


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_ana(ana: User) -> Client:
    return sign_in(ana)


@pytest.fixture
def as_bo(bo: User) -> Client:
    return sign_in(bo)


@pytest.fixture
def as_cy(cy: User) -> Client:
    return sign_in(cy)


@pytest.fixture
def as_dee(dee: User) -> Client:
    return sign_in(dee)


@pytest.fixture
def as_eli(eli: User) -> Client:
    return sign_in(eli)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for all: a second driver in one process refuses to start.

    Missing it fails, it never skips.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed"
    # The sync driver runs an event loop in this thread; the ORM is called beside it on purpose.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()
