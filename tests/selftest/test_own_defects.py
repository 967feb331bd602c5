"""Every automatic requirement has a defect of its own, or docs/selftest.md says why none can exist."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from fixtures.refplatform.defects.catalogue import read_catalogue
from harness.model.outcome import Outcome
from harness.standards import load_standard
from probes.crosscheck import Stated, apart
from tests.selftest.office import certified

DOC = Path(__file__).parents[2] / "docs" / "selftest.md"
HEADING = "## Requirements without a defect of their own"
AUTOMATIC = {r.short for r in load_standard().requirements if r.observe == "automatic"}
CATALOGUE = {entry.id: entry for entry in read_catalogue()}
VIOLATED = {entry.violates for entry in CATALOGUE.values()}
NEVER_FAILS = "F10-5"


def listed() -> dict[str, list[str]]:
    """The table's rows: requirement, why there is none, what shows it instead."""
    section = DOC.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {name: rest for name, *rest in rows[2:]}


def defects_of(requirement: str) -> list[str]:
    """The defects that the last cell of its row names."""
    return [name for name in re.findall(r"`([^`]+)`", listed()[requirement][-1]) if name in CATALOGUE]


def test_the_list_names_exactly_those_that_nothing_violates() -> None:
    """Fails for a new requirement without a defect, and for one whose defect has come meanwhile."""
    assert set(listed()) == AUTOMATIC - VIOLATED


@pytest.mark.parametrize("requirement", sorted(AUTOMATIC - VIOLATED))
def test_each_says_why_and_is_shown_otherwise(requirement: str) -> None:
    why, instead = listed()[requirement]
    assert why
    assert instead
    named = defects_of(requirement)
    assert bool(named) is (requirement != NEVER_FAILS)
    for name in named:
        assert requirement in CATALOGUE[name].implies, name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("requirement", "name"),
    [(r, name) for r in sorted(AUTOMATIC - VIOLATED - {NEVER_FAILS}) for name in defects_of(r)],
)
def test_what_is_named_instead_makes_it_fail(requirement: str, name: str) -> None:
    assert certified([requirement], [name]) == {requirement: Outcome.FAIL}


HOUR_S = 60.0
HOURS = (0.0, 1.0, 2.0)
SECONDS = (None, 0.0, 58.0, 61.0, 119.0, 120.0, 180.0)


def test_a_certificate_differs_from_no_place_alone() -> None:
    """X-04 and X-08: where the record agrees with the certificate and with another place, these two agree."""
    for in_record, on_paper, elsewhere in product(HOURS, repeat=3):
        paper = Stated("certificate", on_paper, None, 0)
        for shown, counted in product(SECONDS, repeat=2):
            record, other = Stated("record", in_record, shown, 0), Stated("other", elsewhere, counted, 0)
            if not apart(record, paper, HOUR_S) and not apart(record, other, HOUR_S):
                assert not apart(paper, other, HOUR_S), (record, paper, other)


def test_statistics_and_archive_differ_alone_at_the_edges_only() -> None:
    """X-05: each a little beside the record, to opposite sides; less than the tolerance together is never told."""
    record, statistics = Stated("record", 1.0, 100.0, 0), Stated("statistics", 1.0, 101.5, 0)
    assert not apart(record, statistics, HOUR_S)
    assert not apart(record, Stated("archive", 1.0, 98.5, 0), HOUR_S)
    assert not apart(statistics, Stated("archive", 1.0, 99.5, 0), HOUR_S)
    assert apart(statistics, Stated("archive", 1.0, 98.5, 0), HOUR_S)
    up, down = Stated("statistics", 1.0, 120.0, 0), Stated("archive", 1.0, 60.0, 0)  # in minutes, up and down
    assert not apart(up, down, HOUR_S)
