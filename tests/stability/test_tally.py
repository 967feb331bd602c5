"""What a rehearsal keeps of a run, and what many of them come to."""

from __future__ import annotations

import pytest

from harness.model.outcome import Outcome, Reason
from harness.rates import upper_bound
from harness.stability.page import write_page
from harness.stability.record import Rehearsal, Seen, seen_in
from harness.stability.show import lines
from harness.stability.tally import Stability, tally
from tests.stability.played import FAIL, PASS, SAW, UNSTABLE, UNSURE, Told, result, verdict


def seen(told: Told = PASS, *attempts: Told) -> Seen:
    return seen_in(result([verdict("F11-1", told, attempts or (told,))]))["F11-1"]


def rehearsal(one: Seen, *, front: str = "spa", busy: bool = False, run: str = "run-1", error: str = "") -> Rehearsal:
    return Rehearsal(
        key="k", front=front, busy=busy, run=run, seconds=600, requirements={} if error else {"F11-1": one}, error=error
    )


def counted(*rehearsals: Rehearsal, quiet: int = 3, busy: int = 1) -> Stability:
    asked = {("spa", False): quiet, ("spa", True): busy}
    return tally(asked, rehearsals, harness="h", subject="p", scale=30, only=(), date="2026-11-26")


@pytest.mark.parametrize(
    ("told", "attempts", "uncertain", "settled"),
    [
        (PASS, (UNSURE, PASS), True, True),
        (UNSURE, (UNSURE, UNSURE, UNSURE), True, False),
        (UNSTABLE, (FAIL, PASS), True, False),
        (FAIL, (FAIL, FAIL), True, False),
        (PASS, (PASS, PASS), False, False),
    ],
)
def test_what_a_retry_settled(told: Told, attempts: tuple[Told, ...], uncertain: bool, settled: bool) -> None:
    one = seen(told, *attempts)
    assert one.attempts == len(attempts)
    (walk,) = one.repeated
    assert (walk.walk, len(walk.attempts)) == ("F11-1.walk", len(attempts))
    assert (walk.uncertain_first, walk.settled) == (uncertain, settled)


def test_a_walk_that_was_made_once_is_not_a_repeated_one() -> None:
    assert seen(UNSURE).repeated == ()
    assert seen(UNSURE).why == SAW
    assert seen(PASS).why is None


def test_what_waits_for_an_assessor_is_not_counted() -> None:
    assert seen_in(result([verdict("F01-9", observe="documentary"), verdict("F11-1")])).keys() == {"F11-1"}


def test_what_was_not_asked_for_is_not_uncertain() -> None:
    not_run: Told = (Outcome.INCONCLUSIVE, Reason.NOT_RUN)
    run = result([verdict("F11-1"), verdict("F12-1", not_run, ()), verdict("F13-1", UNSURE, (UNSURE,))])
    assert seen_in(run).keys() == {"F11-1", "F12-1", "F13-1"}
    assert seen_in(run, partial=True).keys() == {"F11-1", "F13-1"}


def test_quiet_and_busy_are_counted_apart() -> None:
    found = counted(
        rehearsal(seen(PASS)),
        rehearsal(seen(PASS, UNSURE, PASS)),
        rehearsal(seen(UNSTABLE, FAIL, PASS), run="run-3"),
        rehearsal(seen(UNSURE, UNSURE, UNSURE, UNSURE), busy=True, run="run-4"),
    )
    (line,) = found.requirements
    assert line.cells["spa quiet"].outcomes == {"PASS": 2, "INCONCLUSIVE": 1}
    assert line.cells["spa busy"].outcomes == {"INCONCLUSIVE": 1}
    assert [(d.group, d.outcome, d.attempts, d.run) for d in line.doubts] == [
        ("spa quiet", "INCONCLUSIVE(UNSTABLE)", 2, "run-3"),
        ("spa busy", "INCONCLUSIVE(INSUFFICIENT_EVIDENCE)", 3, "run-4"),
    ]
    assert (found.uncertain_first, found.settled) == (3, 1)
    assert not line.constant
    assert found.passed, "what could not be told is no FAIL"


def test_the_bound_of_false_fails() -> None:
    good = [rehearsal(seen(PASS)) for _ in range(20)]
    assert (
        counted(*good, quiet=20, busy=0).fail_rate_below
        == pytest.approx(upper_bound(0, 20))
        == pytest.approx(0.1391, abs=1e-4)
    )
    one = counted(*good[:15], rehearsal(seen(FAIL), busy=True), quiet=15, busy=1)
    assert [g.fail_rate_below for g in one.groups] == [pytest.approx(upper_bound(0, 15)), 1.0]
    assert one.fail_rate_below == pytest.approx(upper_bound(1, 16))
    assert counted().fail_rate_below == 1.0


def test_more_than_asked_for_is_counted_too_and_fills_no_other_gap() -> None:
    found = counted(*[rehearsal(seen(PASS)) for _ in range(5)])
    assert (found.done, found.asked) == (5, 4)
    assert not found.complete, "no busy one is there"


def test_a_broken_one_counts_for_nothing_and_is_named() -> None:
    found = counted(rehearsal(seen(PASS), error="exit 4"), quiet=1, busy=0)
    assert (found.done, found.exit_code) == (0, 3)
    assert [b.error for b in found.broken] == ["exit 4"]


def test_nothing_asked_is_nothing_passed() -> None:
    assert not tally({}, (), harness="h", subject="p", scale=30, only=(), date="").passed


def test_people_read_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = counted(
        rehearsal(seen(FAIL, FAIL, FAIL), run="runs/k/run-1"),
        rehearsal(seen(UNSURE, UNSURE), busy=True, run="runs/k/run-2"),
        rehearsal(seen(PASS), error="exit <4>"),
    )
    page = tmp_path_factory.mktemp("page") / "stability.html"
    write_page(page, found)
    text, told = page.read_text("utf-8"), "\n".join(lines(found))
    for there in (text, told):
        assert "F11-1" in there
        assert "runs/k/run-1" in there
        assert "INCONCLUSIVE" in there
        assert "not stable" in there
    assert "runs/k/run-2" in text
    assert "exit &lt;4&gt;" in text
    assert "exit <4>" in told
    assert "完成 done 2/4" in told
