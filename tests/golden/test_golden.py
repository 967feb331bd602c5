"""Walks of real runs, judged again: what a judge said about them it must still say."""

from __future__ import annotations

import json

import pytest

from harness.ledger import canonical, sha256
from harness.model.observation import SegmentStarted, Stimulus
from harness.model.outcome import Level
from harness.selftest.catalogue import read_catalogue
from harness.standards import load_standard
from reports.labels import catalogue
from reports.view import named_in
from tests.golden.choose import CATALOGUE
from tests.golden.extract import MOST_BYTES
from tests.golden.stored import FOLDER, Golden, findings, load_index, outcomes, parse, unpack

STANDARD = load_standard()
INDEX = load_index()
DEFECTS = {entry.id: entry for entry in read_catalogue(CATALOGUE)}
IDS = [g.file.removesuffix(".jsonl.gz") for g in INDEX]
golden = pytest.mark.parametrize("golden", INDEX, ids=IDS)

NEVER_FAILS = "other law: its judge records what was seen for a reader and never decides against a platform"
NO_DAY = "no rehearsal studies past a daily cap"
NOT_KEPT = {
    ("F10-5", "FAIL"): NEVER_FAILS,
    ("H01-4", "PASS"): NO_DAY,
}
"""Outcomes of automatic requirements that no ledger shows, and why. This list can only become shorter."""


@golden
def test_it_is_still_judged_as_it_was(golden: Golden) -> None:
    found = findings(parse(unpack(FOLDER / golden.file)), STANDARD, golden.walk, golden.attempt)
    assert outcomes(found) == golden.expect, {name: f.observed.en for name, f in found.items()}


@golden
def test_a_report_has_words_for_all_of_it_in_both_languages(golden: Golden) -> None:
    lines = parse(unpack(FOLDER / golden.file))
    names = {o.data.segment for o in lines if isinstance(o.data, SegmentStarted)}
    names |= {o.data.name for o in lines if isinstance(o.data, Stimulus)}
    for finding in findings(lines, STANDARD, golden.walk, golden.attempt).values():
        for told in (*finding.accepted, *finding.refused):
            if isinstance(told, str):
                names.add(named_in(told))
            else:
                assert told.zh != told.en
    assert {f"act.{name}" for name in names} <= set(catalogue())


@golden
def test_each_line_is_one_that_the_run_wrote(golden: Golden) -> None:
    place = 0
    of = {f"{golden.walk} {golden.attempt}", *golden.beside}
    for raw in unpack(FOLDER / golden.file):
        line = json.loads(raw)
        assert line["hash"] == sha256(canonical({k: v for k, v in line.items() if k != "hash"}).encode())
        assert line["seq"] > place
        place = line["seq"]
        assert line["kind"] == "run_started" or f"{line['walk']} {line['attempt']}" in of


@golden
def test_a_walk_that_was_cut_off_is_never_judged(golden: Golden) -> None:
    lines = [raw for raw in unpack(FOLDER / golden.file) if json.loads(raw)["kind"] != "walk_finished"]
    found = outcomes(findings(parse(lines), STANDARD, golden.walk, golden.attempt))
    assert set(found.values()) == {"INCONCLUSIVE(HARNESS_ERROR)"}


def test_every_file_is_in_the_index_and_small() -> None:
    files = {p.name: p.stat().st_size for p in FOLDER.glob("*.gz")}
    assert set(files) == {g.file for g in INDEX}
    assert all(size < MOST_BYTES for size in files.values()), files


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Kolibri", {"F03-1": "PASS", "F05-1": "PASS", "F05-2": "FAIL", "F11-1": "FAIL", "F11-2": "FAIL",
                     "F12-1": "FAIL", "F12-2": "FAIL", "F13-1": "FAIL"}),
        ("reference", dict.fromkeys(
            ("F03-1", "F05-1", "F05-2", "F11-1", "F11-2", "F12-1", "F12-2", "F13-1"), "PASS")),
    ],
)  # fmt: skip
def test_both_sides_of_each_requirement_are_kept(subject: str, expected: dict[str, str]) -> None:
    """What was measured by hand on Kolibri, and what a platform that keeps every rule shows."""
    kept: dict[str, set[str]] = {}
    for one in INDEX:
        for name, outcome in one.expect.items():
            if subject in one.subject and not one.defects:
                kept.setdefault(name, set()).add(outcome)
    assert {name: kept.get(name) for name in expected} == {name: {outcome} for name, outcome in expected.items()}


@golden
def test_what_fails_on_the_reference_platform_fails_for_a_defect_that_was_on(golden: Golden) -> None:
    affected = frozenset[str]().union(*(DEFECTS[name].affected for name in golden.defects))
    failed = {name for name, outcome in golden.expect.items() if outcome == "FAIL"}
    assert failed <= affected or "Kolibri" in golden.subject
    untold = {name for name, outcome in golden.expect.items() if outcome.startswith("INCONCLUSIVE")}
    shown = failed | (untold & affected)  # what is violated and could not be told is worth keeping, too
    assert bool(shown) == bool(golden.defects) or "Kolibri" in golden.subject, "kept for nothing that it shows"


def test_every_automatic_requirement_passes_in_one_ledger_and_fails_in_another() -> None:
    automatic = [r.id.split("/")[-1] for r in STANDARD.requirements if r.observe == "automatic"]
    kept = {told for one in INDEX for told in one.expect.items()}
    assert {(name, said) for name in automatic for said in ("PASS", "FAIL")} - kept == set(NOT_KEPT)


def test_what_is_not_kept_is_not_kept_for_the_reason_given() -> None:
    broken = frozenset[str]().union(*(e.affected for e in DEFECTS.values()))
    notes = {r.id.split("/")[-1] for r in STANDARD.requirements if r.level is Level.LEGAL_NOTE}
    assert {name for (name, _), why in NOT_KEPT.items() if why is NEVER_FAILS} <= notes - broken
