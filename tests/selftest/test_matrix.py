"""Every defect of study time is killed by its own requirement, through the walks and judges of a real run."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from _pytest.mark.structures import ParameterSet

from fixtures.refplatform.defects.catalogue import read_catalogue
from harness.model.observation import Input
from harness.model.outcome import Outcome
from harness.probe import load_probes
from tests.selftest.stage import SETTING, certified, declaring, perform, walks_of

REQUIREMENTS = (
    "F05-1", "F05-2", "X-06", "F11-1", "F11-1t", "F11-2", "F11-2t", "F12-1", "F12-1v", "F12-1t", "F12-2", "F13-1",
    "F13-1v", "F13-1t", "F13-2", "F13-3", "H01-1", "H01-3", "D-F05", "D-F11", "D-F12", "D-F13", "D-H01",
)  # fmt: skip
"""What is judged on walks that need neither a camera nor an administrator."""
DECLARED = ("H01-4",)
"""Waits for an assessor on the clean platform; what is declared can violate it all the same."""
ENTRIES = {
    e.id: e for e in read_catalogue() if e.violates in (*REQUIREMENTS, *DECLARED) and not e.camera and "spa" in e.fronts
}
SAMPLE = {
    next(name for name in ENTRIES if name.startswith(function)) for function in ("f05", "f11", "f12", "f13", "h01")
}


def sampled(names: Iterable[str]) -> list[ParameterSet]:
    """One of each function in every run of the tests, the others with the whole matrix."""
    return [pytest.param(name, marks=[] if name in SAMPLE else [pytest.mark.slow]) for name in names]


def test_there_is_a_judge_for_whatever_is_violated() -> None:
    judged = {j.requirement for p in load_probes() for j in p.judgements}
    assert set(REQUIREMENTS) <= judged


@pytest.mark.slow  # in every run of the tests tests/e2e/test_rehearsal.py shows it, in a real browser
def test_the_clean_platform_has_no_fault() -> None:
    verdicts = certified(REQUIREMENTS, ())
    assert {name: outcome for name, outcome in verdicts.items() if outcome is not Outcome.PASS} in (
        {},
        {"X-06": Outcome.WARN},
    )


def test_looking_on_in_short_pieces_is_one_rhythm_of_input() -> None:
    """Each piece began its own, and somebody who sat there all the time was locked out for idling."""
    (segment,) = perform("F11.finish_fast", ()).of_kind("attack")
    moments = [segment.start, *(o.t for o in segment.observations if isinstance(o.data, Input)), segment.end]
    longest = max(b - a for a, b in itertools.pairwise(moments))
    assert longest < SETTING.policy["idle_limit_s"] / SETTING.scale / 2


@pytest.mark.parametrize("name", sampled(ENTRIES))
def test_it_is_killed(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.violates is not None
    with declaring(entry.declares):
        assert certified([entry.violates], [name], entry.shown_by) == {entry.violates: Outcome.FAIL}


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry.declares])
def test_what_was_not_declared_is_not_held_against_it(name: str) -> None:
    """The same platform under the profile of every day: it is the declaration that is at fault."""
    violated = ENTRIES[name].violates
    assert violated is not None
    assert certified([violated], [name])[violated] is not Outcome.FAIL


def test_an_entry_names_walks_that_its_requirement_is_judged_on() -> None:
    for entry in read_catalogue():
        if entry.shown_by:
            assert entry.violates is not None
            assert set(entry.shown_by) < set(walks_of(entry.violates)), entry.id


DECOYS = [e.id for e in read_catalogue() if e.kind == "decoy" and e.function in ("F05", "F11", "F12") and not e.camera]


@pytest.mark.slow
@pytest.mark.parametrize("name", DECOYS)
def test_what_is_unusual_but_right_has_no_fault(name: str) -> None:
    """Record in whole seconds, later credit, automated browsers refused and the like."""
    failed = {r: outcome for r, outcome in certified(REQUIREMENTS, [name]).items() if outcome is not Outcome.PASS}
    assert failed in ({}, {"X-06": Outcome.WARN})


@pytest.mark.slow
@pytest.mark.parametrize("name", list(ENTRIES))
def test_nothing_else_fails(name: str) -> None:
    """Every requirement against each defect: what FAILs is what it violates or implies."""
    entry = ENTRIES[name]
    with declaring(entry.declares):
        verdicts = certified((*REQUIREMENTS, *DECLARED), [name])
    failed = {r for r, outcome in verdicts.items() if outcome is Outcome.FAIL}
    assert entry.violates in failed
    assert failed <= {entry.violates, *entry.implies}
