"""What is told in both languages, put together from parts. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.finding import Text, Told

COMMA, SEMICOLON = ("、", ", "), ("；", "; ")
"""What stands between parts, in Chinese and in English."""


def both(told: Told) -> Text:
    """In both languages; a name stands for itself."""
    return told if isinstance(told, Text) else Text(zh=told, en=told)


def series(things: Iterable[Told], between: tuple[str, str] = SEMICOLON) -> Text:
    """One after another."""
    texts = [both(told) for told in things]
    return Text(zh=between[0].join(t.zh for t in texts), en=between[1].join(t.en for t in texts))


def led(zh: str, en: str, things: Iterable[Told], between: tuple[str, str] = SEMICOLON) -> Text:
    """One after another, after what they are."""
    said = series(things, between)
    return Text(zh=f"{zh}：{said.zh}", en=f"{en}: {said.en}")


def counted(number: float, thing: str, things: str = "") -> str:
    """`1 file`, `2 files`; `things` where the plural is not made by an s."""
    return f"{number:g} {thing if number == 1 else things or f'{thing}s'}"
