"""What windows cost this machine: the CPU time and memory of a browser's processes, shared among its open windows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Cost:
    """Of one window."""

    cpu_s: float = 0.0
    peak_rss_mb: float = 0.0


@dataclass
class Meter:
    """Of one browser. Its processes are looked at now and then; what they used in between belongs to who was open."""

    _seen: dict[int, float] = field(default_factory=dict)

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
        memory = sum(rss_mb(pid) for pid in now) / len(windows)
        for cost in windows:
            cost.cpu_s += spent / len(windows)
            cost.peak_rss_mb = max(cost.peak_rss_mb, memory)
