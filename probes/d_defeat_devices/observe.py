"""The dishonest walks of other probes, step by step the same: by a browser that says that it is automated, and by one
of a phone."""

from __future__ import annotations

from harness.walk import Walk
from probes.f05_learning_record import observe as f05
from probes.f09_portrait_capture import observe as f09
from probes.f10_face_recognition import observe as f10
from probes.f11_fast_forward_blocking import observe as f11
from probes.f12_multi_login_prevention import observe as f12
from probes.f13_idle_lock import observe as f13
from probes.h01_hour_accounting import observe as h01


def _automated(walk: Walk) -> Walk:
    """The walk, by learners whose browsers say that they are automated."""
    walk.visitor["automated"] = True
    return walk


def _on_phone(walk: Walk) -> Walk:
    """The walk, by learners with phones."""
    walk.visitor["device"] = "mobile"
    return walk


async def forged(walk: Walk) -> None:
    """F05.forged."""
    await f05.forged(_automated(walk))


async def forged_on_phone(walk: Walk) -> None:
    """F05.forged."""
    await f05.forged(_on_phone(walk))


async def covered(walk: Walk) -> None:
    """F09.covered."""
    await f09.covered(_automated(walk))


async def covered_on_phone(walk: Walk) -> None:
    """F09.covered."""
    await f09.covered(_on_phone(walk))


async def impostor(walk: Walk) -> None:
    """F10.impostor."""
    await f10.impostor(_automated(walk))


async def impostor_on_phone(walk: Walk) -> None:
    """F10.impostor."""
    await f10.impostor(_on_phone(walk))


async def seek_script(walk: Walk) -> None:
    """F11.seek_script."""
    await f11.seek_script(_automated(walk))


async def seek_script_on_phone(walk: Walk) -> None:
    """F11.seek_script."""
    await f11.seek_script(_on_phone(walk))


async def two_devices(walk: Walk) -> None:
    """F12.two_devices."""
    await f12.two_devices(_automated(walk))


async def two_devices_on_phone(walk: Walk) -> None:
    """F12.two_devices."""
    await f12.two_devices(_on_phone(walk))


async def idle(walk: Walk) -> None:
    """F13.idle."""
    await f13.idle(_automated(walk))


async def idle_on_phone(walk: Walk) -> None:
    """F13.idle."""
    await f13.idle(_on_phone(walk))


async def invalid(walk: Walk) -> None:
    """H01.invalid."""
    await h01.invalid(_automated(walk))


async def invalid_on_phone(walk: Walk) -> None:
    """H01.invalid."""
    await h01.invalid(_on_phone(walk))
