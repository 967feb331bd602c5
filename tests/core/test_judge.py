"""Attempts, rollup and decision (design.md section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decide import binding, decide, roll_up
from harness.errors import NothingJudged, StandardError
from harness.judge import again, combine, judge, judge_attempt, under_proviso
from harness.model.finding import Finding, Text, Verdict
from harness.model.observation import Absent, Answer, Fault, Observation, RunStarted
from harness.model.outcome import Decision, Level, Mode, Outcome, Reason, worst
from harness.probe import load_probes
from harness.result import result_of, untested
from harness.view import WalkView
from tests.walkbuilder import STANDARD, WalkBuilder, case

T = Text(zh="甲", en="a")
PASS, WARN, REVIEW, OPEN, FAIL = Outcome.PASS, Outcome.WARN, Outcome.REVIEW, Outcome.INCONCLUSIVE, Outcome.FAIL


def finding(outcome: Outcome, reason: Reason | None = None, **more: Any) -> Finding:
    reason = reason or (Reason.PRECONDITION_UNMET if outcome is OPEN else None)
    return Finding(outcome=outcome, reason=reason, expected=T, observed=T, **more)


@pytest.mark.parametrize(
    ("attempts", "outcome", "repeated"),
    [
        ([PASS], PASS, "1/1"),
        ([FAIL, FAIL], FAIL, "2/2"),
        ([FAIL, PASS, FAIL], FAIL, "2/3"),
        ([FAIL], OPEN, "1/1"),
        ([FAIL, PASS], OPEN, "1/2"),
        ([OPEN, PASS], PASS, "1/2"),
        ([OPEN, OPEN, OPEN], OPEN, "3/3"),
        ([PASS, WARN], WARN, "1/2"),
    ],
)
def test_a_fail_must_repeat(attempts: Sequence[Outcome], outcome: Outcome, repeated: str) -> None:
    stands, said = combine([finding(o) for o in attempts])
    assert (stands.outcome, said) == (outcome, repeated)


def test_a_fail_that_did_not_repeat_is_unstable() -> None:
    assert combine([finding(FAIL), finding(PASS)])[0].reason is Reason.UNSTABLE


def test_credit_that_nobody_earned_need_not_repeat() -> None:
    assert combine([finding(FAIL, unearned=True), finding(PASS)])[0].outcome is FAIL


def test_nothing_is_never_a_pass() -> None:
    with pytest.raises(NothingJudged):
        combine([])
    with pytest.raises(NothingJudged):
        worst([])
    with pytest.raises(NothingJudged):
        decide([])


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([PASS], False),
        ([FAIL], True),
        ([FAIL, FAIL], False),
        ([FAIL, OPEN], True),
        ([FAIL, PASS], True),
        ([FAIL, PASS, PASS], False),
        ([OPEN], True),
        ([OPEN, OPEN], True),
        ([OPEN, OPEN, OPEN], False),
        ([OPEN, PASS], False),
        ([OPEN, OPEN, FAIL], True),  # a FAIL is tried once more, however late it came
        ([OPEN, OPEN, FAIL, OPEN], False),
        ([OPEN, OPEN, FAIL, FAIL], False),
        ([OPEN, FAIL, OPEN], False),
    ],
)
def test_when_a_walk_is_made_again(attempts: Sequence[Outcome], expected: bool) -> None:
    assert again([finding(o) for o in attempts]) is expected


@pytest.mark.parametrize("attempts", [(FAIL,), (OPEN, FAIL), (PASS, FAIL)])
def test_once_means_that_a_fail_is_not_tried_again_and_stays_undecided(attempts: Sequence[Outcome]) -> None:
    found = [finding(o) for o in attempts]
    assert not again(found, once=True)
    stands, _ = combine(found)
    assert (stands.outcome, stands.reason) == (OPEN, Reason.UNSTABLE)
    assert again([finding(OPEN)], once=True), "what could not be told is"


def test_what_the_profile_does_not_describe_is_not_tried_again() -> None:
    assert not again([finding(OPEN, Reason.UNSUPPORTED)])


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1))
def test_worst_wins(outcomes: list[Outcome]) -> None:
    assert all(worst(outcomes).severity >= o.severity for o in outcomes)
    assert worst(outcomes) in outcomes


def verdict(outcome: Outcome, *, mandatory: bool = True, level: Level = Level.BASE) -> Verdict:
    return Verdict(
        id="X/F01-1",
        function="F01",
        level=level,
        mandatory=mandatory,
        observe="automatic",
        title=T,
        outcome=outcome,
        expected=T,
        observed=T,
    )


@pytest.mark.parametrize(
    ("outcomes", "decision"),
    [
        ([PASS, WARN], Decision.CONFORMANT),
        ([PASS, REVIEW], Decision.INCOMPLETE),
        ([PASS, OPEN], Decision.INCOMPLETE),
        ([OPEN, FAIL], Decision.NONCONFORMANT),
    ],
)
def test_the_decision(outcomes: Sequence[Outcome], decision: Decision) -> None:
    assert decide([verdict(o) for o in outcomes]) is decision


def test_limits_of_our_own_never_make_a_platform_nonconformant() -> None:
    both = [verdict(PASS), verdict(FAIL, mandatory=False, level=Level.DEFAULT)]
    assert decide(both) is Decision.CONFORMANT
    assert decide(both, extended=True) is Decision.NONCONFORMANT


@pytest.mark.parametrize(
    ("mode", "selftest", "channels", "expected"),
    [
        (Mode.CERTIFICATION, True, True, Decision.CONFORMANT),
        (Mode.CERTIFICATION, False, True, Decision.INCOMPLETE),
        (Mode.CERTIFICATION, True, False, Decision.INCOMPLETE),
        (Mode.REHEARSAL, True, True, Decision.INCOMPLETE),
        (Mode.PARTIAL, True, True, Decision.INCOMPLETE),
    ],
)
def test_only_a_full_proven_run_in_real_time_is_conformant(
    mode: Mode, selftest: bool, channels: bool, expected: Decision
) -> None:
    assert binding(Decision.CONFORMANT, mode, selftest_passed=selftest, all_channels=channels) is expected


@pytest.mark.parametrize("mode", list(Mode))
def test_a_violation_stays_one(mode: Mode) -> None:
    decided = binding(Decision.NONCONFORMANT, mode, selftest_passed=False, all_channels=False)
    assert decided is Decision.NONCONFORMANT


def ledger(*facts: Any) -> list[Observation]:
    start = RunStarted(
        run_id="r",
        mode="certification",
        seed=1,
        time_scale=1,
        harness={"version": "0", "digest": "d"},
        standard={"overlays": []},
        profile={"policy": {}, "subject": {"name": "s"}, "channels": {"pc": "tested"}},
        planned={"critical_path_s": 1, "slot_s": 1, "bound_s": 1},
    )
    return [
        Observation(seq=n, prev="", hash="", utc="2026-11-24T00:00:00Z", mono_ns=n, kind=f.kind, data=f)
        for n, f in enumerate((start, *facts), 1)
    ]


def test_what_did_not_run_is_not_run_and_never_missing() -> None:
    verdicts = judge(ledger(), STANDARD, load_probes())
    assert [v.id for v in verdicts] == [r.id for r in STANDARD.requirements]
    for v in verdicts:
        if v.observe == "automatic":
            assert (v.outcome, v.reason) == (OPEN, Reason.NOT_RUN), v.id
        else:
            assert v.outcome is REVIEW
            assert v.question is not None
            assert v.question.zh in v.observed.zh, "a reader is told what to look at"
    rows = roll_up(verdicts, STANDARD)
    assert list(rows) == [f.id for f in STANDARD.functions]
    assert not any(row.outcome is PASS for row in rows.values())


def test_what_a_proviso_makes_of_a_requirement() -> None:
    asked = under_proviso(case("H02-1"), "平台不登记线下学时", "the platform holds no offline hours", refs=(7,))
    assert (asked.outcome, asked.refs) == (REVIEW, (7,))
    assert "no offline hours" in asked.observed.en
    assert "Attach the outline" in asked.observed.en
    nothing = under_proviso(case("OP-1"), "未见此类操作", "no such action is offered")
    assert nothing.outcome is Outcome.NOT_APPLICABLE
    with pytest.raises(StandardError, match="no proviso"):
        under_proviso(case("F11-1"), "甲", "a")


@pytest.mark.parametrize(("basis", "outcome"), [("search", FAIL), ("vendor_statement", FAIL), ("none", REVIEW)])
def test_a_function_declared_absent(basis: Any, outcome: Outcome) -> None:
    verdicts = judge(ledger(Absent(function="F04", statement="nothing", basis=basis)), STANDARD, load_probes())
    assert next(v for v in verdicts if v.id.endswith("/F04-1")).outcome is outcome


def test_a_run_without_walks_is_incomplete_and_says_why() -> None:
    result = result_of(ledger(), STANDARD, load_probes())
    assert (result.decision, result.would_be) == (Decision.INCOMPLETE, Decision.INCOMPLETE)
    assert result.exit_code == 3
    assert result.not_tested


NONE = {
    "channels": {"pc": "tested", "mobile": "not_offered", "app": "not_offered", "mini_program": "not_offered"},
    "credit_sources": {
        "video": "tested",
        "live": "not_offered",
        "replay": "not_offered",
        "document": "not_offered",
        "quiz": "not_offered",
    },
}
"""A platform that has nothing but what is tested."""


@pytest.mark.parametrize(
    ("part", "said", "named"),
    [
        ("channels", {}, []),
        ("channels", {"mobile": "not_tested"}, ["mobile"]),
        ("channels", {"mobile": "tested", "app": "tested"}, ["mobile", "app"]),
        ("credit_sources", {"live": "not_tested", "document": "tested"}, ["live", "document"]),
        ("credit_sources", {"video": "not_tested"}, ["video"]),
    ],
)
def test_what_no_walk_goes_through_is_named_whatever_the_profile_says(
    part: str, said: dict[str, str], named: list[str]
) -> None:
    found = untested(NONE | {part: NONE[part] | said})
    assert len(found) == len(named)
    assert all(f"'{name}'" in text.en and f"“{name}”" in text.zh for name, text in zip(named, found, strict=True))
    assert not any("_tested" in text.zh for text in found)


@pytest.mark.parametrize("name", ["mobile", "app", "live", "quiz"])
def test_what_a_profile_leaves_out_was_not_tested(name: str) -> None:
    """A platform may have an app; that nobody says so makes no run of it conformant in the app."""
    less = {part: {k: v for k, v in said.items() if k != name} for part, said in NONE.items()}
    (found,) = untested(less)
    assert f"'{name}'" in found.en


def test_unearned_credit_and_what_would_be_the_same_are_not_tried_again() -> None:
    assert not again([finding(FAIL, unearned=True)])
    assert not again([finding(OPEN, settled=True)])


def started(**policy: object) -> Observation:
    """A run that only began, on a platform with this declared policy."""
    line = RunStarted(
        run_id="r",
        mode="certification",
        seed=1,
        time_scale=1,
        harness={"version": "0", "digest": "0"},
        standard={"id": STANDARD.id},
        profile={"policy": policy},
    )
    return Observation(
        seq=1, prev="0" * 64, hash="0" * 64, utc="2026-11-24T12:00:00Z", mono_ns=0, kind="run_started", data=line
    )


@pytest.mark.parametrize(
    ("requirement", "policy", "outcome", "level"),
    [
        ("H02-1", {"offline_hours": "not_held"}, REVIEW, Level.DOCUMENTARY),
        ("H01-2", {"offline_hours": "not_held"}, REVIEW, Level.DOCUMENTARY),
        ("OP-1", {"operator_tools": "none"}, Outcome.NOT_APPLICABLE, Level.BASE),
        ("F07-13", {"archive_form": "paper"}, Outcome.NOT_APPLICABLE, Level.BASE),
        ("H02-1", {"offline_hours": "held"}, OPEN, Level.BASE),
        ("OP-1", {}, OPEN, Level.BASE),
        ("H01-4", {"offline_hours": "not_held"}, OPEN, Level.DEFAULT),  # its proviso only a run can tell
    ],
)
def test_a_declared_proviso_changes_what_is_asked(
    requirement: str, policy: dict[str, str], outcome: Outcome, level: Level
) -> None:
    wanted = STANDARD.get(requirement).id
    found = next(v for v in judge([started(**policy)], STANDARD, load_probes()) if v.id == wanted)
    assert (found.outcome, found.level) == (outcome, level)
    assert found.mandatory is (level is Level.BASE)
    if outcome is REVIEW:
        question = STANDARD.get(requirement).question
        assert question is not None
        assert question.zh in found.observed.zh


def test_an_answer_settles_a_review_and_never_what_was_observed() -> None:
    """An assessor's yes must not turn a violation into conformity, nor a no the other way round."""
    start = RunStarted(
        run_id="r",
        mode="certification",
        seed=1,
        time_scale=1,
        harness={"version": "1", "digest": "d"},
        standard={},
        profile={"lessons": []},
    )
    facts = [
        start,
        Absent(function="F04", statement="searched everywhere", basis="search"),
        Answer(requirement="AQ8011-2023/F04-1", answer="yes", name="A", date="2026-11-26"),
        Answer(requirement="AQ8011-2023/IM-1", answer="no", name="A", date="2026-11-26"),
        Answer(requirement="AQ8011-2023-institution/1.1", answer="no", name="A", date="2026-11-26"),
        Answer(requirement="JX2024-24/JX-99", answer="no", name="A", date="2026-11-26"),
    ]
    lines = [
        Observation(seq=n, prev="0" * 64, hash="0" * 64, utc="2026-11-26T00:00:00Z", mono_ns=n, kind=f.kind, data=f)
        for n, f in enumerate(facts, 1)
    ]
    got = {v.id.split("/")[1]: v.outcome for v in judge(lines, STANDARD, ())}
    assert got["F04-1"] is FAIL
    assert got["IM-1"] is FAIL
    assert got["IM-2"] is REVIEW


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [
        ("NoFreshPair", Reason.PRECONDITION_UNMET, "not made: nobody"),
        ("NobodyGetsIn", Reason.PRECONDITION_UNMET, "not made: nobody"),
        ("Killed", Reason.HARNESS_ERROR, "was cut off"),
    ],
)
def test_a_walk_that_was_not_begun_is_no_fault_of_ours(kind: str, reason: Reason, said: str) -> None:
    walk = WalkBuilder("F05.honest")
    walk.add(Fault(whose="profile", type=kind, message="nobody was left for F05.honest"))
    probe, judgement = next((p, j) for p in load_probes() for j in p.judgements if "F05.honest" in j.walks)
    found = judge_attempt(probe, judgement, WalkView(walk.name, 1, tuple(walk.lines)), case(judgement.requirement))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, reason)
    assert said in found.observed.en


