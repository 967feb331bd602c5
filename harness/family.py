"""What this run costs the machine: our own process, the browsers, whatever else we started; not the platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psutil

from harness.memory import memory_mb


@dataclass(frozen=True)
class Family:
    """This process and its children. `apart` is the pid of one that is somebody else's, with all that it started: a
    subject of ours stands for a platform that runs elsewhere."""

    apart: int | None = None
    own: psutil.Process = field(default_factory=psutil.Process)

    def memory_mb(self) -> float:
        """Memory, MB; what processes share (a browser's code) is counted once."""
        return sum(memory_mb(p.pid) for p in self._members())

    def cpu_s(self) -> float:
        """CPU seconds used so far, by the living and the reaped."""
        return sum(_cpu_s(p) for p in self._members())

    def _members(self) -> Iterator[psutil.Process]:
        yield self.own
        others = set(_and_below(self.apart)) if self.apart is not None else set()
        yield from (p for p in self.own.children(recursive=True) if p not in others)


def _and_below(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _cpu_s(process: psutil.Process) -> float:
    try:
        t: Any = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(t.user + t.system + t.children_user + t.children_system)
