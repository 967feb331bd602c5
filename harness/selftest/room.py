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

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for one, and keep it as long as the block lasts."""
        async with self._places:
            async with self._door:
                while self._taken >= self._always and (self._now() - self._last < SETTLE_S or self._crowded()):
                    await self._sleep(LOOK_S)
                self._taken, self._last = self._taken + 1, self._now()
            try:
                yield
            finally:
                self._taken -= 1
