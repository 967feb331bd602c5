"""Runs on one machine share its windows: never more than it carries, whole orders only, nothing lost with a run."""

from __future__ import annotations

import asyncio
import multiprocessing
from pathlib import Path

import pytest

from harness.sharing import CROWDED_PER_CORE, MachineWindows, crowded

pytestmark = pytest.mark.anyio
LOOKS = 5
"""So many turns of a waiting run without anything happening mean that it waits."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.sharing.LOOK_S", 0.0)
    monkeypatch.setattr("harness.sharing.LOAD_LOOK_S", 0.0)
    monkeypatch.setattr("psutil.getloadavg", lambda: (0.0, 99.0, 99.0))


async def waits(task: asyncio.Task[None]) -> bool:
    for _ in range(LOOKS):
        await asyncio.sleep(0)
    return not task.done()


async def test_together_they_open_no_more_than_the_machine_carries(tmp_path: Path) -> None:
    one, other = (MachineWindows(windows=4, folder=tmp_path, cores=1) for _ in range(2))
    await one.take(3)
    await other.take(1)
    third = asyncio.create_task(other.take(1))
    assert await waits(third)
    one.give_back(1)
    await third
    more = asyncio.create_task(one.take(1))
    assert await waits(more)
    other.give_back(2)
    await more


async def test_a_window_of_a_run_that_is_given_fewer_costs_more(tmp_path: Path) -> None:
    plain, dear = (MachineWindows(windows=n, folder=tmp_path, cores=1) for n in (4, 3))
    await dear.take(2)
    await plain.take(1)
    second = asyncio.create_task(plain.take(1))
    assert await waits(second)
    dear.give_back(1)
    await second


@pytest.mark.parametrize(("windows", "cores"), [(8, 2), (10, 2), (6, 2), (4, 1), (5, 1), (3, 1), (16, 4), (20, 4)])
async def test_runs_of_one_kind_open_as_many_as_the_machine_carries(tmp_path: Path, windows: int, cores: int) -> None:
    """Without cameras ten were meant, and twelve were opened."""
    one, other = (MachineWindows(windows=windows, folder=tmp_path, cores=cores) for _ in range(2))
    for _ in range(windows):
        await one.take(1)
    assert await waits(asyncio.create_task(other.take(1)))


async def test_nobody_waits_with_half_of_what_it_needs(tmp_path: Path) -> None:
    one, other = (MachineWindows(windows=4, folder=tmp_path, cores=1) for _ in range(2))
    await one.take(2)
    await other.take(2)
    pairs = [asyncio.create_task(windows.take(2)) for windows in (one, other)]
    assert await waits(pairs[0])
    assert await waits(pairs[1])
    one.give_back(2)
    done, _ = await asyncio.wait(pairs, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 1
    other.give_back(2)
    await asyncio.gather(*pairs)


async def test_who_gives_up_waiting_leaves_everything_to_the_others(tmp_path: Path) -> None:
    one, other = (MachineWindows(windows=4, folder=tmp_path, cores=1) for _ in range(2))
    await one.take(3)
    greedy = asyncio.create_task(other.take(4))
    assert await waits(greedy)
    greedy.cancel()
    with pytest.raises(asyncio.CancelledError):
        await greedy
    await other.take(1)


async def test_more_than_there_are_means_all_of_them(tmp_path: Path) -> None:
    one = MachineWindows(windows=2, folder=tmp_path, cores=1)
    await one.take(5)
    third = asyncio.create_task(MachineWindows(windows=2, folder=tmp_path, cores=1).take(1))
    assert await waits(third)
    one.give_back(5)
    await third


def hold(folder: Path, told: multiprocessing.synchronize.Event) -> None:
    windows = MachineWindows(windows=4, folder=folder, cores=1)
    asyncio.run(windows.take(4))
    told.set()
    multiprocessing.Event().wait()


async def test_a_run_that_is_killed_gives_back_what_it_had(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    told = context.Event()
    process = context.Process(target=hold, args=(tmp_path, told))
    process.start()
    await asyncio.to_thread(told.wait)
    mine = asyncio.create_task(MachineWindows(windows=4, folder=tmp_path, cores=1).take(1))
    assert await waits(mine)
    process.kill()
    await mine
    await asyncio.to_thread(process.join)


class Load:
    """What waits for the processor, look by look; the last one stays."""

    def __init__(self, *looks: float) -> None:
        self.looks, self.looked = looks, 0

    def __call__(self) -> tuple[float, float, float]:
        self.looked += 1
        return self.looks[min(self.looked, len(self.looks)) - 1], 0.0, 0.0


@pytest.mark.parametrize(
    ("load", "is_crowded"), [(2 * CROWDED_PER_CORE - 0.1, False), (2 * CROWDED_PER_CORE, False), (16.1, True)]
)
def test_when_a_machine_is_crowded(load: float, is_crowded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.getloadavg", Load(load))
    assert crowded(cores=2) is is_crowded


async def test_beside_others_a_window_waits_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (MachineWindows(windows=4, folder=tmp_path, cores=1) for _ in range(2))
    await one.take(1)
    load = Load(CROWDED_PER_CORE + 0.1, 2 * CROWDED_PER_CORE, CROWDED_PER_CORE)
    monkeypatch.setattr("psutil.getloadavg", load)
    await other.take(2)
    assert load.looked == 3


async def test_half_of_the_windows_are_given_however_many_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (MachineWindows(windows=4, folder=tmp_path, cores=1) for _ in range(2))
    load = Load(100.0)
    monkeypatch.setattr("psutil.getloadavg", load)
    await one.take(1)
    await other.take(1)
    assert not load.looked
    third = asyncio.create_task(other.take(1))
    assert await waits(third)
    assert load.looked
    one.give_back(1)
    await third


async def test_who_is_alone_asks_for_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own plan says how many windows it opens; a busy neighbour is no reason to do less."""
    monkeypatch.setattr("psutil.getloadavg", lambda: pytest.fail("looked at"))
    one = MachineWindows(windows=4, folder=tmp_path, cores=1)
    for _ in range(4):
        await one.take(1)


async def test_who_gives_up_waiting_for_room_leaves_everything_to_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (MachineWindows(windows=4, folder=tmp_path, cores=1) for _ in range(2))
    await one.take(1)
    monkeypatch.setattr("psutil.getloadavg", Load(100.0))
    waiting = asyncio.create_task(other.take(3))
    assert await waits(waiting)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    monkeypatch.setattr("psutil.getloadavg", Load(0.0))
    await MachineWindows(windows=4, folder=tmp_path, cores=1).take(3)
