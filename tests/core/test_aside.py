"""Work that has time waits its turn, gives its answer or its error back, and gives way to everything else."""

from __future__ import annotations

import asyncio
import os
import sys
import threading

import pytest

from harness.aside import NICENESS, aside

pytestmark = pytest.mark.anyio


async def test_what_is_called_answers_from_another_thread() -> None:
    assert await aside(divmod, 7, 2) == (3, 1)
    assert await aside(threading.get_ident) != threading.get_ident()


async def test_an_error_comes_back() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(divmod, 7, 0)


async def test_one_piece_after_another_while_the_loop_goes_on() -> None:
    running, most = 0, 0
    go_on = threading.Event()

    def piece() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        go_on.wait(5.0)
        running -= 1

    waiting = [asyncio.create_task(aside(piece)) for _ in range(3)]
    await asyncio.sleep(0)  # the loop isn't held up
    go_on.set()
    await asyncio.gather(*waiting)
    assert most == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a thread a niceness of its own")
async def test_its_thread_gives_way_and_nobody_elses() -> None:
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert await aside(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())) == max(own, NICENESS)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own
