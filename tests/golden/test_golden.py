"""Walks of real runs, judged again: what a judge said about them it must still say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.ledger import canonical, sha256
from harness.model.observation import Fault
from harness.standards import load_standard
from tests import storedrun
from tests.golden.extract import MOST_BYTES, cut, extract, thin
from tests.golden.stored import FOLDER, Golden, findings, load_index, outcomes, parse, unpack
from tests.storedrun import store
from tests.walkbuilder import WalkBuilder

STANDARD = load_standard()
INDEX = load_index()
IDS = [g.file.removesuffix(".jsonl.gz") for g in INDEX]
golden = pytest.mark.parametrize("golden", INDEX, ids=IDS)


@golden
def test_it_is_still_judged_as_it_was(golden: Golden) -> None:
    found = findings(parse(unpack(FOLDER / golden.file)), STANDARD)
    assert outcomes(found) == golden.expect, {name: f.observed.en for name, f in found.items()}


@golden
def test_each_line_is_one_that_the_run_wrote(golden: Golden) -> None:
    place = 0
    for raw in unpack(FOLDER / golden.file):
        line = json.loads(raw)
        assert line["hash"] == sha256(canonical({k: v for k, v in line.items() if k != "hash"}).encode())
        assert line["seq"] > place
        place = line["seq"]
        assert line["kind"] == "run_started" or (line["walk"], line["attempt"]) == (golden.walk, golden.attempt)


@golden
def test_a_walk_that_was_cut_off_is_never_judged(golden: Golden) -> None:
    lines = [raw for raw in unpack(FOLDER / golden.file) if json.loads(raw)["kind"] != "walk_finished"]
    found = outcomes(findings(parse(lines), STANDARD))
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
            if subject in one.subject:
                kept.setdefault(name, set()).add(outcome)
    assert {name: kept.get(name) for name in expected} == {name: {outcome} for name, outcome in expected.items()}


def test_a_known_defect_fails_its_requirement_and_nothing_else() -> None:
    """The one ledger of a platform that was broken on purpose, among those of platforms that keep every rule."""
    (broken,) = (one for one in INDEX if one.file == "reference-f07-without-portraits.jsonl.gz")
    assert {name for name, outcome in broken.expect.items() if outcome == "FAIL"} == {"F07-12"}
    kept = [one for one in INDEX if one.file == "reference-h01-hour-camera.jsonl.gz"]
    assert [one.expect["F07-12"] for one in kept] == ["PASS"]


def test_walks_are_cut_out_whole_and_thinned_without_another_verdict(tmp_path: Path) -> None:
    run = store(tmp_path / "run")
    whole = cut(run, "F05.honest", 1)
    kept = thin(whole, 5)
    assert len(kept) < len(whole) / 3
    others = [raw for raw in whole if json.loads(raw)["kind"] != "media"]
    assert [raw for raw in kept if json.loads(raw)["kind"] != "media"] == others
    entry = extract(run, "F05.honest", 1, tmp_path / "honest.jsonl.gz")
    assert (entry.expect["F03-1"], entry.expect["F05-1"]) == ("PASS", "PASS")
    assert load_index(tmp_path) == [entry]
    assert outcomes(findings(parse(unpack(tmp_path / entry.file)), STANDARD)) == entry.expect
    first = (tmp_path / entry.file).read_bytes()
    extract(run, "F05.honest", 1, tmp_path / "honest.jsonl.gz")
    assert (tmp_path / entry.file).read_bytes() == first


def test_a_walk_that_is_not_there_and_a_run_that_was_changed_are_refused(tmp_path: Path) -> None:
    run = store(tmp_path / "run")
    with pytest.raises(UsageError, match=r"no such walk; got F05\.honest 2; expected F05\.honest 1"):
        cut(run, "F05.honest", 2)
    ledger = run / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"credited_s":300.0', b'"credited_s":301.0'))
    with pytest.raises(UsageError, match="line was changed"):
        extract(run, "F05.honest", 1, tmp_path / "honest.jsonl.gz")


def test_a_path_of_the_machine_does_not_come_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = storedrun.honest_walk

    def with_fault() -> WalkBuilder:
        walk = build()
        walk.add(Fault(whose="harness", type="OSError", message="not found: /home/someone/secret.txt"))
        return walk

    monkeypatch.setattr(storedrun, "honest_walk", with_fault)
    run = store(tmp_path / "run")
    with pytest.raises(UsageError, match="a path of this machine"):
        extract(run, "F05.honest", 1, tmp_path / "honest.jsonl.gz")
    assert not (tmp_path / "honest.jsonl.gz").exists()
