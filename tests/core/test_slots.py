"""A run's windows are never exceeded, and given out in the plan's order."""

from __future__ import annotations

import asyncio

import pytest

from harness.slots import Slots

pytestmark = pytest.mark.anyio


async def test_slots_are_never_exceeded() -> None:
    slots, inside, most = Slots(3), 0, 0

    async def use(count: int) -> None:
        nonlocal inside, most
        await slots.take(count)
        inside += count
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= count
        await slots.give_back(count)

    await asyncio.gather(*(use(1 + n % 2) for n in range(20)))
    assert most == 3


async def test_a_walk_with_two_windows_is_not_overtaken() -> None:
    slots, order = Slots(2), list[str]()

    async def use(name: str, count: int) -> None:
        await slots.take(count)
        order.append(name)
        await asyncio.sleep(0)
        await slots.give_back(count)

    await slots.take(1)
    waiting = [asyncio.create_task(use(name, n)) for name, n in (("pair", 2), ("one", 1), ("two", 1))]
    await asyncio.sleep(0)
    await slots.give_back(1)
    await asyncio.gather(*waiting)
    assert order[0] == "pair"


async def test_a_walk_that_is_made_again_goes_first() -> None:
    slots, order = Slots(2), list[str]()

    async def use(name: str, count: int, urgent: bool) -> None:
        await slots.take(count, urgent=urgent)
        order.append(name)
        await asyncio.sleep(0)
        await slots.give_back(count)

    await slots.take(2)
    waiting = [asyncio.create_task(use(*w)) for w in (("one", 1, False), ("pair", 2, False), ("again", 2, True))]
    await asyncio.sleep(0)
    await slots.give_back(2)
    await asyncio.gather(*waiting)
    assert order == ["again", "one", "pair"]


async def test_who_asks_late_keeps_its_place_in_the_plan() -> None:
    """A walk that had to wait for the administrator is not put behind everything that had not."""
    slots, order = Slots(1), list[str]()

    async def use(name: str, place: int) -> None:
        await slots.take(1, place=place)
        order.append(name)
        await asyncio.sleep(0)
        await slots.give_back(1)

    await slots.take(1)
    waiting = [asyncio.create_task(use(*w)) for w in (("second", 2), ("third", 3))]
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(use("first", 1)))
    await asyncio.sleep(0)
    await slots.give_back(1)
    await asyncio.gather(*waiting)
    assert order == ["first", "second", "third"]


async def test_who_stops_waiting_is_no_longer_in_the_way() -> None:
    slots = Slots(1)
    await slots.take(1)
    first = asyncio.create_task(slots.take(1))
    await asyncio.sleep(0)
    second = asyncio.create_task(slots.take(1))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await slots.give_back(1)
    await second


async def test_held_slots_are_given_out_again_when_released() -> None:
    slots, order = Slots(4), list[str]()

    async def use(name: str) -> None:
        await slots.take(1)
        order.append(name)

    await slots.take(1)
    await slots.hold(True)
    waiting = asyncio.create_task(use("second"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert order == []
    await slots.hold(False)
    await waiting
    assert order == ["second"]


async def test_somebody_always_goes_on() -> None:
    slots, order = Slots(2), list[str]()

    async def use(name: str) -> None:
        await slots.take(1)
        order.append(name)

    await slots.hold(True)
    await use("first")  # nothing runs: the machine's load is not ours
    waiting = asyncio.create_task(use("second"))
    await asyncio.sleep(0)
    assert order == ["first"]
    await slots.give_back(1)
    await waiting
    assert order == ["first", "second"]


async def _given(slots: Slots) -> int:
    """How many windows are given out one by one before somebody must wait; all are given back."""
    given = 0
    while True:
        asking = asyncio.create_task(slots.take(1))
        for _ in range(3):
            await asyncio.sleep(0)
        if not asking.done():
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            for _ in range(given):
                await slots.give_back(1)
            return given
        given += 1


async def _falls_behind(slots: Slots, open_then: int) -> None:
    for _ in range(open_then):
        await slots.take(1)
    await slots.hold(True)
    await slots.hold(True)  # it still does: no further loss
    await slots.hold(False)
    for _ in range(open_then):
        await slots.give_back(1)


async def test_who_falls_behind_opens_one_window_less_than_were_open_and_never_fewer_than_half() -> None:
    slots, most = Slots(7), list[int]()
    for open_then in (7, 6, 3, 4):
        await _falls_behind(slots, open_then)
        most.append(slots.most)
        assert await _given(slots) == slots.most
    assert most == [6, 5, 4, 4]


async def test_who_kept_up_for_a_while_opens_one_more_and_never_more_than_there_are() -> None:
    slots, most = Slots(4), list[int]()
    await _falls_behind(slots, 3)
    waiting = [asyncio.create_task(slots.take(1)) for _ in range(4)]
    for _ in range(4):
        most.append(sum(one.done() for one in waiting))
        await slots.widen()
        for _ in range(5):
            await asyncio.sleep(0)
    assert most == [0, 3, 4, 4]
    assert slots.most == 4


async def test_a_walk_that_needs_more_than_are_given_out_waits_until_nothing_is_open() -> None:
    slots = Slots(4)
    await _falls_behind(slots, 4)
    await slots.take(1)
    waiting = asyncio.create_task(slots.take(4))
    for _ in range(3):
        await asyncio.sleep(0)
    assert not waiting.done()
    await slots.give_back(1)
    await waiting
