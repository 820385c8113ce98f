"""The published JSON Schema is that of the models."""

import json
from pathlib import Path

from partners.domain.rules.reading import write_schema

ROOT = Path(__file__).parents[3]


def test_the_published_schema_is_the_one_the_models_have() -> None:
    published = (ROOT / "docs" / "rules.schema.json").read_text(encoding="utf-8")
    assert published == write_schema()


def test_every_key_of_the_schema_stands_in_the_guide() -> None:
    schema = json.loads(write_schema())
    parts = [schema, *schema["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    guide = (ROOT / "docs" / "guides" / "channel-manager.md").read_text(encoding="utf-8")
    assert {key for key in keys if key not in guide} == set()
