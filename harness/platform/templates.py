"""Templates in a profile's texts: `{account.username}`, `{lesson.id|url}`, `{since|date:%Y-%m-%d}`.

A name in braces is a placeholder; other braces (regular expressions, CSS) stay as they are, and `{{name}}` gives
`{name}`. Filters: `url` (percent-encoded), `number` (2.0 as 2), `times:100`, `date:FORMAT` (Beijing time),
`utc:FORMAT`, `lower`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable
from urllib.parse import quote
from zoneinfo import ZoneInfo

from harness.platform.readings import SHANGHAI

FILTERS = ("url", "number", "times", "date", "utc", "lower")
PAGE_ROOTS = ("local", "cookie")
"""Roots that only a page can answer: its local storage and its cookies."""
_PLACEHOLDER = re.compile(r"\{\{([a-z_][^{}]*)\}\}|\{([a-z_]\w*(?:\.[\w-]+)*)((?:\|[a-z]+(?::[^{}|]*)?)*)\}", re.I)


@runtime_checkable
class Named(Protocol):
    """Something whose parts a template may name."""

    def part(self, name: str) -> object:
        """The part of that name; None when there is none."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder: its path and filters."""

    path: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """As written, without filters."""
        return ".".join(self.path)


class Missing(LookupError):
    """A placeholder has no value here."""


def placeholders(text: str) -> Iterator[Placeholder]:
    """All placeholders of a text."""
    for found in _PLACEHOLDER.finditer(text):
        if found.group(2) is not None:
            yield _placeholder(found)


def render(text: str, scope: Mapping[str, Any]) -> str:
    """The text with its placeholders filled. Raises Missing, which names the first that has no value."""

    def fill(found: re.Match[str]) -> str:
        if found.group(2) is None:
            return "{" + found.group(1) + "}"
        wanted = _placeholder(found)
        value = look_up(wanted, scope)
        for name, argument in wanted.filters:
            value = _filtered(value, name, argument)
        return _shown(value)

    return _PLACEHOLDER.sub(fill, text)


def raw(text: str, scope: Mapping[str, Any]) -> Any:
    """The value itself when the text is one placeholder without filters, else the rendered text."""
    found = _PLACEHOLDER.fullmatch(text.strip())
    if found is not None and found.group(2) is not None and not found.group(3):
        return look_up(_placeholder(found), scope)
    return render(text, scope)


def look_up(wanted: Placeholder, scope: Mapping[str, Any]) -> Any:
    """The value of a placeholder. Raises Missing."""
    value: Any = scope
    for part in wanted.path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list | tuple) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, Named):
            value = value.part(part)
        else:
            value = None
        if value is None:
            raise Missing(wanted.name)
    return value


def _placeholder(found: re.Match[str]) -> Placeholder:
    steps = [step.partition(":") for step in found.group(3).split("|") if step]
    return Placeholder(tuple(found.group(2).split(".")), tuple((name, argument) for name, _, argument in steps))


def _filtered(value: Any, name: str, argument: str) -> Any:
    if name == "url":
        return quote(_shown(value), safe="")
    if name == "number":
        return f"{float(value):g}"
    if name == "times":
        return float(value) * float(argument)
    if name == "lower":
        return _shown(value).lower()
    if name in ("date", "utc") and isinstance(value, datetime):
        zone = ZoneInfo(SHANGHAI) if name == "date" else UTC
        return value.astimezone(zone).strftime(argument or "%Y-%m-%dT%H:%M:%S")
    raise ValueError(f"filter {name} cannot be used on {type(value).__name__}")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return str(value)
