"""One command, several starts: what is made, taken up again, counted and concluded."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness import cli
from harness.errors import RunLeft, UsageError
from harness.selftest import conduct as jobs
from harness.stability import conduct as c
from harness.stability.record import Kept, Rehearsal
from tests.stability.played import FAIL, PASS, UNSURE, Played, result, verdict

GOOD = (verdict("F11-1"), verdict("F12-1"))


@pytest.fixture
def order(tmp_path: Path) -> c.Order:
    (tmp_path / "subject").mkdir()
    (tmp_path / "subject" / "rules.py").touch()
    for front in c.FRONTS:
        (tmp_path / f"reference-{front}.yaml").touch()
    return c.Order(times=4, subject=tmp_path / "subject", profiles=tmp_path, folder=tmp_path / "out")


@pytest.fixture(autouse=True)
def neighbours(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the neighbour did, in order; real processes have tests of their own."""
    did: list[str] = []

    @contextlib.contextmanager
    def busy() -> Iterator[SimpleNamespace]:
        did.append("begins")
        yield SimpleNamespace(busy=True)
        did.append("ends")

    monkeypatch.setattr(c, "busy_neighbour", busy)
    return did


def play(monkeypatch: pytest.MonkeyPatch, played: Played | None = None) -> Played:
    played = played or Played(lambda number: GOOD)
    monkeypatch.setattr(c, "run_job", played)
    return played


@pytest.mark.parametrize(
    ("times", "busy", "disturbed"),
    [(20, None, [4, 8, 12, 16, 20]), (4, 4, [1, 2, 3, 4]), (3, 0, []), (3, None, []), (5, 2, [3, 5])],
)
def test_the_busy_ones_are_spread_evenly(times: int, busy: int | None, disturbed: list[int]) -> None:
    made = c.turns(c.Order(fronts=("spa",), times=times, busy=busy))
    assert len(made) == times
    assert [n for n, turn in enumerate(made, 1) if turn.busy] == disturbed


def test_both_fronts_by_turns_clean_with_cameras_a_quarter_disturbed(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, neighbours: list[str]
) -> None:
    played = play(monkeypatch)
    found = c.conduct(order)
    assert [j.front for j in played.asked] == ["spa", "classic"] * 4
    assert {(j.kind, j.defects, j.camera, j.only, j.scale) for j in played.asked} == {("clean", (), "on", (), 30.0)}
    assert neighbours == ["begins", "ends"] * 2
    assert [(g.name, g.done, g.asked) for g in found.groups] == [
        ("spa quiet", 3, 3),
        ("spa busy", 1, 1),
        ("classic quiet", 3, 3),
        ("classic busy", 1, 1),
    ]
    assert found.passed
    written = json.loads((order.folder / c.SUMMARY).read_text("utf-8"))
    assert (written["done"], written["passed"]) == (8, True)
    assert "stable" in (order.folder / c.PAGE).read_text("utf-8")


def test_what_is_there_is_not_made_again(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch)
    first = c.conduct(order)
    again = play(monkeypatch)
    assert c.conduct(order) == first
    assert again.asked == []
    more = play(monkeypatch)
    c.conduct(replace(order, times=6, busy=2))
    assert Counter(j.front for j in more.asked) == {"spa": 2, "classic": 2}, "one quiet and one busy more of each"


@pytest.mark.parametrize("alike", [True, False])
def test_what_was_observed_with_this_code_is_judged_anew(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, alike: bool
) -> None:
    play(monkeypatch)
    c.conduct(order)
    was = {r.run for r in Kept(order.folder).all}
    anew = result((verdict("F11-1", UNSURE, (UNSURE,)), verdict("F12-1")))
    monkeypatch.setattr(c, "judged_anew", lambda run: anew if alike and run.name == "run-1" else None)
    for place in (c, jobs):
        monkeypatch.setattr(place, "harness_digest", lambda: "another")
    again = play(monkeypatch, Played(lambda number: GOOD, digest="another"))
    for _ in range(2):
        found = c.conduct(order)
        assert found.passed
        assert len(again.asked) == (6 if alike else 8), "one of each front counts for the judges of now"
    moved = [r for r in Kept(order.folder).all if r.run in was][8:]
    assert [r.requirements["F11-1"].open for r in moved] == ([True, True] if alike else [])


