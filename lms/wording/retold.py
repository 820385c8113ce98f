"""What plain code refused in English, told in the reader's language."""

from django.utils.translation import gettext as _


def retell(error: Exception) -> str:
    """Return an exception's message in the language in force, in English where none is known.

    A message with values in it keeps them apart: ``text`` with named places, and ``values``. What
    somebody typed stays as it is; a value that is an exception is told in its turn. The names of
    such exceptions stand in ``scripts/messages.py``, so that catalogues hold them.
    """
    text, values = getattr(error, "text", str(error)), getattr(error, "values", {})
    told = _(text) if text else ""
    said = {
        name: retell(value) if isinstance(value, Exception) else value
        for name, value in values.items()
    }
    return told % said if said else told
