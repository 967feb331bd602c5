"""D- judged on literal walks: the same dishonest walk by an ordinary and by a visibly automated visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.judge import Case, judge_attempt
from harness.model.finding import Finding
from harness.model.observation import CreditRead, ReportChannel, RequestSent, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.probe import load_probes
from harness.standards import load_standard
from harness.view import WalkView
from probes.d_defeat_devices import SPEC
from probes.d_defeat_devices.judge import judge_forged, judge_idle, judge_no_picture, judge_seek, judge_two_places
from tests.walkbuilder import WalkBuilder, case

CREDITED, REFUSED = 400.0, 0.0


def forged(name: str, gain: float, *, control: float = 60.0, status: str = "done") -> WalkView:
    w = WalkBuilder(name)
    w.control("before", 60, credited=control)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("raised", "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name="forge_all", method="PUT", url="http://h/x/1", status=200))
        w.credit["L1"] += gain
    w.control("after", 60, credited=control)
    return w.done(status, "the sign-in was refused" if status != "done" else "")


def beside(ordinary: WalkView | None, requirement: str = "D-F05") -> Case:
    return replace(case(requirement), beside=() if ordinary is None else (ordinary,))


def compared(ordinary: float, automated: float, **more: float) -> Finding:
    return judge_forged(forged("D.forged", automated, **more), beside(forged("F05.forged", ordinary)))


@pytest.mark.parametrize(
    ("ordinary", "automated", "outcome"),
    [
        (CREDITED, REFUSED, Outcome.FAIL),
        (REFUSED, REFUSED, Outcome.PASS),
        (CREDITED, CREDITED, Outcome.WARN),
        (REFUSED, CREDITED, Outcome.REVIEW),
        (35.0, REFUSED, Outcome.PASS),  # at the limit of what the function's own judge forgives
        (36.0, REFUSED, Outcome.FAIL),
        (36.0, 36.0, Outcome.WARN),
        (36.0, 35.0, Outcome.INCONCLUSIVE),  # a second apart, on either side of a limit: no difference
        (46.0, 35.0, Outcome.FAIL),
    ],
)
def test_only_credit_that_the_tester_is_refused_fails(ordinary: float, automated: float, outcome: Outcome) -> None:
    finding = compared(ordinary, automated)
    assert finding.outcome is outcome
    assert finding.unearned is (outcome is Outcome.FAIL)
    if outcome is Outcome.PASS:
        assert finding.accepted
        assert finding.refused


def test_turning_robots_away_is_lawful() -> None:
    finding = compared(REFUSED, REFUSED, control=0.0)
    assert finding.outcome is Outcome.PASS
    assert "lawful" in finding.observed.en
    assert finding.accepted
    assert finding.refused


def test_turning_robots_away_while_cheats_are_credited_is_for_review() -> None:
    assert compared(CREDITED, REFUSED, control=0.0).outcome is Outcome.REVIEW


def test_a_robot_that_cannot_even_log_in_is_turned_away() -> None:
    probe = next(p for p in load_probes() if p.id == "D")
    judgement = next(j for j in probe.judgements if j.requirement == "D-F05")
    walk = forged("D.forged", REFUSED, status="subject_error")
    for ordinary, outcome in ((REFUSED, Outcome.PASS), (CREDITED, Outcome.REVIEW)):
        found = judge_attempt(probe, judgement, walk, beside(forged("F05.forged", ordinary)))
        assert found.outcome is outcome
    broken = forged("D.forged", REFUSED, status="harness_error")
    found = judge_attempt(probe, judgement, broken, beside(forged("F05.forged", REFUSED)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.HARNESS_ERROR)


def test_a_record_that_our_reader_could_not_read_turns_no_robot_away() -> None:
    lost = CreditRead(at="after:raised", credit=None, error="HTTP 500")
    read = forged("D.forged", REFUSED).observations
    seen = (o.model_copy(update={"data": lost}) if getattr(o.data, "at", "") == lost.at else o for o in read)
    finding = judge_forged(WalkView("D.forged", 1, tuple(seen)), beside(forged("F05.forged", CREDITED)))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)


@pytest.mark.parametrize(("automated", "outcome"), [(658.0, Outcome.INCONCLUSIVE), (300.0, Outcome.FAIL)])
def test_a_lens_that_stops_the_clock_a_little_sooner_is_no_defeat_device(automated: float, outcome: Outcome) -> None:
    ordinary = (uncovered("F09.covered", 667.0), uncovered("F09.covered", 667.0))
    told = replace(case("D-F09", capture_interval_s=600.0, class_hour_s=1800.0), beside=ordinary)
    assert judge_no_picture(uncovered("D.covered", automated), told).outcome is outcome


def uncovered(name: str, credited: float) -> WalkView:
    w = WalkBuilder(name)
    w.control("before", 60)
    with w.segment("covered", "attack"):
        w.play(840)
        w.credit["L1"] += credited
        w.add(Stimulus(name="camera_covered", means="ordinary", effect={"stopped": True, "after_s": credited}))
    w.control("after", 60)
    return w.done()


def test_without_the_ordinary_walk_nothing_is_concluded() -> None:
    for other in (None, forged("F05.forged", REFUSED, status="subject_error")):
        finding = judge_forged(forged("D.forged", REFUSED), beside(other))
        assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.NOT_RUN)
    untold = judge_forged(forged("D.forged", REFUSED), beside(forged("F05.forged", REFUSED, control=0.0)))
    assert (untold.outcome, untold.reason, untold.settled) == (
        Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET, True,
    )  # fmt: skip


def idle(name: str, *, locks: bool) -> WalkView:
    w = WalkBuilder(name)
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(300)
        w.credit["L1"] += 300
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": 300}, effect={"stopped": locks}))
    w.control("after", 60)
    return w.done()


def test_a_lock_only_for_the_tester_fails_and_is_tried_again() -> None:
    finding = judge_idle(idle("D.idle", locks=True), beside(idle("F13.idle", locks=False), "D-F13"))
    # One ordinary walk without a lock is not yet proven: the function's own probe makes it a second time.
    assert (finding.outcome, finding.settled) == (Outcome.INCONCLUSIVE, True)
    twice = (idle("F13.idle", locks=False), idle("F13.idle", locks=False))
    finding = judge_idle(idle("D.idle", locks=True), replace(case("D-F13"), beside=twice))
    assert (finding.outcome, finding.unearned) == (Outcome.FAIL, False)


def overlap(name: str, loser: float) -> WalkView:
    w = WalkBuilder(name, ("L1", "L2"))
    w.control("before", 60)
    with w.segment("overlap", "attack"):
        w.play(180, screens=("first", "second"))
        w.credit["L1"] += loser
        w.credit["L2"] += 180
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    return w.done()


def test_two_places_only_for_the_ordinary_visitor_fail() -> None:
    finding = judge_two_places(overlap("D.two_devices", 0), beside(overlap("F12.two_devices", 180), "D-F12"))
    assert finding.outcome is Outcome.FAIL


@pytest.mark.parametrize(("loser", "outcome"), [(180, Outcome.REVIEW), (0, Outcome.PASS)])
def test_a_robot_whose_second_device_never_works_is_turned_away(loser: float, outcome: Outcome) -> None:
    """Asked for characters at each log-in, or our own page was slow: not a rule that only testers meet."""
    w = WalkBuilder("D.two_devices", ("L1", "L2"))
    w.control("before", 60)
    w.add(Stimulus(name="second_login", means="ordinary", effect={"opened": False, "said": "captcha"}))
    with w.segment("refused_second", "attack"):
        w.play(60)
        w.credit["L1"] += 60
    w.control("after", 60)
    w.add(Stimulus(name="second_alone", means="ordinary", effect={"opened": False, "said": "captcha"}))
    finding = judge_two_places(w.done(), beside(overlap("F12.two_devices", loser), "D-F12"))
    assert finding.outcome is outcome


def sought(name: str, credited: float) -> WalkView:
    w = WalkBuilder(name)
    w.control("before", 60)
    with w.segment("seek_by_script", "attack", "tool"):
        w.sample()
        w.position["main"] += 400
        w.t += 1
        w.play(40)
        w.credit["L1"] += credited
    w.position["main"] = 60.0
    w.control("after", 60)
    return w.done()


def test_seeking_without_credit_is_refused_though_the_player_moves() -> None:
    ordinary = sought("F11.seek_script", 0)
    assert judge_seek(sought("D.seek_script", 0), beside(ordinary, "D-F11")).outcome is Outcome.PASS


def test_who_is_set_back_and_studies_on_is_credited_as_much_as_who_jumped_and_it_is_a_difference() -> None:
    w = WalkBuilder("D.seek_script")
    w.control("before", 60)
    with w.segment("seek_by_script", "attack", "tool"):
        w.sample()
        w.t += 1
        w.play(40)
        w.credit["L1"] += 40
    w.control("after", 60)
    ordinary = sought("F11.seek_script", 40)
    assert judge_seek(w.done(), replace(case("D-F11"), beside=(ordinary, ordinary))).outcome is Outcome.FAIL


# ---------------------------------------------------------------- with a phone


def with_phone(ordinary: float, phone: float, said: str = "not_offered", **more: Any) -> Finding:
    told = beside(forged("F05.forged", ordinary))
    told = replace(told, setting=replace(told.setting, mobile=said))
    probe = next(p for p in load_probes() if p.id == "D")
    judgement = next(j for j in probe.judgements if j.requirement == "D-F05")
    return judge_attempt(probe, judgement, forged("D.forged_on_phone", phone, **more), told)


@pytest.mark.parametrize(
    ("ordinary", "phone", "outcome"),
    [
        (REFUSED, CREDITED, Outcome.FAIL),
        (REFUSED, REFUSED, Outcome.PASS),
        (CREDITED, CREDITED, Outcome.WARN),
        (CREDITED, REFUSED, Outcome.REVIEW),
        (REFUSED, 35.0, Outcome.PASS),  # at the limit of what the function's own judge forgives
        (REFUSED, 36.0, Outcome.FAIL),
        (36.0, 36.0, Outcome.WARN),
        (35.0, 36.0, Outcome.INCONCLUSIVE),  # a second apart, on either side of a limit: no difference
        (35.0, 46.0, Outcome.FAIL),
    ],
)
def test_what_a_pc_is_refused_and_a_phone_is_credited_fails(ordinary: float, phone: float, outcome: Outcome) -> None:
    finding = with_phone(ordinary, phone)
    assert finding.outcome is outcome
    assert finding.unearned is (outcome is Outcome.FAIL)
    assert "the visitor with a phone" in finding.observed.en
    assert "手机访问者" in finding.observed.zh
    if outcome is Outcome.PASS:
        assert finding.accepted
        assert finding.refused


@pytest.mark.parametrize("status", ["done", "subject_error"])
def test_a_platform_without_phones_turns_them_away(status: str) -> None:
    finding = with_phone(REFUSED, REFUSED, control=0.0, status=status)
    assert finding.outcome is Outcome.PASS
    assert "phones may be left out" in finding.observed.en


@pytest.mark.parametrize("status", ["done", "subject_error"])
def test_a_phone_that_is_said_to_be_tested_and_cannot_study_was_not(status: str) -> None:
    finding = with_phone(REFUSED, REFUSED, "tested", control=0.0, status=status)
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)


@pytest.mark.parametrize(
    ("said", "made"), [("tested", True), ("not_offered", True), ("not_tested", False), ("", False)]
)
def test_phones_are_tried_unless_the_profile_leaves_them_out(said: str, made: bool) -> None:
    setting = replace(case("D-F05", idle_limit_s=300.0).setting, mobile=said)
    assert {w.applies(setting) for w in SPEC.walks if w.name.endswith("_on_phone")} == {made}
    assert all(w.applies(setting) for w in SPEC.walks if not w.name.endswith("_on_phone"))


def test_each_walk_is_an_ordinary_one_and_says_what_it_is_compared_with() -> None:
    standard, every = load_standard(), {w.name: w for p in load_probes() for w in p.walks}
    for judgement in SPEC.judgements:
        (ordinary,) = judgement.beside
        other = every[ordinary]
        assert [every[name].function for name in judgement.walks] == [other.function, f"{other.function}_on_phone"]
        for one in (every[name] for name in judgement.walks):
            assert (one.accounts, one.lessons, one.screens, one.needs) == (
                other.accounts, other.lessons, other.screens, other.needs,
            )  # fmt: skip
            assert SPEC.observer(one)
        assert standard.get(judgement.requirement).id.endswith(judgement.requirement)
