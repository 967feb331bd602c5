"""The browser windows of one run, given out in turn."""

from __future__ import annotations

import asyncio


class Slots:
    """Browser windows side by side, never more than the machine can play in time.

    In the plan's order, whenever they ask: a walk that had to wait for the administrator comes before those that are
    planned after it, and one that needs two windows is not overtaken by those that need one. Only who is urgent goes
    first: a walk that is made again, because another attempt may yet follow it.
    """

    def __init__(self, slots: int) -> None:
        self._free = self._all = slots
        self._turns = 0
        self._waiting: set[tuple[bool, int, int]] = set()
        self._held = False
        self._changed = asyncio.Condition()

    async def hold(self, held: bool) -> None:
        """Give nothing out until released, but to the first when all are free: somebody must always go on."""
        if held != self._held:
            async with self._changed:
                self._held = held
                self._changed.notify_all()

    async def take(self, count: int, *, urgent: bool = False, place: int = 0) -> None:
        """Wait for that many windows (a walk that wants more than there are gets them all); `place` is its place in
        the plan."""
        need = min(count, self._all)
        async with self._changed:
            turn = (not urgent, place, self._turns)
            self._turns += 1
            self._waiting.add(turn)
            try:
                await self._changed.wait_for(lambda: turn == min(self._waiting) and self._there(need))
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()
            self._free -= need

    def _there(self, need: int) -> bool:
        return self._free >= need and (not self._held or self._free == self._all)

    async def give_back(self, count: int) -> None:
        """Return them."""
        async with self._changed:
            self._free += min(count, self._all)
            self._changed.notify_all()
