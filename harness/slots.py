"""The browser windows of one run, given out in turn."""

from __future__ import annotations

import asyncio


class Slots:
    """Browser windows side by side, never more than the machine can play in time.

    In the plan's order, whenever they ask: a walk that had to wait for the administrator comes before those that are
    planned after it, and one that needs two windows is not overtaken by those that need one. Only who is urgent goes
    first: a walk that is made again, because another attempt may yet follow it.

    A machine that falls behind (a slower one than was measured, or one that others use, too) plays fewer from then on:
    each time one less than were open, not fewer than half, and one more again whenever it has kept up for a while.
    """

    def __init__(self, slots: int) -> None:
        self._free = self._all = self._most = slots
        self._turns = 0
        self._waiting: set[tuple[bool, int, int]] = set()
        self._held = False
        self._changed = asyncio.Condition()

    async def hold(self, held: bool) -> None:
        """Give nothing out until released, but to the first when all are free: somebody must always go on."""
        if held != self._held:
            async with self._changed:
                self._held = held
                if held:
                    self._most = max((self._all + 1) // 2, min(self._most, self._all - self._free - 1))
                self._changed.notify_all()

    async def widen(self) -> None:
        """The machine kept up for a while: one window more, if fewer are given out than there are."""
        if self._most < self._all:
            async with self._changed:
                self._most += 1
                self._changed.notify_all()

    @property
    def most(self) -> int:
        """How many are given out side by side now."""
        return self._most

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
        if self._free == self._all:
            return True
        return not self._held and self._all - self._free + need <= self._most

    async def give_back(self, count: int) -> None:
        """Return them."""
        async with self._changed:
            self._free += min(count, self._all)
            self._changed.notify_all()
