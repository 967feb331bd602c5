"""The windows of one machine, shared by the runs on it: together they open no more than it plays in time."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from harness.machine import machine_folder

UNITS_PER_CORE = 20
"""What a core carries, in parts of which 4 windows take 5 each, and 5, as in the self-test, 4 each."""
LOOK_S = 0.2
"""A lock of another process gives no event when it is released."""
CROWDED_PER_CORE = 8.0
"""With more that compute or wait to for each core, half of the windows must do: films would stand still, and face
checks run out. How busy the processor is does not tell: two cores that are 95 % busy play ten windows in time, and
two with 27 processes in a queue are no busier (docs/performance.md)."""
LOAD_LOOK_S = 1.0
"""Between two looks at the load."""


def crowded(cores: int | None = None) -> bool:
    """Whether more want to compute, over the last minute, than this machine carries in time."""
    return psutil.getloadavg()[0] > CROWDED_PER_CORE * (cores or _cores())


def _cores() -> int:
    return os.cpu_count() or 1


def windows_counted() -> bool:
    """Whether a run's windows are counted among those of the machine.

    Not where XUNJIAN_SHARING is off, as for a self-test's null platforms: they play nothing, and waiting for windows
    beside others would take them beyond their bound.
    """
    return os.environ.get("XUNJIAN_SHARING") != "off"


class MachineWindows:
    """A run takes what its windows cost before it opens them, and beside other runs waits until there is room.

    Each unit is a locked file, so a run that is killed gives back what it had. Whoever waits keeps the gate until it
    has everything that it needs: nobody waits with half of it, and who needs much is not overtaken by who needs little.
    """

    def __init__(self, *, windows: int, folder: Path | None = None, cores: int | None = None) -> None:
        """`windows`: how many of this run's kind the machine carries when nothing else runs on it."""
        self._folder = folder or machine_folder() / "windows"
        self._cores = cores or _cores()
        self._all = UNITS_PER_CORE * self._cores
        self._cost = max(1, self._all // windows)
        self._units = [FileLock(self._folder / str(number)) for number in range(self._all)]
        self._held: list[FileLock] = []
        self._first = asyncio.Lock()

    async def take(self, count: int) -> None:
        """Wait until that many windows are there; more than the machine has means all of them."""
        async with self._first:  # the others of this run wait for an event, not for a look at a lock
            await self._take(count)

    async def _take(self, count: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        need = min(count * self._cost, self._all)
        got: list[FileLock] = []
        gate = FileLock(self._folder / "gate")
        try:
            while not _locked(gate):  # noqa: ASYNC110  it is another process that opens it
                await asyncio.sleep(LOOK_S)
            while len(got) < need:
                got += self._free(need - len(got))
                await asyncio.sleep(0 if len(got) == need else LOOK_S)
            await self._room(len(got))
        except BaseException:
            _release(got)
            raise
        finally:
            gate.release()
        self._held += got

    async def _room(self, got: int) -> None:
        """A machine that is slower than most is full before all its windows are open.

        Half of them are always given, however many wait; who is alone goes by its own plan.
        """
        while self._used() > max(len(self._held) + got, self._all // 2) and crowded(self._cores):  # noqa: ASYNC110
            await asyncio.sleep(LOAD_LOOK_S)  # nothing tells when the load falls

    def _used(self) -> int:
        """Units of all runs. Asked by who has the gate, so nobody else looks for free ones."""
        free = self._free(self._all)
        _release(free)
        return self._all - len(free)

    def _free(self, need: int) -> list[FileLock]:
        found: list[FileLock] = []
        for unit in self._units:
            if len(found) == need:
                break
            if not unit.is_locked and _locked(unit):
                found.append(unit)
        return found

    def give_back(self, count: int) -> None:
        """Return them."""
        units = min(count * self._cost, self._all, len(self._held))
        _release(self._held[:units])
        del self._held[:units]


def _locked(lock: FileLock) -> bool:
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=0)
    return lock.is_locked


def _release(locks: list[FileLock]) -> None:
    for lock in locks:
        lock.release()
