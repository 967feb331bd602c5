"""Work that has time: one piece after another, on a thread to which everything else goes first.

Looking at a stored portrait takes a second of processor time. Side by side with players that run in time, it must not
make them late.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
NICENESS = 15


def _give_way() -> None:
    # On Linux a thread has a niceness of its own; elsewhere this work competes like any other.
    with contextlib.suppress(OSError, AttributeError):
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, max(NICENESS, os.getpriority(os.PRIO_PROCESS, own)))


_desk = ThreadPoolExecutor(1, thread_name_prefix="aside", initializer=_give_way)


async def aside(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `call` returns, or raises, when its turn has come."""
    return await asyncio.get_running_loop().run_in_executor(_desk, partial(call, *args, **kwargs))
