"""Something that goes on beside a block of code, and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def beside(work: Awaitable[object]) -> AsyncIterator[None]:
    """Let `work` go on for the block. Raises what it broke off with by itself: nobody would notice that it was gone."""
    going_on = asyncio.ensure_future(work)
    try:
        yield
    finally:
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on
