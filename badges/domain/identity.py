"""Codes, addresses, names and hashes: the small values that have to be exactly right."""

import hashlib
import re
import unicodedata

from badges.domain.terms import find_control

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
CODE_LENGTH = 17  # 85 bits
_CODE = re.compile(f"[{_ALPHABET}]{{{CODE_LENGTH}}}")
_NOISE = re.compile(r"[\s-]")


class NotPrintable(Exception):
    """A text cannot be printed on a certificate; the message says why."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


def code_from(random: int) -> str:
    """Write the low 85 bits of a number as a code that survives being read out aloud."""
    return "".join(_ALPHABET[random >> 5 * place & 31] for place in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """Return the code a person typed, misread letters corrected; empty if it is none."""
    code = _NOISE.sub("", text).lower().translate(_MISREAD)
    return code if _CODE.fullmatch(code) else ""


def find_code(text: str) -> str:
    """Return the code in what was typed: the code itself or any address of ours around it."""
    in_address = re.search(r"/(?:c|s)/([^/.?#\s]+)", text)
    return read_code(in_address.group(1) if in_address else text)


def normalize_email(email: str) -> str:
    """Return an address as it is compared and hashed: trimmed, in lower case."""
    return email.strip().lower()


def hash_identity(email: str, salt: str) -> str:
    """Return ``sha256$…`` of an address and a salt, as Open Badges 2.0 and 3.0 both want it."""
    digest = hashlib.sha256((normalize_email(email) + salt).encode()).hexdigest()
    return f"sha256${digest}"


def clean_line(text: str) -> str:
    """Return one line in NFC with single spaces; ``NotPrintable`` on a control character."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if found := find_control(line):
        raise NotPrintable(
            "the text holds the control character %(code)s", code=f"U+{ord(found):04X}"
        )
    return line