def answer(requirement: str, said: Any) -> Answer:
    return Answer(requirement=STANDARD.get(requirement).id, answer=said, text="查阅资料", name="A", date="2026-11-26")


@pytest.mark.parametrize(("said", "outcome"), [("no", FAIL), ("yes", PASS)])
def test_what_a_proviso_made_documentary_stays_so_when_it_is_answered(said: str, outcome: Outcome) -> None:
    """Another system's offline hours, which the platform does not hold, make no platform nonconformant."""
    line = started().model_copy(update={"seq": 2, "kind": "answer", "data": answer("H02-1", said)})
    verdicts = judge([started(offline_hours="not_held"), line], STANDARD, load_probes())
    found = next(v for v in verdicts if v.id.endswith("/H02-1"))
    assert (found.outcome, found.level, found.mandatory) == (outcome, Level.DOCUMENTARY, False)


def test_an_assessor_cannot_set_a_whole_function_aside() -> None:
    """A platform that has no such function is none to which it does not apply, whoever says so."""
    lines = ledger(Absent(function="F04", statement="", basis="none"), answer("F04-1", "not_applicable"))
    found = next(v for v in judge(lines, STANDARD, ()) if v.id.endswith("/F04-1"))
    assert (found.outcome, found.mandatory) == (Outcome.NOT_APPLICABLE, True)
    others = [verdict(PASS), found]
    assert decide(others) is Decision.INCOMPLETE
    assert "F04" in result_of(lines, STANDARD, ()).decision_why.zh
    assert decide([*others, found.model_copy(update={"id": "X/F04-9", "outcome": PASS})]) is Decision.CONFORMANT


