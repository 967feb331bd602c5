"""The JSON Schema of run.json, generated from the model: `python -m harness.model.schema` renews the stored file.

It describes what we write (every field present), so that other programs can rely on it.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema

from harness.model.run import RunResult

SCHEMA_FILE = Path(__file__).with_name("run.schema.json")
SCHEMA_ID = "urn:xunjian:run:1"
"""Ends in the version of run.json, RunResult.v."""


class _AsWritten(GenerateJsonSchema):
    """We write every field, also one that a reader may leave out."""

    def field_is_required(self, field: object, total: bool) -> bool:
        """True for all of them."""
        return True


def render() -> str:
    """The schema as it is stored: sorted keys, two spaces, a final newline."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **RunResult.model_json_schema(mode="serialization", schema_generator=_AsWritten),
    }
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write the schema beside this file."""
    SCHEMA_FILE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
