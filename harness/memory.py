"""The memory of a process."""

from __future__ import annotations

import ctypes

import psutil

LARGE_BYTES = 256 * 1024
"""A picture of 640x480 has 900 kB, and what is made of it as much again and again."""
M_MMAP_THRESHOLD = -3
"""mallopt(3)."""


def give_back_pictures() -> None:
    """From now on, let go of pictures as soon as nobody uses them, instead of keeping room for more in every thread:
    some 340 MB less after 120 portraits (docs/performance.md). Nothing is done where the C library can't (only glibc
    can)."""
    _library("mallopt", M_MMAP_THRESHOLD, LARGE_BYTES)


def give_back_the_rest() -> None:
    """Let go of what is free now but lies between things that are not, in any thread's share. Takes milliseconds."""
    _library("malloc_trim", 0)


def _library(name: str, *arguments: int) -> None:
    """Call the C library where it has such a function."""
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return
    function(*arguments)


def memory_mb(pid: int) -> float:
    """Memory of a process, MB; 0 when it is gone. What several use together (a browser's code, what it had read before
    it divided) is shared out among them, as Linux does (proportional set size); elsewhere only what it has for itself
    is counted."""
    try:
        memory = psutil.Process(pid).memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(memory, "pss", memory.uss)) / 1e6
