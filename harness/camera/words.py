"""What an active face check asks for, in the words that pages use."""

from __future__ import annotations

import re
from collections.abc import Mapping

BOTH = ("turn_left", "turn_right")
WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"左右.{0,2}(转|摇|看)|(转|摇)(头|脸)?左右|摇.{0,2}头|shake", BOTH),
    (r"眨.{0,3}眼|闭.{0,2}眼|blink", ("blink",)),
    (r"左(侧|边|方)?(转|看|摇)|(转|摇)(头|脸)?(向|往|至)?左|turn[\w\s]*left|look[\w\s]*left", ("turn_left",)),
    (r"右(侧|边|方)?(转|看|摇)|(转|摇)(头|脸)?(向|往|至)?右|turn[\w\s]*right|look[\w\s]*right", ("turn_right",)),
    (r"点.{0,2}头|nod", ("nod",)),
    (r"抬.{0,2}头|仰.{0,2}头|look[\w\s]*up", ("look_up",)),
    (r"张.{0,2}[嘴口]|open[\w\s]*mouth", ("open_mouth",)),
    (r"微?笑|smile", ("smile",)),
)
"""Patterns and what they ask for (acts.ACTS), the more particular ones first."""


def acts_asked(text: str, own: Mapping[str, str] | None = None) -> list[str]:
    """The acts that a text asks for, in the order of the words; `own` are a profile's words, tried before ours."""
    patterns = [*((re.escape(word), (act,)) for word, act in (own or {}).items()), *WORDS]
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for pattern, acts in patterns:
        for match in re.finditer(pattern, text, re.I):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), acts))
    return [act for _, _, acts in sorted(found) for act in acts]
