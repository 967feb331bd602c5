"""What a run costs this machine, written down again and again while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psutil

from harness.clock import Clock
from harness.family import Family
from harness.ledger import Ledger
from harness.memory import give_back_the_rest
from harness.model.observation import OwnLoad

LOAD_EVERY_S = 20.0
"""Between two looks; each costs some tenths of a CPU second for a dozen browsers."""


class LoadWatch:
    """Our own load, so that our slowness is never blamed on the platform."""

    def __init__(self, ledger: Ledger, family: Family) -> None:
        self._ledger, self._family = ledger, family
        self.peak_rss_mb = 0.0

    def _look(self) -> float:
        """Memory of everything of ours, MB, when nothing is kept in vain."""
        give_back_the_rest()
        return self._family.memory_mb()

    async def forever(self, clock: Clock) -> AsyncIterator[None]:
        """Write our load down again and again, and give a turn each time."""
        psutil.cpu_percent()
        while True:
            await clock.sleep(LOAD_EVERY_S)
            rss = await asyncio.to_thread(self._look)
            self.peak_rss_mb = max(self.peak_rss_mb, rss)
            self._ledger.append(OwnLoad(cpu_percent=psutil.cpu_percent(), rss_mb=rss))
            yield
