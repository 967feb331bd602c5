"""What both judges ask of a walk, and what they hand to a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge import Case, review
from harness.model.finding import Finding
from harness.model.observation import ActionDone, Observation
from harness.view import WalkView
from probes.attacked import MOST_PICTURES

NEARLY_ALL = 0.9
"""A completed lesson of which less than this share was ever played was completed by skipping."""


def refs_of_attacks(walk: WalkView) -> tuple[int, ...]:
    """The lines of every attack and of what came after the first: some of it may be credited only then."""
    return tuple(ref for s in walk.segments.values() if s.kind == "attack" or s.since for ref in s.refs)


def acted(line: Observation, *names: str, ok: bool = False) -> bool:
    """Is a line an action, one of these where names are given, and with `ok` one that was possible?"""
    fact = line.data
    return isinstance(fact, ActionDone) and (not names or fact.name in names) and (fact.ok or not ok)


def for_a_person(case: Case, lines: Sequence[Observation], zh: str, en: str) -> Finding:
    """What could not be operated may be blocked, or not be found by the profile: its pictures show a person which."""
    return review(
        case,
        zh,
        en,
        refs=tuple(o.seq for o in lines),
        evidence=tuple(name for o in lines for name in o.evidence)[:MOST_PICTURES],
    )
