"""Choosing what to keep: few, small, and each for the reason that it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.ledger import LEDGER
from harness.model.finding import Text
from harness.selftest.catalogue import Entry
from harness.standards import load_standard
from tests.golden.choose import Candidate, candidates, choose, runs
from tests.golden.extract import MOST_BYTES
from tests.storedrun import store

WORDS = Text(zh="缺陷", en="a defect")
LOSES = Entry(id="loses", function="F05", violates="F05-1", implies=("X-06",), statement=WORDS)
ROUNDS = Entry(id="rounds", function="F05", violates="X-06", implies=(), statement=WORDS)


def candidate(walk: str, told: dict[str, str], *defects: Entry, size: int = 1000) -> Candidate:
    return Candidate(Path("run"), walk, 1, defects, size, frozenset(told.items()))


def chosen(every: list[Candidate], wanted: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(c.walk, new) for c, new in choose(every, wanted.items())]


def test_a_pass_is_kept_of_a_platform_without_defects_only() -> None:
    broken = candidate("broken", {"F03-1": "PASS"}, LOSES, size=10)
    assert chosen([broken], {"F03-1": "PASS"}) == []
    assert chosen([broken, candidate("sound", {"F03-1": "PASS"})], {"F03-1": "PASS"}) == [
        ("sound", [("F03-1", "PASS")])
    ]


def test_a_fail_is_kept_where_a_defect_violates_it_and_only_else_where_one_implies_it() -> None:
    implied = candidate("implied", {"X-06": "FAIL"}, LOSES, size=10)
    assert chosen([implied], {"X-06": "FAIL"}) == [("implied", [("X-06", "FAIL")])]
    assert chosen([implied, candidate("violated", {"X-06": "FAIL"}, ROUNDS)], {"X-06": "FAIL"}) == [
        ("violated", [("X-06", "FAIL")])
    ]


def test_one_that_shows_more_stands_for_several_and_one_too_large_for_none() -> None:
    both = candidate("both", {"F05-1": "FAIL", "X-06": "FAIL"}, LOSES, ROUNDS)
    one = candidate("one", {"F05-1": "FAIL"}, LOSES)
    large = candidate("large", {"F04-1": "PASS"}, size=MOST_BYTES)
    wanted = {"F05-1": "FAIL", "X-06": "FAIL", "F04-1": "PASS"}
    assert chosen([one, both, large], wanted) == [("both", [("F05-1", "FAIL"), ("X-06", "FAIL")])]


def test_a_self_test_says_which_defects_were_on(tmp_path: Path) -> None:
    run = store(tmp_path / "runs" / "k1" / "20261124T120000Z-acme")
    result = {"key": "k1", "defects": ["f05-a-third-is-lost"]}
    (tmp_path / "results.jsonl").write_text(json.dumps(result) + "\n", encoding="utf-8")
    assert list(runs(tmp_path)) == [(run, ("f05-a-third-is-lost",))]
    assert list(runs(run)) == [(run, ())]
    with pytest.raises(UsageError, match="neither a self-test's folder nor a run's"):
        list(runs(tmp_path / "nowhere"))


def test_of_a_run_only_what_is_judged_as_it_was_is_offered(tmp_path: Path) -> None:
    run = store(tmp_path / "run")
    (found,) = candidates(run, (), load_standard())
    assert (found.walk, found.attempt) == ("F05.honest", 1)
    assert {("F03-1", "PASS"), ("F05-1", "PASS")} <= found.told
    path = run / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"outcome": "PASS"', '"outcome": "WARN"'), "utf-8")
    assert list(candidates(run, (), load_standard())) == []


def test_what_is_read_again_after_a_walk_belongs_to_it(tmp_path: Path) -> None:
    ledger = store(tmp_path / "run") / LEDGER
    lines = ledger.read_bytes().splitlines(keepends=True)
    end = next(n for n, raw in enumerate(lines) if json.loads(raw)["kind"] == "walk_finished")
    again = next(n for n in range(end, 0, -1) if json.loads(lines[n])["kind"] == "credit")
    ledger.write_bytes(b"".join([*lines[:again], *lines[again + 1 : end + 1], lines[again], *lines[end + 1 :]]))
    (found,) = candidates(ledger.parent, (), load_standard())
    assert found.walk == "F05.honest"
