"""How many certifications are under way at once: as many as were asked for, while the machine carries them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from harness import sharing

SETTLE_S = 60.0
"""After one has begun; the load of the last minute tells what it adds."""
LOOK_S = 5.0
"""Between two looks at the load; nothing tells when it falls."""


class Room:
    """Places for runs, in the order of asking. The second half is given only while the machine is not crowded.

    A run that waits for the processor lasts longer, plays films all the while, and so costs more than it would alone.

    Once it is closed nobody is let in any more: who asks waits until cancelled, and when those inside have left as
    well, `left` is set. Where nobody asks, it never is: then whoever uses the room has all that they wanted.
    """

    def __init__(
        self,
        places: int,
        *,
        crowded: Callable[[], bool] = sharing.crowded,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._places, self._door = asyncio.Semaphore(places), asyncio.Lock()
        self._always = (places + 1) // 2
        self._crowded, self._now, self._sleep = crowded, now, sleep
        self._taken, self._last = 0, float("-inf")
        self._inside, self._closed, self._turned_away = 0, False, False
        self.left = asyncio.Event()

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for one, and keep it as long as the block lasts."""
        async with self._places:
            async with self._door:
                while self._must_wait():
                    await self._sleep(LOOK_S)
                await self._let_in()
                self._taken, self._last = self._taken + 1, self._now()
            try:
                yield
            finally:
                self._taken -= 1
                self._leave()

    @contextlib.asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Go in without a place; for whoever takes nothing from the others."""
        await self._let_in()
        try:
            yield
        finally:
            self._leave()

    def close(self) -> None:
        """Let nobody in any more."""
        self._closed = True
        self._look()

    def _must_wait(self) -> bool:
        soon = self._now() - self._last < SETTLE_S
        return not self._closed and self._taken >= self._always and (soon or self._crowded())

    async def _let_in(self) -> None:
        if self._closed:
            self._turned_away = True
            self._look()
            await asyncio.get_running_loop().create_future()  # until cancelled
        self._inside += 1

    def _leave(self) -> None:
        self._inside -= 1
        self._look()

    def _look(self) -> None:
        if self._closed and self._turned_away and not self._inside:
            self.left.set()
