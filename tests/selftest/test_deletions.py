"""With one attack taken out of a walk, or one look out of a judge, the defect that it is there for survives.

So whoever deletes one of them turns the matrix red. docs/selftest.md names these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fixtures.refplatform.defects.catalogue import read_catalogue
from harness.attacks import media, presence, traffic
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome
from probes.f11_fast_forward_blocking import observe as f11
from probes.f13_idle_lock import judge as f13_judge
from probes.f13_idle_lock import observe as f13
from probes.h01_hour_accounting import observe as h01
from tests.selftest.stage import certified

VIOLATES = {entry.id: entry.violates for entry in read_catalogue()}


async def nothing_done(*_given: Any, **_more: Any) -> Stimulus:
    return Stimulus(name="deleted", means="tool")


async def nothing_sent(*_given: Any, **_more: Any) -> list[object]:
    return []


async def not_again(*_given: Any, **_more: Any) -> None:
    return None


def idle_once(original: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapped(*given: Any, name: str = "idle", **more: Any) -> bool:
        return True if name == "idle_again" else await original(*given, name=name, **more)

    return wrapped


DELETED: dict[str, tuple[object, str, Any]] = {
    "f11-guard-in-page": (media, "unguard", nothing_done),
    "f11-second-try": (f11, "_bar_twice", f11._bar),
    "f11-up-to-triple": (media, "hold_rate", nothing_done),
    "f13-locks-once": (f13, "_do_nothing", idle_once(f13._do_nothing)),
    "f13-mask-only": (presence, "remove_overlay", nothing_done),
    "f13-scripts-are-people": (presence, "synthetic_events", nothing_done),
    "f13-paid-at-unlocking": (f13_judge, "_late_s", lambda walk, case: 0.0),
    "h01-watching-again-counts": (h01, "_watch_again", not_again),
    "f05-every-report-pays": (traffic, "replay", nothing_sent),
}
ALSO: dict[str, list[tuple[object, str, Any]]] = {
    # Each of these alone would still be caught by the others.
    "f05-every-report-pays": [(traffic, "backwards", nothing_sent), (traffic, "burst", nothing_sent),
                              (traffic, "forge", nothing_sent)],
    "f11-second-try": [(media, "seek_by_keys", nothing_done)],
    "f11-up-to-triple": [(media, "patch_player", nothing_done), (media, "patch_clock", nothing_done)],
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", DELETED)
def test_without_it_the_defect_survives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, attribute, instead in (DELETED[name], *ALSO.get(name, [])):
        monkeypatch.setattr(place, attribute, instead)
    requirement = VIOLATES[name]
    assert requirement is not None
    assert certified([requirement], [name])[requirement] is not Outcome.FAIL
