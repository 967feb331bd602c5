"""Every defect of courses, people, questions and papers, and operators' frauds, are killed by their own requirement."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from _pytest.mark.structures import ParameterSet

from fixtures.refplatform.defects.catalogue import read_catalogue
from harness.model.outcome import Outcome
from tests.selftest.office import certified

REQUIREMENTS = (
    "F01-1", "F01-1v", "F01-2a", "F01-3", "X-07", "F02-1", "F02-1v", "F02-1a", "F02-2", "F04-1", "F05-3", "F05-4",
    "F06-1", "F06-2", "F06-2a", "F06-3", "F07-1", "F07-2", "F07-11", "F07-13", "F07-13a", "F07-13v", "F08-1", "F08-1v",
    "F08-2", "H01-1v", "H01-2", "H02-1", "H02-2", "H02-3", "OP-1", "X-01", "X-02", "X-03", "X-04", "X-05", "X-08",
    "X-09", "X-10", "X-11",
)  # fmt: skip
"""What is judged without a camera. F07-12 asks for portraits, too, and needs one."""
BESIDES = ("H01-1",)
"""Judged on these walks, too; test_matrix.py has its defects."""
ENTRIES = {
    e.id: e
    for e in read_catalogue()
    if e.violates in REQUIREMENTS and not e.camera and "spa" in e.fronts and e.function[:3] not in ("F11", "F12", "F13")
}
SAMPLE = {"f01-edit-lost", "f02-any-birthday", "f04-answer-to-others", "h02-a-fifth-will-do"}


def sampled(names: Iterable[str]) -> list[ParameterSet]:
    """A few quick ones in every run of the tests, all with the whole matrix."""
    return [pytest.param(name, marks=[] if name in SAMPLE else [pytest.mark.slow]) for name in names]


@pytest.mark.slow
def test_the_clean_platform_passes_whole() -> None:
    assert {name: outcome for name, outcome in certified(REQUIREMENTS, ()).items() if outcome is not Outcome.PASS} == {}


@pytest.mark.parametrize("name", sampled(ENTRIES))
def test_it_is_killed(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.violates is not None
    assert certified([entry.violates], [name]) == {entry.violates: Outcome.FAIL}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(ENTRIES))
def test_nothing_else_fails(name: str) -> None:
    """Every requirement against each defect: what FAILs is what it violates or implies."""
    entry = ENTRIES[name]
    failed = {r for r, outcome in certified((*REQUIREMENTS, *BESIDES), [name]).items() if outcome is Outcome.FAIL}
    assert entry.violates in failed
    assert failed <= {entry.violates, *entry.implies}
