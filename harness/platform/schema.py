"""The JSON Schema of a profile, for editors: `python -m harness.platform.schema` renews the stored file.

It describes what an author may write, short forms included. Names of the contract, roles and templates are checked
when a profile is loaded (checks.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.model.profile import ACTION_NAMES, READING_NAMES, Profile
from harness.platform.base import CONTRACT

SCHEMA_FILE = Path(__file__).with_name("profile.schema.json")
SCHEMA_ID = "urn:xunjian:profile:1"


def render() -> str:
    """The schema as it is stored: sorted keys, two spaces, a final newline."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **Profile.model_json_schema(),
    }
    _name_keys(schema["properties"]["actions"], ACTION_NAMES)
    _name_keys(schema["properties"]["readings"], READING_NAMES)
    schema["patternProperties"] = {"^x-": {"description": "Not read: a place for YAML anchors."}}
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def _name_keys(schema: dict[str, Any], names: frozenset[str]) -> None:
    """An editor completes the contract's names and shows what each is."""
    value = schema.pop("additionalProperties")
    schema["additionalProperties"] = False
    schema["properties"] = {name: {"description": CONTRACT[name].doc, "allOf": [value]} for name in sorted(names)}


def main() -> None:
    """Write the schema beside this file."""
    SCHEMA_FILE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
