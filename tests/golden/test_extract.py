"""Cutting a golden ledger out of a run: what comes along, what is thinned, what is refused."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from harness.clock import FakeClock
from harness.errors import UsageError
from harness.ledger import Ledger
from harness.model.observation import Context, CreditRead, Fault, Observation, TakenUp, WalkFinished, WalkStarted
from harness.model.values import Credit
from harness.standards import load_standard
from harness.view import SETTLED
from tests import storedrun
from tests.golden.extract import cut, extract, thin
from tests.golden.stored import FOLDER, findings, load_index, outcomes, parse, unpack
from tests.storedrun import store
from tests.walkbuilder import START, WalkBuilder

STANDARD = load_standard()


def written_anew(run_dir: Path, lines: list[Observation]) -> Path:
    """A run of these lines, with a chain of its own and without their evidence."""

    async def write() -> None:
        clock = FakeClock(START)
        ledger = Ledger(run_dir, clock)
        for line in lines:
            await clock.advance(line.t - clock.mono_ns() / 1e9)
            context = Context.model_validate({name: getattr(line, name) for name in Context.model_fields})
            ledger.append(line.data, context, u_s=line.u_s)
        ledger.close()

    asyncio.run(write())
    return run_dir


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
    assert outcomes(findings(parse(unpack(tmp_path / entry.file)), STANDARD, "F05.honest", 1)) == entry.expect
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


def test_what_a_judge_compares_a_walk_with_comes_along_in_every_attempt(tmp_path: Path) -> None:
    (kept,) = (one for one in load_index() if one.walk == "D.seek_script" and "FAIL" in one.expect.values())
    lines = parse(unpack(FOLDER / kept.file))
    run = written_anew(tmp_path / "run", lines)
    entry = extract(run, kept.walk, kept.attempt, tmp_path / "both.jsonl.gz", ["f11-only-when-watched"])
    assert entry.beside == ("F11.seek_script 1", "F11.seek_script 2")
    assert entry.expect == kept.expect == {"D-F11": "FAIL"}
    assert load_index(tmp_path) == [entry]
    attempts = {(line.walk, line.attempt) for line in parse(unpack(tmp_path / entry.file)) if line.walk}
    assert attempts == {("D.seek_script", kept.attempt), ("F11.seek_script", 1), ("F11.seek_script", 2)}
    alone = extract(run, "F11.seek_script", 2, tmp_path / "alone.jsonl.gz")
    assert alone.beside == ()
    assert alone.expect["F11-1t"] == "FAIL"


def test_without_the_other_visitor_there_is_nothing_to_compare_with() -> None:
    (kept,) = (one for one in load_index() if one.walk == "D.seek_script" and "FAIL" in one.expect.values())
    lines = [line for line in parse(unpack(FOLDER / kept.file)) if line.walk != "F11.seek_script"]
    assert outcomes(findings(lines, STANDARD, kept.walk, kept.attempt)) == {"D-F11": "INCONCLUSIVE(NOT_RUN)"}


@pytest.mark.parametrize(("settled_s", "expected"), [(360.0, "PASS"), (90.0, "FAIL")])
def test_what_a_walk_takes_up_again_comes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settled_s: float, expected: str
) -> None:
    def next_day(ledger: Ledger) -> None:
        def add(fact: WalkStarted | CreditRead | WalkFinished) -> None:
            ledger.append(fact, Context(probe="F05", walk="F05.settled", account="A", lesson="L1"))

        told = TakenUp(walk="F05.honest", attempt=1)
        add(WalkStarted(purpose="test", planned_s=1, accounts=("A",), lessons=("L1",), follows=told))
        add(CreditRead(at=SETTLED, credit=Credit(credited_s=settled_s, resolution_s=0.0)))
        add(WalkFinished(status="done", took_s=1))

    monkeypatch.setattr(storedrun, "_before_the_end", next_day)
    entry = extract(store(tmp_path / "run"), "F05.settled", 1, tmp_path / "settled.jsonl.gz")
    assert entry.beside == ("F05.honest 1",)
    assert entry.expect["F05-1"] == expected
    found = findings(parse(unpack(tmp_path / entry.file)), STANDARD, "F05.settled", 1)
    assert outcomes(found) == entry.expect
