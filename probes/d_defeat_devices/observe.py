"""The dishonest walks of other probes, step by step the same, by a browser that says that it is automated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harness.walk import Walk
from probes.f05_learning_record import observe as f05
from probes.f09_portrait_capture import observe as f09
from probes.f10_face_recognition import observe as f10
from probes.f11_fast_forward_blocking import observe as f11
from probes.f12_multi_login_prevention import observe as f12
from probes.f13_idle_lock import observe as f13
from probes.h01_hour_accounting import observe as h01


async def _seen_as_automated(walk: Walk, ordinary: Callable[[Walk], Awaitable[None]]) -> None:
    walk.visitor["automated"] = True
    await ordinary(walk)


async def forged(walk: Walk) -> None:
    """F05.forged."""
    await _seen_as_automated(walk, f05.forged)


async def covered(walk: Walk) -> None:
    """F09.covered."""
    await _seen_as_automated(walk, f09.covered)


async def impostor(walk: Walk) -> None:
    """F10.impostor."""
    await _seen_as_automated(walk, f10.impostor)


async def seek_script(walk: Walk) -> None:
    """F11.seek_script."""
    await _seen_as_automated(walk, f11.seek_script)


async def two_devices(walk: Walk) -> None:
    """F12.two_devices."""
    await _seen_as_automated(walk, f12.two_devices)


async def idle(walk: Walk) -> None:
    """F13.idle."""
    await _seen_as_automated(walk, f13.idle)


async def invalid(walk: Walk) -> None:
    """H01.invalid."""
    await _seen_as_automated(walk, h01.invalid)
