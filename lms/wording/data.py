"""The policy's data files: their shape, and how a host's own data joins them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints

LANGUAGES = ("ru", "en", "pl")
Scope = Literal["everywhere", "certificate", "copy"]
# Words, between any two of which one "~" may stand.
Pattern = Annotated[str, StringConstraints(pattern=r"^[^\s~]+( (~ )?[^\s~]+)*$")]
Extra = Mapping[str, Mapping[str, object]]

_HERE = Path(__file__).parent


class _Strict(BaseModel):
    """A misspelt key is a mistake to hear of, not to skip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AllowedData(_Strict):
    """Phrases that pass."""

    phrases: list[Pattern]
    scope: Scope = "everywhere"


class RuleData(AllowedData):
    """Phrases that do not pass, and what to write instead."""

    id: str
    write: list[str]


class LanguageData(_Strict):
    """One language's part of the policy; ``policy_ru.yaml`` explains every key."""

    refused: list[RuleData] = []
    allowed: list[AllowedData] = []
    warned: list[RuleData] = []
    names: list[str] = []
    titles: str = ""
    linking: str = ""
    joining: str = ""
    forms: dict[str, str] = {}

    def joined(self, more: "LanguageData") -> "LanguageData":
        """Return both together; the rules of ``more`` come first, so they win a tie."""
        return LanguageData(
            refused=more.refused + self.refused,
            allowed=more.allowed + self.allowed,
            warned=more.warned + self.warned,
            names=more.names + self.names,
            titles=f"{self.titles} {more.titles}",
            linking=f"{self.linking} {more.linking}",
            joining=f"{self.joining} {more.joining}",
            forms={**self.forms, **more.forms},
        )


def read_data(extra: Extra) -> dict[str, LanguageData]:
    """Read the shipped files and add a host's data, language by language."""
    if unknown := sorted(set(extra) - set(LANGUAGES)):
        raise ValueError(f"The wording policy has no language {', '.join(unknown)}.")
    return {language: _read(language, extra.get(language, {})) for language in LANGUAGES}


def _read(language: str, extra: Mapping[str, object]) -> LanguageData:
    text = (_HERE / f"policy_{language}.yaml").read_text(encoding="utf-8")
    shipped = LanguageData.model_validate(yaml.safe_load(text))
    return shipped.joined(LanguageData.model_validate(extra))