def test_a_start_that_is_ended_goes_on_with_what_is_missing(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(number: int) -> tuple[object, ...]:
        if number == 3:
            raise KeyboardInterrupt
        return GOOD

    play(monkeypatch, Played(leave))  # type: ignore[arg-type]
    with pytest.raises(RunLeft, match=r"kept[\s\S]*goes on"):
        c.conduct(order)
    assert len(Kept(order.folder).all) == 2
    rest = play(monkeypatch)
    assert c.conduct(order).passed
    assert len(rest.asked) == 6


def test_no_rehearsal_is_begun_after_the_time(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    played = play(monkeypatch)
    times = iter((0.0, 0.0, 3599.0, 3600.0))
    said: list[str] = []
    start = c.Conductor(replace(order, minutes=60), said.append, lambda: next(times))
    found = c.asyncio.run(start.run())
    assert len(played.asked) == 2, "the one that was begun in time is finished"
    assert "6 left for the next start" in said[-1]
    assert (found.done, found.complete, found.exit_code) == (2, False, 3)


@pytest.mark.parametrize("changed", ["subject/rules.py", "reference-spa.yaml"])
def test_another_subject_or_profile_begins_anew(
    changed: str, order: c.Order, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    play(monkeypatch, Played(lambda number: [verdict("F11-1", FAIL, (FAIL, FAIL))]))
    assert c.conduct(replace(order, fronts=("spa",))).exit_code == 1
    (tmp_path / changed).write_text("mended = True\n")
    again = play(monkeypatch)
    assert c.conduct(replace(order, fronts=("spa",))).passed, "what another version did counts no more"
    assert len(again.asked) == 4
    assert len(Kept(order.folder).all) == 8, "and is kept"


def test_another_harness_begins_anew(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch)
    c.conduct(order)
    for module in (c, jobs):
        monkeypatch.setattr(module, "harness_digest", lambda: "another")
    again = play(monkeypatch, Played(lambda number: GOOD, digest="another"))
    c.conduct(order)
    assert len(again.asked) == 8


def test_a_change_in_the_middle_of_a_rehearsal_makes_it_void(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, Played(lambda number: GOOD, digest="edited meanwhile"))
    found = c.conduct(replace(order, fronts=("spa",), times=1))
    assert [b.error for b in found.broken] == ["the harness was changed while it ran"]
    assert found.exit_code == 3


def test_one_fail_is_enough(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, Played(lambda number: [verdict("F11-1", FAIL, (FAIL, FAIL))] if number == 2 else GOOD))
    found = c.conduct(order)
    assert found.complete
    assert not found.passed
    assert found.exit_code == 1
    (fail,) = found.fails
    assert (fail.front, fail.busy, fail.requirement) == ("classic", False, "F11-1")
    assert (order.folder / fail.run / "run.json").is_file(), "the run that it is seen in"
    assert fail.run in (order.folder / c.PAGE).read_text("utf-8")


def test_a_rehearsal_without_a_result_is_missing_and_made_by_the_next_start(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch, Played(lambda number: "exit 4" if number == 1 else GOOD))
    found = c.conduct(order)
    assert (found.done, found.asked, found.exit_code) == (7, 8, 3)
    rest = play(monkeypatch)
    found = c.conduct(order)
    assert len(rest.asked) == 1
    assert found.passed
    assert [b.error for b in found.broken] == ["exit 4"], "it is named to the end"


def test_a_neighbour_that_ended_early_makes_it_void(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch)
    monkeypatch.setattr(c, "busy_neighbour", lambda: contextlib.nullcontext(SimpleNamespace(busy=False)))
    found = c.conduct(replace(order, fronts=("spa",)))
    assert [(b.busy, b.error) for b in found.broken] == [(True, "the busy neighbour ended before the rehearsal did")]
    assert not found.complete


def test_each_rehearsal_has_a_seed_of_its_own(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    played = play(monkeypatch)
    c.conduct(replace(order, seed=7))
    by_front = {
        front: [s for j, s in zip(played.asked, played.seeds, strict=True) if j.front == front] for front in c.FRONTS
    }
    assert by_front == {"spa": [7, 8, 9, 10], "classic": [7, 8, 9, 10]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"busy": 5}, "more busy rehearsals"),
        ({"fronts": ("spa", "spa")}, "each front is named once"),
        ({"fronts": ()}, "each front is named once"),
        ({"fronts": ("mobile",)}, r"profile not found[\s\S]*spa, classic"),
        ({"only": ("F77",)}, "F77"),
    ],
)
def test_mistakes_are_named_before_anything_starts(
    changes: dict[str, object], message: str, order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play(monkeypatch)
    with pytest.raises(UsageError, match=message):
        c.conduct(replace(order, **changes))  # type: ignore[arg-type]
    assert played.asked == []


def test_two_starts_do_not_share_a_folder(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch)
    with c.only_start(order.folder), pytest.raises(UsageError, match="another start"):
        c.conduct(order)


def test_a_line_that_was_cut_off_costs_one_rehearsal_and_no_other(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    for number in range(3):
        kept.put(Rehearsal(key="k", front="spa", busy=False, run=str(number)))
    text = kept.file.read_text("utf-8")
    kept.file.write_text(text[:-20], encoding="utf-8")
    again = Kept(tmp_path)
    assert [r.run for r in again.all] == ["0", "1"]
    again.put(Rehearsal(key="k", front="spa", busy=False, run="3"))
    assert [r.run for r in Kept(tmp_path).all] == ["0", "1", "3"]
    kept.file.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not a file of results"):
        Kept(tmp_path)


@pytest.mark.parametrize(("told", "code"), [(PASS, 0), (UNSURE, 0), (FAIL, 1)])
def test_the_command_line(
    told: tuple[object, object],
    code: int,
    order: c.Order,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    play(monkeypatch, Played(lambda number: [verdict("F11-1", told, (told,))]))  # type: ignore[arg-type]
    monkeypatch.setattr(c, "conduct", lambda given, say, real=c.conduct: real(replace(order, times=given.times), say))
    for more in ((), ("--json",)):
        monkeypatch.setattr(sys, "argv", ["xunjian", "stability", "--times", "1", *more])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == code
    out = capsys.readouterr().out
    people, _, program = out.partition("\n{")
    assert ("不稳定 not stable" in people) is (code == 1)
    assert json.loads("{" + program)["passed"] is (code == 0)
