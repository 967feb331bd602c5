"""How far a run is, from its events: what runs, what waits for what, how long it may still take. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.events import Event

Key = tuple[str, int]


@dataclass
class Running:
    """A walk that is under way."""

    walk: str
    attempt: int
    since: float
    planned_s: float
    windows: int
    doing: str = ""

    def left_s(self, now: float) -> float:
        """What the plan still gives it; a walk that is over its time is taken to be about to end."""
        return max(0.0, self.since + self.planned_s - now)


@dataclass
class Waiting:
    """A walk that has not begun."""

    walk: str
    attempt: int
    planned_s: float
    windows: int
    what_for: str = ""


@dataclass
class Progress:
    """The state of a run with so many windows side by side; all times in seconds of one clock."""

    slots: int = 1
    running: dict[Key, Running] = field(default_factory=dict)
    waiting: dict[Key, Waiting] = field(default_factory=dict)
    finished: list[tuple[str, int, float, str]] = field(default_factory=list)
    """Walk, attempt, seconds, how it ended."""
    repeated: int = 0
    held: str = ""
    """Why nothing more is begun at the moment."""

    def take(self, event: Event, now: float) -> None:
        """Follow one event."""
        key = event.walk, event.attempt
        if event.kind == "planned" and not event.walk:
            self.slots = event.windows
        elif event.kind == "planned":
            self.waiting[key] = Waiting(event.walk, event.attempt, event.seconds, event.windows)
        elif event.kind == "waiting" and key in self.waiting:
            self.waiting[key].what_for = event.message
        elif event.kind == "started":
            self.waiting.pop(key, None)
            self.running[key] = Running(event.walk, event.attempt, now, event.seconds, event.windows)
        elif event.kind == "segment" and key in self.running:
            self.running[key].doing = event.message
        elif event.kind == "finished":
            self.waiting.pop(key, None)
            self.running.pop(key, None)
            self.finished.append((event.walk, event.attempt, event.seconds, event.message))
        elif event.kind == "repeated":
            self.repeated += 1
        elif event.kind in ("held", "released"):
            self.held = event.message if event.kind == "held" else ""

    def left_s(self, now: float) -> float:
        """The least that the rest of the plan can take: the longest of what is left, or all of it over the windows."""
        running = [(r.left_s(now), r.windows) for r in self.running.values()]
        waiting = [(w.planned_s, w.windows) for w in self.waiting.values()]
        every = [*running, *waiting]
        work = sum(seconds * windows for seconds, windows in every) / max(1, self.slots)
        return max(max((seconds for seconds, _ in every), default=0.0), work)

    @property
    def share_done(self) -> float:
        """Walks that are over, of those known so far; 0 to 1."""
        known = len(self.finished) + len(self.running) + len(self.waiting)
        return len(self.finished) / known if known else 0.0


def as_dict(event: Event, t: float) -> dict[str, Any]:
    """One event for programs; `t` is seconds since the run began."""
    kept = {"walk": event.walk, "attempt": event.attempt} if event.walk else {}
    more: dict[str, Any] = {"message": event.message} if event.message else {}
    if event.seconds:
        more["seconds"] = round(event.seconds, 1)
    return {"t": round(t, 1), "event": event.kind, **kept, **more}
