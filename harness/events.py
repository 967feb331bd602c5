"""What happens while a run goes on, for people and programs that look on. No part of the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["planned", "waiting", "started", "segment", "finished", "repeated", "held", "released"]
"""planned: will be made; without a walk: the run begins, with so many windows. waiting: for what `message` says.
segment: a stretch begins, `message` is its name. repeated: will be made once more. held, released: our own machine is
too busy to begin anything more, and free again."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to show."""

    kind: Kind
    walk: str = ""
    attempt: int = 1
    message: str = ""
    seconds: float = 0.0
    """Planned length; of `finished`: how long it took."""
    windows: int = 1
