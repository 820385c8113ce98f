"""Which corrections were chosen, and why; what is decided on a credential."""

from collections.abc import Iterator

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as lazy

from courses.domain.regrade import CREDIT, DROP, KEY, Correction


def read_corrections(chosen: QueryDict) -> tuple[Correction, ...]:
    """Return what an address says: ``v12=drop``, ``v12=credit`` or ``v12=key.15`` for version 12.

    What cannot be read is left out; whether the versions exist is asked where they are used.
    """
    return tuple(_read(chosen))


def _read(chosen: QueryDict) -> Iterator[Correction]:
    for name, value in chosen.items():
        version, (what, _dot, by) = name.removeprefix("v"), str(value).partition(".")
        if not name.startswith("v") or not _is_id(version):
            continue
        if what == DROP and not by:
            yield Correction(version=int(version), kind=DROP)
        elif what == CREDIT and not by:
            yield Correction(version=int(version), kind=CREDIT)
        elif what == KEY and _is_id(by):
            yield Correction(version=int(version), kind=KEY, by=int(by))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def write_corrections(corrections: tuple[Correction, ...]) -> dict[str, str]:
    """Return the parameters ``read_corrections`` reads."""
    return {
        f"v{one.version}": f"{one.kind}.{one.by}" if one.by is not None else one.kind
        for one in corrections
    }


class RunForm(forms.Form):
    """Why attempts are scored again; the key lets two clicks be one."""

    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=lazy("Reason"),
        help_text=lazy(
            "Everybody whose result changes reads it. Name no person and give no answer away."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """Keep or revoke, and why."""

    reason = forms.CharField(
        label=lazy("Reason"),
        help_text=lazy("The holder reads it."),
        max_length=500,
        widget=forms.TextInput,
    )
    keep = forms.ChoiceField(choices=[("keep", "keep"), ("revoke", "revoke")])
