"""Whole walks on the reference platform in this process: clean it passes, each defect fails what it violates and
nothing that it does not imply, and a decoy changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.refplatform.defects.catalogue import Entry, read_catalogue
from harness.model.outcome import Outcome, worst
from harness.probe import load_probes
from tests.probes.reference import SCALE, Reference
from tests.probes.simulated import LeapClock
from tests.probes.test_simulated import findings

pytestmark = pytest.mark.anyio
WALKS = ("H01.hour", "F06.early", "F07.file", "H02.share", "OP.tools")
SERVED = {name: {j.requirement for p in load_probes() for j in p.judgements if name in j.walks} for name in WALKS}
OPEN = {"F07-12", "H01-4"}
"""Without a camera no portrait is captured; a day's cap takes a day."""
CAMERA = ("F09", "F10")
"""What the same walks also say, and only before a camera."""
SAMPLE = ("f06-outlives-the-record", "f08-learner-ignored")
"""In every run of the tests; the others with the whole matrix. F02, F04 and H02 have theirs in tests/selftest."""


async def outcomes(tmp_path: Path, walks: tuple[str, ...], *defects: str) -> dict[str, Outcome]:
    """The worst outcome of each requirement over some walks, each on a fresh platform."""
    seen: dict[str, list[Outcome]] = {}
    for name in walks:
        on = Reference(LeapClock(), defects)
        lesson = next(x for x in on.profile.lessons if x.test_course is (name != "H02.share"))
        policy: dict[str, Any] = {**on.profile.facts()["policy"], "capture_interval_s": None, "face_moments": None}
        account = on.profile.accounts["learner"][3]
        made = await findings(tmp_path / name, name, on, lesson, policy, (account,), SCALE)  # type: ignore[arg-type]
        for requirement, finding in made.items():
            if requirement.startswith(CAMERA):
                continue
            seen.setdefault(requirement.split()[0], []).append(finding.outcome)
    return {requirement: worst(found) for requirement, found in seen.items()}


async def test_the_clean_platform_passes(tmp_path: Path) -> None:
    found = await outcomes(tmp_path, WALKS)
    assert {r: o for r, o in found.items() if o is not Outcome.PASS and r not in OPEN} == {}


def entries(kinds: tuple[str, ...]) -> Iterator[Any]:
    everything = {r for served in SERVED.values() for r in served if not r.startswith(CAMERA)}
    for entry in read_catalogue():
        if entry.kind in kinds and "spa" in entry.fronts and (entry.violates in everything or entry.kind == "decoy"):
            if entry.function in ("H01", "F03", "F12") or (entry.camera and entry.violates == "F07-12"):
                continue  # of study time, or of portraits: they take a browser
            marks = () if entry.id in SAMPLE else (pytest.mark.slow,)
            yield pytest.param(entry, id=entry.id, marks=marks)


@pytest.mark.parametrize("entry", list(entries(("defect", "fraud"))))
async def test_a_defect_fails_what_it_violates(tmp_path: Path, entry: Entry) -> None:
    found = await outcomes(tmp_path, WALKS, entry.id)
    failed = {requirement for requirement, outcome in found.items() if outcome is Outcome.FAIL}
    assert entry.violates in failed, found
    assert failed <= {str(entry.violates), *entry.implies}


@pytest.mark.parametrize("entry", list(entries(("decoy",))))
async def test_a_decoy_changes_no_verdict(tmp_path: Path, entry: Entry) -> None:
    found = await outcomes(tmp_path, WALKS, entry.id)
    assert {r: o for r, o in found.items() if o is not Outcome.PASS and r not in OPEN} == {}
