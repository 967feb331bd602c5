"""The stored schema is the model's, and what we write fits the model."""

from __future__ import annotations

import json

from harness.model import schema
from harness.model.run import RunResult


def test_stored_schema_has_not_drifted() -> None:
    stored = schema.SCHEMA_FILE.read_text(encoding="utf-8")
    assert stored == schema.render(), "run `python -m harness.model.schema` and review the difference"


def test_schema_names_every_field_and_refuses_others() -> None:
    data = json.loads(schema.SCHEMA_FILE.read_text(encoding="utf-8"))
    assert set(data["properties"]) == set(RunResult.model_fields)
    assert set(data["required"]) == set(RunResult.model_fields)
    assert data["additionalProperties"] is False


def test_schema_is_of_the_version_that_the_model_writes() -> None:
    data = json.loads(schema.SCHEMA_FILE.read_text(encoding="utf-8"))
    assert data["$id"].endswith(f":{data['properties']['v']['const']}")
