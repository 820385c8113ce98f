"""Reading the environment: one place that knows how a variable becomes a setting."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value and not value.isdigit():
        raise SystemExit(f"{name}={value!r} is not a whole number.")
    return int(value or default)


def listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def private_folder(path: Path) -> Path:
    """Create a folder only its owner can enter, and return it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def kept_secret(path: Path) -> str:
    """Return the secret in ``path``; the first start writes it, readable by the owner only."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA mmap_size=134217728; "
    "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
)


def database(url: str, *, sqlite_sync: str) -> dict[str, Any]:
    """Turn ``sqlite:///path`` or ``postgresql://user:password@host:port/name`` into a setting."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        options: dict[str, Any] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_START.format(sync=sqlite_sync),
        }
        engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path.removeprefix("/")}
        return {**engine, "OPTIONS": options, "CONN_MAX_AGE": None}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit(f"LMS_DATABASE_URL must start with sqlite: or postgresql:, not {url!r}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        # A kept connection is tried before it is used: a restarted database fails nobody's page.
        "CONN_HEALTH_CHECKS": True,
    }
