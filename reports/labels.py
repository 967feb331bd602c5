"""The one catalogue of words that reports print, in both languages (labels.json)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal

from harness.errors import HarnessError
from harness.model.finding import Text

Lang = Literal["zh", "en"]
CATALOGUE = Path(__file__).with_name("labels.json")


@cache
def catalogue() -> dict[str, Text]:
    """Every label by its key."""
    data: dict[str, dict[str, str]] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {key: Text.model_validate(value) for key, value in data.items()}


def label(key: str) -> Text:
    """One label; raises HarnessError for a key that the catalogue lacks, so that no report goes out with a hole."""
    try:
        return catalogue()[key]
    except KeyError:
        raise HarnessError("no such label", where=CATALOGUE.name, got=key) from None


def named(kind: str, value: str) -> Text:
    """The label `kind.value`, or the value itself where a profile says something that we have no word for."""
    return catalogue().get(f"{kind}.{value}") or Text(zh=value, en=value)


def pick(text: Text, lang: Lang) -> str:
    """One of the two languages."""
    return text.zh if lang == "zh" else text.en
