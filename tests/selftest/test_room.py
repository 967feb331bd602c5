"""Certifications side by side: all places where the machine carries them, half where it does not."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

import pytest

from harness.selftest.room import LOOK_S, SETTLE_S, Room

pytestmark = pytest.mark.anyio


@dataclass
class Machine:
    """Its clock goes on while somebody waits."""

    crowded_until: float = 0.0
    now: float = 0.0
    begun: list[float] = field(default_factory=list)
    inside: int = 0
    most: int = 0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def room(self, places: int) -> Room:
        return Room(places, crowded=lambda: self.now < self.crowded_until, now=lambda: self.now, sleep=self.sleep)

    async def run(self, room: Room, until: asyncio.Event) -> None:
        async with room.place():
            self.begun.append(self.now)
            self.inside += 1
            self.most = max(self.most, self.inside)
            await until.wait()
            self.inside -= 1


async def _turns(count: int = 400) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_half_begin_at_once_and_each_other_a_minute_after_the_last() -> None:
    machine, over = Machine(), asyncio.Event()
    room = machine.room(4)
    runs = [asyncio.create_task(machine.run(room, over)) for _ in range(6)]
    await _turns()
    assert machine.begun == [0.0, 0.0, SETTLE_S, 2 * SETTLE_S]
    over.set()
    await asyncio.gather(*runs)
    assert machine.most == 4


async def test_on_a_crowded_machine_half_must_do() -> None:
    machine, over = Machine(crowded_until=float("inf")), asyncio.Event()
    room = machine.room(3)
    runs = [asyncio.create_task(machine.run(room, over)) for _ in range(5)]
    await _turns()
    assert len(machine.begun) == 2
    over.set()
    await asyncio.gather(*runs)
    assert machine.most == 2


async def test_when_it_is_crowded_no_more_the_next_begins() -> None:
    machine, over = Machine(crowded_until=SETTLE_S + 3 * LOOK_S), asyncio.Event()
    room = machine.room(2)
    runs = [asyncio.create_task(machine.run(room, over)) for _ in range(2)]
    await _turns()
    assert machine.begun == [0.0, SETTLE_S + 3 * LOOK_S]
    over.set()
    await asyncio.gather(*runs)


async def test_a_run_that_fails_gives_its_place_back() -> None:
    room = Machine(crowded_until=float("inf")).room(1)
    for _ in range(2):
        with contextlib.suppress(ValueError):
            async with room.place():
                raise ValueError
    async with room.place():
        pass


async def test_whoever_asks_after_it_was_closed_is_not_let_in() -> None:
    machine, over = Machine(crowded_until=float("inf")), asyncio.Event()
    room = machine.room(3)
    runs = [asyncio.create_task(machine.run(room, over)) for _ in range(5)]  # one at the door, two behind it
    await _turns()
    room.close()
    await _turns()
    assert not room.left.is_set(), "two are inside"
    over.set()
    await room.left.wait()
    assert [run.done() for run in runs] == [True, True, False, False, False]
    for run in runs:
        run.cancel()
    await asyncio.gather(*runs, return_exceptions=True)
    assert len(machine.begun) == 2


async def test_who_has_no_place_is_waited_for_and_turned_away_alike() -> None:
    room, over, inside = Machine().room(1), asyncio.Event(), []

    async def beside() -> None:
        async with room.beside():
            inside.append(1)
            await over.wait()

    first = asyncio.create_task(beside())
    await _turns()
    room.close()
    second = asyncio.create_task(beside())
    await _turns()
    assert not room.left.is_set()
    over.set()
    await room.left.wait()
    assert (first.done(), second.done(), inside) == (True, False, [1])
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_nobody_has_left_where_nobody_was_turned_away() -> None:
    """Then all that was wanted is there, and whoever wanted it goes on."""
    room = Machine().room(2)
    async with room.place():
        room.close()
    await _turns()
    assert not room.left.is_set()
