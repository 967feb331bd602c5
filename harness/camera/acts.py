"""What a person does before a camera, as poses over time: unasked, and when an active liveness check asks for it."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping, Sequence

Script = Sequence[tuple[float, str]]
"""Seconds and the pose held for them."""

ACTS: Mapping[str, Script] = {
    "blink": ((0.2, "blink_half"), (0.5, "blink"), (0.2, "blink_half")),
    "turn_left": ((0.4, "left_10"), (1.4, "left_20"), (0.4, "left_10")),
    "turn_right": ((0.4, "right_10"), (1.4, "right_20"), (0.4, "right_10")),
    "nod": ((0.7, "down"), (0.4, "neutral"), (0.7, "down")),
    "look_up": ((1.2, "up"),),
    "open_mouth": ((1.2, "mouth"),),
    "smile": ((1.2, "smile"),),
}
"""Left and right are the person's own."""
_REST = 0.6
"""Seconds of a neutral face after each act."""
_BLINK_EVERY = (2.5, 6.0)
_SWAY_EVERY = (0.7, 2.2)
_SWAY = ((-2, 2), (-1, 1))
"""Pixels, across and down: nobody sits perfectly still."""


def duration(act: str) -> float:
    """Seconds that an act takes. Raises KeyError for an unknown act."""
    return sum(seconds for seconds, _ in ACTS[act]) + _REST


class Actor:
    """Which pose is held at a moment. Time is any clock's seconds, but must not go back."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._wanted: deque[str] = deque()
        self._playing: Script = ()
        self._started = 0.0
        self._next_blink: float | None = None
        self._next_sway = 0.0
        self._sway = (0, 0)

    def ask(self, *acts: str) -> float:
        """Do these next, one after another; returns the seconds until the last is done. KeyError if unknown."""
        for act in acts:
            duration(act)
        self._wanted.extend(acts)
        return sum(duration(act) for act in self._wanted) + sum(seconds for seconds, _ in self._playing)

    def pose(self, now: float) -> str:
        """The pose held now."""
        while True:
            left = now - self._started
            for seconds, pose in self._playing:
                if left < seconds:
                    return pose
                left -= seconds
            if not self._begin(now):
                return "neutral"

    def sway(self, now: float) -> tuple[int, int]:
        """How far the head is from its place, whole pixels."""
        if now >= self._next_sway:
            self._next_sway = now + self._random.uniform(*_SWAY_EVERY)
            self._sway = (self._random.randint(*_SWAY[0]), self._random.randint(*_SWAY[1]))
        return self._sway

    def _begin(self, now: float) -> bool:
        """Start the next act, if one is due."""
        if self._next_blink is None:
            self._next_blink = now + self._random.uniform(*_BLINK_EVERY)
        if self._wanted:
            self._playing = (*ACTS[self._wanted.popleft()], (_REST, "neutral"))
        elif now >= self._next_blink:
            self._playing = ACTS["blink"]
            self._next_blink = now + self._random.uniform(*_BLINK_EVERY)
        else:
            self._playing = ()
            return False
        self._started = now
        return True
