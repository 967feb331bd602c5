"""An event loop whose time leaps: when nobody has anything to do, the next timer is due at once.

Walks, pages and attacks sleep side by side as they would for minutes, and it takes as long as what they compute.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
START = datetime(2026, 11, 24, 1, tzinfo=UTC)


class _Selector(selectors.DefaultSelector):
    leap: LeapLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            return super().select(5.0)  # something real is being waited for, or nothing ever comes
        if not ready and timeout is not None and timeout > 0:
            self.leap.leapt += timeout
        return ready


class LeapLoop(asyncio.SelectorEventLoop):
    """Begins at 1000 s."""

    def __init__(self) -> None:
        self.leapt = 1000.0
        selector = _Selector()
        selector.leap = self
        super().__init__(selector)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self.leapt


class LeapClock:
    """The loop's time as the harness's clock and as a platform's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    def utc(self) -> datetime:
        return START + timedelta(seconds=self.loop.time())

    def now(self) -> float:
        return self.utc().timestamp()

    def mono_ns(self) -> int:
        return int(self.loop.time() * 1e9)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


def run_leaping(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a loop of its own, and end what it left running."""
    loop = LeapLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left))
        loop.close()
