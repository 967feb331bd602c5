"""Ctrl-C, once and once more."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def first_ctrl_c(act: Callable[[], None]) -> Iterator[None]:
    """In an event loop: the first Ctrl-C acts, the second does what the first would have done.

    So does SIGTERM at once, which `harness.cli` passes on.
    """
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    if not callable(before):  # started in the background, where Ctrl-C is ignored
        yield
        return
    pressed = False

    def told(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if number == signal.SIGINT and not pressed:
            pressed = True
            loop.call_soon_threadsafe(act)
        else:
            before(number, frame)

    signal.signal(signal.SIGINT, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
