"""What only one walk of a run may use at a time, such as the administrator's session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Exclusive:
    """Walks reserve it in turn, wait for their windows and accounts, and only then use it.

    A walk that is already going on uses it without a turn, as soon as nobody does: whoever merely waits for windows
    lets it go first. So nobody who has windows waits for somebody who wants them.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._used = False
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def reserved(self) -> AsyncIterator[None]:
        """Wait for one's turn, and keep it for the block."""
        async with self._turn:
            yield

    @asynccontextmanager
    async def used(self) -> AsyncIterator[None]:
        """Wait until nobody uses it, and use it for the block."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._used)
            self._used = True
        try:
            yield
        finally:
            async with self._changed:
                self._used = False
                self._changed.notify_all()
