"""The page's own fresh reports, changed on their way to say that the lesson is being played.

A page that keeps its own lock goes on reporting that it stands still. What it cannot forge from outside (a ticket for
one use, a number that must follow) comes from the page itself; only what is said of the player is replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from harness.attacks.traffic import like
from harness.browser.exchange import Exchange, leaves, rewrite
from harness.browser.reports import WORD, ReportPattern, template, to_number
from harness.browser.session import Screen
from harness.model.observation import Stimulus
from harness.redact import redact_url

USUAL = 0.6
"""In so many of the reports of an honest stretch a value is the same, to be what a lesson that plays says."""


@asynccontextmanager
async def as_if_playing(screen: Screen, patterns: Sequence[ReportPattern]) -> AsyncIterator[list[Stimulus]]:
    """Inside the block the page's reports leave as if the lesson were being played at 1x from where it stands.

    `patterns` are those of an honest stretch. What was done stands in the list after the block, one for each pattern.
    """
    done: list[Stimulus] = []
    liars = [_Liar(pattern) for pattern in patterns if pattern.method != "WS"]

    def change(sent: Exchange) -> tuple[str, str | None] | None:
        return next((liar.change(sent) for liar in liars if liar.concerns(sent)), None)

    async with screen.changing(change):
        yield done
    done += [
        Stimulus(
            name="changed_on_the_way",
            means="tool",
            params={"method": liar.pattern.method, "url": redact_url(liar.pattern.url)},
            effect={"sent": liar.sent, "changed": liar.changed, "values": ",".join(sorted(liar.paths))},
        )
        for liar in liars
    ]


class _Liar:
    """Changes the reports of one kind, and counts them."""

    def __init__(self, pattern: ReportPattern) -> None:
        self.pattern = pattern
        self.sent = self.changed = 0
        self.paths: set[str] = set()
        self._usual = usual(pattern)
        self._first: Exchange | None = None

    def concerns(self, sent: Exchange) -> bool:
        return sent.method == self.pattern.method and template(sent.url) == self.pattern.url

    def change(self, sent: Exchange) -> tuple[str, str | None]:
        self._first = self._first or sent
        url, body = played(self.pattern, self._usual, self._first, sent)
        self.sent += 1
        if (url, body) != (sent.url, sent.body):
            self.changed += 1
            was = leaves(sent)
            now = leaves(replace(sent, url=url, body=body))
            self.paths |= {path for path, value in now.items() if was.get(path) != value}
        return url, body


def usual(pattern: ReportPattern) -> dict[str, Any]:
    """The flags and words that most reports of a lesson that plays carry: `play=1`, `"state": "playing"`. Pure.

    A page may report while it stands still, too (a check is open, say): where the position moves, those reports count
    that it moved before.
    """
    moving = {f.path for f in pattern.moving}
    seen: dict[str, list[Any]] = {}
    examples = _moved(pattern) or list(pattern.examples)
    for example in examples:
        for path, value in leaves(example).items():
            if path not in moving and _says(value):
                seen.setdefault(path, []).append(value)
    found = {path: Counter(values).most_common(1)[0] for path, values in seen.items()}
    return {path: value for path, (value, times) in found.items() if times >= USUAL * len(examples)}


def _moved(pattern: ReportPattern) -> list[Exchange]:
    """The reports whose position is farther on than that of the report before."""
    positions = [f.path for f in pattern.moving if f.kind == "position"]
    places = [[to_number(leaves(example).get(path)) for path in positions] for example in pattern.examples]
    return [
        example
        for example, was, now in zip(pattern.examples[1:], places, places[1:], strict=False)
        if any(a is not None and b is not None and b > a for a, b in zip(was, now, strict=True))
    ]


def played(pattern: ReportPattern, said: dict[str, Any], first: Exchange, sent: Exchange) -> tuple[str, str | None]:
    """A report's address and body with `said` in it, its position as far on as time has gone since `first`. Pure.

    Study time since the report before becomes the reports' own rhythm.
    """
    fields = {f.path: f for f in pattern.moving}
    began = leaves(first)

    def leaf(path: str, value: Any) -> Any:
        field = fields.get(path)
        if field is None:
            return said[path] if path in said and _says(value) else value
        start = to_number(began.get(path))
        if field.kind == "position" and start is not None:
            return like(value, start + (sent.t - first.t) * field.unit)
        if field.kind == "delta" and pattern.period_s is not None:
            return like(value, pattern.period_s * field.unit)
        return value

    return rewrite(sent, leaf)


def _says(value: Any) -> bool:
    """Is it a flag or a word, and neither a number that identifies something nor a token?"""
    if isinstance(value, bool):
        return True
    return to_number(value) in (0.0, 1.0) or (isinstance(value, str) and WORD.match(value) is not None)
