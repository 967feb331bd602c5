"""What a run with defects means."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.selftest import results as r
from harness.selftest.job import JobResult
from harness.selftest.matrix import write_matrix
from harness.selftest.show import as_dict, lines
from tests.selftest.test_packing import entry


def result(outcomes: dict[str, str], **more: object) -> JobResult:
    given = {"key": "k", "front": "spa", "kind": "pack", "run": "run-1"} | more
    return JobResult(outcomes=outcomes, **given)  # type: ignore[arg-type]


JUMP = entry("f11-jump", "F11-1", ("F11-1t",))
KICK = entry("f12-kick", "F12-1")


@pytest.mark.parametrize(
    ("outcomes", "doubtful", "survived", "alarmed"),
    [
        ({"F11-1": "FAIL", "F12-1": "FAIL"}, [], [], []),
        ({"F11-1": "FAIL", "F11-1t": "FAIL", "F12-1": "FAIL"}, [], [], []),
        ({"F11-1": "FAIL", "F12-1": "PASS"}, ["f12-kick"], ["f12-kick"], []),
        ({"F11-1": "INCONCLUSIVE(UNSTABLE)", "F12-1": "FAIL"}, ["f11-jump"], ["f11-jump"], []),
        ({"F11-1": "FAIL", "F12-1": "FAIL", "F13-1": "FAIL"}, ["f11-jump", "f12-kick"], [], ["F13-1"]),
        ({"F11-1": "WARN", "F12-1": "FAIL"}, ["f11-jump"], ["f11-jump"], []),
    ],
)
def test_a_pack(outcomes: dict[str, str], doubtful: list[str], survived: list[str], alarmed: list[str]) -> None:
    seen = result(outcomes)
    assert [e.id for e in r.doubtful(seen, (JUMP, KICK))] == doubtful
    assert [e.id for e in r.survivors(seen, (JUMP, KICK))] == survived
    assert [a.requirement for a in r.alarms(seen, (JUMP, KICK))] == alarmed


def test_after_a_broken_run_everybody_is_in_doubt() -> None:
    assert r.doubtful(result({}, error="exit 4"), (JUMP, KICK)) == (JUMP, KICK)


@pytest.mark.parametrize(
    ("once", "attempts", "doubtful"),
    [
        (True, "PASS, FAIL", (JUMP,)),
        (True, "INCONCLUSIVE, FAIL; WARN, FAIL", (JUMP,)),
        (True, "INCONCLUSIVE, FAIL", ()),
        (False, "PASS, FAIL, FAIL", ()),
    ],
)
def test_where_no_fail_was_tried_again_no_attempt_may_show_anything_else(
    once: bool, attempts: str, doubtful: tuple[object, ...]
) -> None:
    unsteady = {"F11-1": attempts}
    assert (
        r.doubtful(result({"F11-1": "FAIL", "F12-1": "FAIL"}, once=once, unsteady=unsteady), (JUMP, KICK)) == doubtful
    )


def test_on_the_clean_platform_every_fail_is_a_false_alarm() -> None:
    assert [a.requirement for a in r.alarms(result({"F13-2": "FAIL", "F13-1": "PASS"}), ())] == ["F13-2"]


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ({"F11-1": "FAIL"}, "killed"),
        ({"F11-1": "PASS"}, "survived"),
        ({"F11-1": "INCONCLUSIVE(PRECONDITION_UNMET)"}, "survived"),
        ({"F11-1": "INCONCLUSIVE(NOT_RUN)"}, "not_run"),
        ({}, "not_run"),
    ],
)
def test_the_line_of_a_defect(outcomes: dict[str, str], status: str) -> None:
    assert r.row(JUMP, result(outcomes, defects=("f11-jump",))).status == status


def test_who_was_caught_by_luck_is_named_and_fails_nothing() -> None:
    seen = {"F11-1": "FAIL, PASS, FAIL", "F12-1": "FAIL, INCONCLUSIVE, FAIL"}
    caught = r.row(JUMP, result({"F11-1": "FAIL", "F12-1": "FAIL"}, unsteady=seen, defects=("f11-jump", "f12-kick")))
    found = summary(rows=[caught])
    assert found.unsteady == ("spa/f11-jump: F11-1 FAIL, PASS, FAIL",)
    assert found.passed


CLEAN = result({"F11-1": "PASS", "F12-1": "WARN", "F13-1": "INCONCLUSIVE(UNSTABLE)", "H01-4": "REVIEW"})


@pytest.mark.parametrize(
    ("outcomes", "wrong"),
    [
        ({"F11-1": "PASS", "F12-1": "WARN", "F13-1": "PASS"}, ()),
        ({"F11-1": "WARN"}, ("F11-1: PASS -> WARN",)),
        ({"F13-1": "FAIL"}, ("F13-1: INCONCLUSIVE(UNSTABLE) -> FAIL",)),
        ({"F12-1": "INCONCLUSIVE(UNSTABLE)"}, ("F12-1: WARN -> INCONCLUSIVE(UNSTABLE)",)),
    ],
)
def test_a_decoy_keeps_the_verdicts_of_the_clean_platform(outcomes: dict[str, str], wrong: tuple[str, ...]) -> None:
    assert r.differences(result(outcomes), CLEAN, outcomes.keys()) == wrong
    assert r.differences(result(outcomes | {"H01-4": "INCONCLUSIVE(NOT_RUN)"}), CLEAN, outcomes.keys()) == wrong


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        (result({"F11-1": "INCONCLUSIVE(PRECONDITION_UNMET)", "F03-1": "FAIL"}, decision="NONCONFORMANT"), ()),
        (result({"F11-1": "PASS"}), ("F11-1 PASS",)),
        (result({}, functions={"F11": "PASS"}), ("F11 PASS",)),
        (result({}, decision="CONFORMANT"), ("CONFORMANT",)),
        (result({}, unexplained=("F03-1",)), ("F03-1 without a reason",)),
    ],
)
def test_a_null_platform_gets_no_pass(seen: JobResult, wrong: tuple[str, ...]) -> None:
    assert r.null_passes(seen) == wrong


def summary(**changes: object) -> r.Summary:
    rows = [r.row(JUMP, result({"F11-1": "FAIL"}))]
    given: dict[str, object] = {
        "harness": "h", "standard": "s", "subject": "p", "scale": 30.0, "full": False, "complete": True,
        "date": "2026-11-26", "seconds": 1.0, "rows": rows, "alarmed": [], "decoys": {"spa/d": ()},
        "nulls": {"blank": ()}, "results": [result({"F11-1": "FAIL"})],
    }  # fmt: skip
    return r.summarize(**(given | changes))  # type: ignore[arg-type]


def test_all_killed_and_nothing_else_passes() -> None:
    assert summary().passed


def test_it_says_how_many_were_judged_anew(tmp_path: Path) -> None:
    seen = result({"F11-1": "FAIL"})
    anew = summary(results=[seen, seen.model_copy(update={"under": "another"})])
    assert anew.judged_anew == as_dict(anew)["judged_anew"] == 1
    assert any("judged anew: 1" in line for line in lines(anew))
    assert not any("judged anew" in line for line in lines(summary()))
    for number, one in enumerate((summary(), anew)):
        write_matrix(tmp_path / "matrix.html", one)
        assert ("其中 1 次按现行判定程序重新判定" in (tmp_path / "matrix.html").read_text("utf-8")) is bool(number)


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": [r.row(JUMP, result({"F11-1": "PASS"}))]},
        {"alarmed": [r.Alarm(front="spa", defects=(), requirement="F12-1")]},
        {"decoys": {"spa/d": ("F11-1: PASS -> WARN",)}},
        {"nulls": {"blank": ("F11-1 PASS",)}},
        {"results": [result({}, error="exit 4")]},
        {"rows": [], "results": []},
    ],
    ids=["survived", "false alarm", "decoy", "null", "broken", "nothing was run"],
)
def test_anything_else_does_not(changes: dict[str, object]) -> None:
    assert not summary(**changes).passed
