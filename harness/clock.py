"""Time: one protocol, a system clock, a fake clock, and the offset to a server's clock with its uncertainty."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """UTC for readers, a monotonic clock for gaps."""

    def utc(self) -> datetime:
        """Aware UTC time."""
        ...

    def mono_ns(self) -> int:
        """Monotonic nanoseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def utc(self) -> datetime:
        """Aware UTC time of the machine."""
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        """Monotonic nanoseconds since an arbitrary start."""
        return time.monotonic_ns()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(max(0.0, seconds))


class FakeClock:
    """A clock that a test moves: `sleep` returns when `advance` has passed its moment."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime(2026, 1, 1, tzinfo=UTC)
        self._now_ns = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._ticket = itertools.count()

    def utc(self) -> datetime:
        """Start plus what was advanced."""
        return self._start + timedelta(microseconds=self._now_ns / 1000)

    def mono_ns(self) -> int:
        """Nanoseconds advanced so far."""
        return self._now_ns

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has advanced that far."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._now_ns + int(max(0.0, seconds) * 1e9)
        heapq.heappush(self._waiting, (due, next(self._ticket), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move on, waking every sleeper whose moment passes, in order."""
        end = self._now_ns + int(seconds * 1e9)
        while self._waiting and self._waiting[0][0] <= end:
            due, _, future = heapq.heappop(self._waiting)
            self._now_ns = max(self._now_ns, due)
            if not future.done():
                future.set_result(None)
            for _ in range(10):  # let the woken task run up to its next wait
                await asyncio.sleep(0)
        self._now_ns = end


@dataclass(frozen=True, slots=True)
class DateSample:
    """One answer's Date header with our UTC just before sending and just after receiving."""

    sent: datetime
    received: datetime
    date: datetime


@dataclass(frozen=True, slots=True)
class Offset:
    """Server time minus ours, seconds, and the half width of what the samples allow."""

    offset_s: float
    u_s: float


def server_offset(samples: Iterable[DateSample]) -> Offset | None:
    """Intersect what each answer allows: its second began in [date - received, date + 1 s - sent].

    A Date header has whole seconds, so several samples at different fractions narrow the interval. None without
    samples; samples that contradict each other (a clock that jumps) give the hull, with its honest width.
    """
    spans = [((s.date - s.received).total_seconds(), (s.date - s.sent).total_seconds() + 1.0) for s in samples]
    if not spans:
        return None
    low, high = max(a for a, _ in spans), min(b for _, b in spans)
    if low > high:
        low, high = min(a for a, _ in spans), max(b for _, b in spans)
    return Offset((low + high) / 2, (high - low) / 2)
