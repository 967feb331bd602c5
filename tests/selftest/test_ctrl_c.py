"""The first Ctrl-C acts; the second, and SIGTERM, do what they always do."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from harness.selftest.ctrl_c import first_ctrl_c

pytestmark = pytest.mark.usefixtures("as_the_command_line_has_them")


async def _pressed(*numbers: int) -> str:
    acted = asyncio.Event()
    with first_ctrl_c(acted.set):
        for number in numbers:
            os.kill(os.getpid(), number)
            await acted.wait()
    return "went on"


def test_the_first_acts_and_nothing_is_ended() -> None:
    assert asyncio.run(_pressed(signal.SIGINT)) == "went on"


@pytest.mark.parametrize(
    "numbers", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM,), (signal.SIGINT, signal.SIGTERM)]
)
def test_the_second_and_sigterm_end_it(numbers: tuple[int, ...]) -> None:
    async def pressed() -> None:
        await _pressed(*numbers)
        await asyncio.get_running_loop().create_future()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(pressed())


def test_where_ctrl_c_is_ignored_it_stays_so() -> None:
    async def look() -> object:
        with first_ctrl_c(lambda: None):
            return signal.getsignal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert asyncio.run(look()) == signal.SIG_IGN


def test_afterwards_all_is_as_before() -> None:
    asyncio.run(_pressed(signal.SIGINT))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
