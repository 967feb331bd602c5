"""The contact sheet: each stored portrait beside the camera's frame that it is. Draws, and concludes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.model.dossier import Dossier, Exposure, LedStep

MOST_STEPS = 400
"""Instructions shown; a full certification with living persons has some two hundred."""
MOST = 120
"""Pairs shown; a full certification stores some sixty."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row with its two small pictures, as data URIs; empty where there is none."""

    row: Exposure
    stored: str
    shown: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pairs that are shown, and how many more there are."""

    pairs: tuple[Pair, ...]
    more: int


def chosen(dossier: Dossier) -> Sequence[Exposure]:
    """Those that are shown: where something else than the learner was before the camera, or none of our marks is in
    the picture, comes first."""
    rows = sorted(dossier.exposures, key=lambda row: row.scene == "learner" and not row.enrolment and not row.repeats)
    return rows[:MOST]


def wanted(dossier: Dossier) -> list[str]:
    """Evidence names of the pictures that the sheet shows."""
    paired = [name for row in chosen(dossier) for name in (row.stored, row.shown) if name]
    return list(dict.fromkeys([*paired, *(step.still for step in dossier.steps[:MOST_STEPS] if step.still)]))


def led(dossier: Dossier, thumbs: Mapping[str, str]) -> list[tuple[LedStep, str]]:
    """The instructions to living persons, each with its small still; empty where there is none."""
    return [(step, thumbs.get(step.still, "")) for step in dossier.steps[:MOST_STEPS]]


def sheet(dossier: Dossier, thumbs: Mapping[str, str]) -> Sheet | None:
    """The sheet; None where no portrait was read."""
    rows = chosen(dossier)
    if not rows:
        return None
    pairs = tuple(Pair(row, thumbs.get(row.stored, ""), thumbs.get(row.shown, "")) for row in rows)
    return Sheet(pairs, len(dossier.exposures) - len(rows))
