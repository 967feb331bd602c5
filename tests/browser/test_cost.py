"""What windows cost: shared by those that are open, measured in a real browser."""

from __future__ import annotations

import asyncio

import pytest

from harness.browser.cost import MEMORY_EVERY_S, Cost, Meter
from harness.browser.launch import BrowserPool, Visitor
from harness.browser.session import Screen
from harness.memory import memory_mb
from tests.browser.conftest import NewScreen


def test_what_was_used_belongs_to_those_that_were_open() -> None:
    clock = iter([0.0, 0.0, MEMORY_EVERY_S, MEMORY_EVERY_S])
    meter, first, second = Meter(now_s=lambda: next(clock)), Cost(), Cost()
    meter.split([(1, 2.0), (2, 1.0)], [first], lambda pid: 100.0)
    assert (first.cpu_s, first.peak_rss_mb) == (3.0, 200.0)
    meter.split([(1, 4.0), (2, 1.0), (3, 2.0)], [first, second], lambda pid: 100.0)
    assert (first.cpu_s, second.cpu_s) == (5.0, 2.0)
    assert (first.peak_rss_mb, second.peak_rss_mb) == (200.0, 150.0)


def test_memory_is_looked_at_no_oftener_than_is_worth_its_price() -> None:
    clock, looked = [0.0], []

    def memory(pid: int) -> float:
        looked.append((clock[0], pid))
        return 100.0

    meter, cost = Meter(now_s=lambda: clock[0]), Cost()
    for now in (0.0, MEMORY_EVERY_S - 0.1, MEMORY_EVERY_S, MEMORY_EVERY_S + 0.1):
        clock[0] = now
        meter.split([(1, now)], [cost], memory)
    assert looked == [(0.0, 1), (MEMORY_EVERY_S, 1)]
    assert cost.cpu_s == MEMORY_EVERY_S + 0.1


def test_a_process_that_ended_or_began_anew_never_counts_backwards() -> None:
    meter, cost = Meter(), Cost()
    meter.split([(1, 9.0)], [cost], lambda pid: 0.0)
    meter.split([(2, 1.0)], [cost], lambda pid: 0.0)
    meter.split([(2, 0.5)], [cost], lambda pid: 0.0)
    assert cost.cpu_s == 10.0


def test_with_nobody_open_nothing_is_charged_and_nothing_is_charged_later() -> None:
    meter, cost = Meter(), Cost()
    meter.split([(1, 9.0)], [], lambda pid: 0.0)
    meter.split([(1, 9.5)], [cost], lambda pid: 0.0)
    assert cost.cpu_s == 0.5


def test_a_process_that_is_gone_takes_no_memory() -> None:
    assert memory_mb(2**22 + 1) == 0.0


@pytest.mark.browser
async def test_a_window_that_works_costs_something(pool: BrowserPool, screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.evaluate("() => { const end = Date.now() + 400; while (Date.now() < end); }")
    await pool.measure()
    assert screen.cost.cpu_s > 0.1
    assert screen.cost.peak_rss_mb > 5


@pytest.mark.browser
async def test_a_window_that_is_closed_is_charged_no_more(pool: BrowserPool, new_screen: NewScreen) -> None:
    screen = await new_screen(Visitor(automated=True))
    await screen.goto("plain.html")
    await pool.measure()
    await screen.close()
    before = screen.cost.cpu_s
    assert before > 0
    await asyncio.sleep(0)
    await pool.measure()
    assert screen.cost.cpu_s == before
