"""Building blocks of a profile's models: short forms, texts that may be written as numbers, durations with a unit."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from harness.errors import ReadingFailed
from harness.model.values import Frozen
from harness.platform.readings import parse_duration


def _text(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, str) and value != 0:
        raise ValueError("a duration needs a unit, like '30min' or '5 s'")
    try:
        return parse_duration(value)
    except ReadingFailed as error:
        raise ValueError("a duration with its unit is expected, like '30min', '5 s' or '00:12:30'") from error


Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | int | float)]
"""Text, possibly with {templates}; a number is taken as it is written."""

Duration = Annotated[
    float,
    BeforeValidator(_seconds),
    WithJsonSchema({"type": "string", "examples": ["30min", "5 s", "1h 30min", "00:12:30"]}),
]
"""Seconds, written with a unit."""


class Short(Frozen):
    """A model that may be written as the bare value of its main field, named by `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _long(cls, value: Any) -> Any:
        return value if isinstance(value, dict | cls) else {cls.short: value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        main = schema["properties"][cls.short]
        bare = {key: part for key, part in main.items() if key not in ("title", "default", "description")}
        long = dict(schema)
        schema.clear()
        schema.update({"title": long.get("title", cls.__name__), "anyOf": [bare, long]})
        return schema