def test_a_self_test_is_no_proof_of_another_version() -> None:
    """A run that is judged again by a tool of which nothing was proven is not conformant by it."""
    start, *_ = ledger()
    assert isinstance(start.data, RunStarted)
    tested = start.data.model_copy(update={"selftest": {"status": "passed", "defects": 9, "killed": 9}})
    lines = [start.model_copy(update={"data": tested})]
    own, other = (result_of(lines, STANDARD, (), judged_by=digest).selftest for digest in ("d", "e"))
    assert (own.status, other.status) == ("passed", "stale")


@pytest.mark.parametrize(
    ("attempts", "zh", "en"),
    [
        ([FAIL], "仅检测一次且不符合，未能重复：甲", "failed in the only attempt, which was not repeated: a"),
        ([FAIL, PASS], "仅一次不符合（共2次：1次未重现）：甲", "failed once in 2 attempts (1 did not show it): a"),
        (
            [OPEN, FAIL, OPEN],
            "仅一次不符合（共3次：2次无法判定）：甲",
            "failed once in 3 attempts (2 could not be judged): a",
        ),
    ],
)
def test_what_became_of_the_other_attempts_is_said(attempts: Sequence[Outcome], zh: str, en: str) -> None:
    assert combine([finding(o) for o in attempts])[0].observed == Text(zh=zh, en=en)
