"""What belongs into a backup besides the database, and where it lies on this site."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from badges.queries.restoring import key_folder
from lms.backup.archive import SINGLE
from lms.backup.refusing import Refused
from lms.conf import get_conf

ABANDONED = 86_400  # seconds after which a working folder belongs to nobody


@dataclass(frozen=True)
class Places:
    """``keys`` and ``media`` are ``None`` where they are kept by something other than a folder."""

    data: Path
    keys: Path | None
    media: Path | None

    @property
    def single(self) -> dict[str, Path]:
        """Files of the data folder by their names in an archive."""
        return {f"data/{name}": self.data / name for name in SINGLE}

    @property
    def folders(self) -> dict[str, Path]:
        """Folders by their names in an archive."""
        found = {"data/keys": self.keys, "media": self.media}
        return {name: path for name, path in found.items() if path is not None}


def find_places() -> Places:
    """Look where this site keeps things; ``Refused`` if uploads are not apart from the rest."""
    data, media = get_conf().data_dir.resolve(), None
    if str(settings.MEDIA_ROOT) not in ("", ".") and isinstance(default_storage, FileSystemStorage):
        media = Path(default_storage.location).resolve()
        if data.is_relative_to(media):
            raise Refused(
                f"MEDIA_ROOT {media} holds the data folder: give uploads one of their own."
            )
    return Places(data, key_folder(), media)


def list_absent(places: Places) -> list[str]:
    """Say in sentences what a copy of this site is without."""
    conf, absent = get_conf(), []
    if places.keys is None:
        absent.append(f"The private keys are not in the copy: {conf.key_store} keeps them.")
    elif conf.key_passphrase:
        absent.append("LMS_KEY_PASSPHRASE opens the keys and is not in the copy: keep it apart.")
    if places.media is None:
        absent.append("Uploads are not in the copy: they are in another storage.")
    if conf.ledger.resolve().is_relative_to(places.data):
        absent.append(
            f"The ledger {conf.ledger} is not in the copy, so that a restore cannot take it back: "
            "set LMS_LEDGER to a file on another disk."
        )
    if len(settings.DATABASES) > 1:
        absent.append("Only the database called default is in the copy.")
    return absent


@contextmanager
def working_folder(places: Places) -> Iterator[Path]:
    """Lend a private folder on the data's disk; those a killed command left are swept away."""
    places.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in places.data.glob(".backup-*"):
        if time.time() - old.stat().st_mtime > ABANDONED:
            shutil.rmtree(old, ignore_errors=True)
    with TemporaryDirectory(dir=places.data, prefix=".backup-", ignore_cleanup_errors=True) as name:
        yield Path(name)
