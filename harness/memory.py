"""The memory of a process."""

from __future__ import annotations

import psutil


def memory_mb(pid: int) -> float:
    """Memory of a process, MB; 0 when it is gone. What several use together (a browser's code, what it had read before
    it divided) is shared out among them, as Linux does (proportional set size); elsewhere only what it has for itself
    is counted."""
    try:
        memory = psutil.Process(pid).memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(memory, "pss", memory.uss)) / 1e6
