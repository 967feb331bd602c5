"""What windows cost this machine: the CPU time and memory of a browser's processes, shared among its open windows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

MEMORY_EVERY_S = 20.0
"""Between two looks at a browser's memory, which take milliseconds for each of its processes; as `LoadWatch`."""


@dataclass
class Cost:
    """Of one window."""

    cpu_s: float = 0.0
    peak_rss_mb: float = 0.0


@dataclass
class Meter:
    """Of one browser. Its processes are looked at now and then; what they used in between belongs to who was open."""

    now_s: Callable[[], float] = time.monotonic
    _seen: dict[int, float] = field(default_factory=dict)
    _memory_mb: float = 0.0
    _memory_at: float = float("-inf")

    def split(
        self, processes: Iterable[tuple[int, float]], windows: Sequence[Cost], rss_mb: Callable[[int], float]
    ) -> None:
        """`processes`: pid and CPU seconds so far of each that lives now. A process that ended since the last look
        takes with it what it used since then; browsers keep most of theirs.
        """
        now = dict(processes)
        spent = sum(max(0.0, cpu - self._seen.get(pid, 0.0)) for pid, cpu in now.items())
        self._seen = now
        if not windows:
            return
        if self.now_s() - self._memory_at >= MEMORY_EVERY_S:
            self._memory_mb, self._memory_at = sum(rss_mb(pid) for pid in now), self.now_s()
        memory = self._memory_mb / len(windows)
        for cost in windows:
            cost.cpu_s += spent / len(windows)
            cost.peak_rss_mb = max(cost.peak_rss_mb, memory)
