"""Does anybody get in? At a platform that lets nobody in, a run would knock for an hour and learn nothing more."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.observation import ActionDone, Observation
from harness.view import WalkView

LOG_IN = "log_in"
ENOUGH = 3
"""Walks that knocked in vain although another had before them: a server that was slow to start has started by then."""


class Door:
    """What the walks of one run saw of the log-in."""

    def __init__(self) -> None:
        self._opened = False
        self._shut_since: float | None = None
        self._again: set[str] = set()
        self._last = ""

    def watch(self, walk: WalkView) -> None:
        """Learn from a walk that ended."""
        tried = _log_ins(walk.observations)
        if any(done.ok for _, done in tried):
            self._opened = True
        if self._opened or not tried:
            return
        at, done = tried[-1]
        if self._shut_since is None:
            self._shut_since = at
        elif walk.observations[0].t > self._shut_since:
            self._again.add(walk.name)
        self._last = done.error

    def shut(self, under_way: Iterable[Iterable[Observation]] = ()) -> str:
        """Why nobody need knock any more; empty while somebody got in, also in a walk that is `under_way`, or too few
        have tried."""
        if self._opened or len(self._again) < ENOUGH:
            return ""
        if any(done.ok for seen in under_way for _, done in _log_ins(seen)):
            self._opened = True
            return ""
        return f"nobody could log in, {len(self._again) + 1} walks tried; the last: {self._last}"


def _log_ins(seen: Iterable[Observation]) -> list[tuple[float, ActionDone]]:
    return [(o.t, o.data) for o in seen if isinstance(o.data, ActionDone) and o.data.name == LOG_IN]
