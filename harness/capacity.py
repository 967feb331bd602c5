"""How many windows side by side this machine is given: four per core, fewer where it was measured to play fewer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime

import psutil

from harness.events import Event
from harness.machine import (
    Calibration,
    cache_file,
    calibration_off,
    disturbed,
    keep,
    kept,
    most_in_time,
    processor_name,
)
from harness.plan import CORE_SLOTS

QUIET_LOOK_S = 3.0
QUIET_PERCENT = 25.0
"""A machine that is busier than this before anything of ours begins is not measured."""


def slots_here() -> int:
    """Windows side by side on this machine: four per core, fewer where a calibration showed that it plays fewer."""
    cores = os.cpu_count() or 2
    found = _calibration()
    return CORE_SLOTS * cores if found is None else min(CORE_SLOTS * cores, found.windows)


def slots_side_by_side() -> int:
    """Windows of many rehearsals side by side, which never all play at once: a quarter more (docs/performance.md)."""
    return slots_here() * 5 // 4


def _calibration() -> Calibration | None:
    from harness.browser.find import find_browser
    from harness.browser.launch import browser_version

    browser = None if calibration_off() or not cache_file().is_file() else find_browser()
    return None if browser is None else kept(browser_version(browser))


def calibrate_once(on_event: Callable[[Event], None]) -> None:
    """Before the first full run on a machine: measure how many windows it plays in time. Takes up to 150 s.

    Not while something else keeps the machine busy, and not with XUNJIAN_CALIBRATION=off: what it played then would say
    nothing about it.
    """
    if calibration_off() or _calibration() is not None:
        return
    busy = psutil.cpu_percent(interval=QUIET_LOOK_S)
    if busy > QUIET_PERCENT:
        on_event(Event("held", message=f"本机繁忙，未校准 not calibrated: the machine is busy ({busy:.0f} %)"))
    else:
        on_event(Event("held", message="本机首次校准 first calibration of this machine (150 s)"))
        calibrate_machine(lambda line: on_event(Event("held", message=line)))
    on_event(Event("released"))


def calibrate_machine(said: Callable[[str], None]) -> Calibration:
    """Measure this machine and keep the result for later runs; `said` is told each step."""
    from harness.browser.calibrate import calibrate
    from harness.browser.launch import BrowserPool

    cores = os.cpu_count() or 2

    async def measure() -> Calibration:
        async with BrowserPool() as pool:
            rates = tuple(await calibrate(pool, cores, said))
            today = datetime.now(UTC).date().isoformat()
            return Calibration(cores, processor_name(), pool.version, most_in_time(rates), rates, today)

    found = asyncio.run(measure())
    if disturbed(found.rates):
        said("本机受其他程序干扰，校准未保存 something else filled the machine: the calibration is not kept")
    else:
        keep(found)
    return found
