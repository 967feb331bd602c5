"""The memory of a process."""

from __future__ import annotations

import ctypes

import psutil

LARGEST_KEPT = 32 * 1024 * 1024
"""Bytes; the most that glibc allows. A picture of 640x480 has 900 kB, what is made of it as much again and again."""
FREE_KEPT = 64 * 1024 * 1024
"""Bytes at the end of the heap that are kept for the next picture, until `give_back_the_rest`."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""mallopt(3)."""


def share_room_for_pictures() -> None:
    """From now on, all threads make their pictures in the same room, instead of each in its own.

    Pictures that are given back to the system at once leave no room behind, but each takes new pages: two fifths of the
    processor time for a portrait (docs/performance.md). Nothing is done where the C library can't (only glibc can).
    """
    for setting, value in ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, LARGEST_KEPT), (M_TRIM_THRESHOLD, FREE_KEPT)):
        _library("mallopt", setting, value)


def give_back_the_rest() -> None:
    """Let go of what is free now, also where it lies between things that are not. Takes milliseconds."""
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
