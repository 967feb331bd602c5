"""The demonstration: part of the certification on two real subjects, one that fails and one that conforms."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from harness.certify import Order, certify
from harness.console import show
from harness.errors import UsageError
from harness.events import Event
from harness.model.outcome import Outcome
from harness.model.run import RunResult

PROFILES = Path("fixtures") / "profiles"


@dataclass(frozen=True, slots=True)
class Part:
    """One subject of the demonstration and what must come out."""

    name: str
    profile: str
    scale: float
    expected: dict[str, Outcome]
    """The requirements that are tested, and what must come out."""


PARTS = (
    Part(
        "小型合规平台 The small conforming platform",
        "reference-spa.yaml",
        30,
        {
            "F03-1": Outcome.PASS,
            "F05-1": Outcome.PASS,
            "F05-2": Outcome.PASS,
            "F11-1": Outcome.PASS,
            "F11-2": Outcome.PASS,
            "F12-1": Outcome.PASS,
            "F12-2": Outcome.PASS,
        },
    ),
    Part(
        "Kolibri",
        "kolibri.yaml",
        1,
        {
            "F03-1": Outcome.PASS,
            "F05-1": Outcome.PASS,
            "F05-2": Outcome.FAIL,
            "F11-1": Outcome.FAIL,
            "F12-1": Outcome.FAIL,
        },
    ),
)


def run_demo(lang: str = "zh", parts: tuple[Part, ...] = PARTS) -> int:
    """Run every part; 0 when each verdict is the expected one, else 1."""
    good = True
    for part in parts:
        profile = PROFILES / part.profile
        if not profile.is_file():
            raise UsageError("profile not found", where=str(profile), hint="Run the demo from the repository's folder.")
        print(f"\n== {part.name} ==", flush=True)
        start = time.monotonic()
        folder, result = certify(Order(profile, only=tuple(part.expected), scale=part.scale), _say)
        show(Console(), result, "en" if lang == "en" else "zh")
        print(f"报告 report: {folder / 'report.html'}  ({time.monotonic() - start:.0f} s)")
        good = _as_expected(part, result) and good
    print("\n演示完成 demo done" if good else "\n演示结果与预期不符 the demo did not come out as expected")
    return 0 if good else 1


def _say(event: Event) -> None:
    if event.kind in ("finished", "repeated"):
        print(f"  {event.kind} {event.walk} #{event.attempt} {event.seconds:.0f} s", flush=True)


def _as_expected(part: Part, result: RunResult) -> bool:
    got = {v.id.rsplit("/", 1)[-1]: v.outcome for v in result.requirements}
    wrong = {name: got.get(name) for name, wanted in part.expected.items() if got.get(name) is not wanted}
    for name, outcome in wrong.items():
        print(f"  {name}: got {outcome}, expected {part.expected[name]}")
    return not wrong
