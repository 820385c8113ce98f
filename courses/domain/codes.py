"""Unguessable names for public addresses."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no look-alikes: people read codes aloud
LENGTH = 20  # 31 letters, 20 places: 99 bits


def new_code() -> str:
    """Return a fresh code of 99 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
