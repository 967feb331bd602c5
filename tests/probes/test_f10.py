"""F10 judged on literal walks: who answered, what was accepted, what was credited afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from harness.model.observation import (
    ActionDone,
    CreditRead,
    Input,
    Observation,
    PersonsCompared,
    RequestSent,
    StateSeen,
    StillSeen,
)
from harness.model.outcome import Outcome, Reason
from harness.model.values import Credit, LessonState
from harness.view import WalkView
from probes.f10_face_recognition import REACTION_S, swapped_s, unnoticed_s
from probes.f10_face_recognition.asking import first_press
from probes.f10_face_recognition.judge import (
    judge_consent,
    judge_identity,
    judge_moments,
    judge_no_credit,
    judge_species,
    judge_tools,
    judge_values,
)
from probes.f10_face_recognition.judge_tools import TAKEN_AWAY, TOOLS
from tests.probes.portraitwalk import CameraWalk
from tests.walkbuilder import case

POLICY: dict[str, Any] = {"class_hour_s": 1800.0, "face_answer_s": 60.0, "face_moments": ["start", "during", "end"]}


def compared(w: CameraWalk, *, passed: bool = True) -> None:
    w.add(
        PersonsCompared(persons=("p01", "p02"), passed=passed, own_max=0.4, others_min=0.6, compared=9, shortfalls=())
    )


def begun(name: str, *, passed: bool = True, genuine: bool = True) -> CameraWalk:
    w = CameraWalk(name)
    compared(w, passed=passed)
    w.check(ok=genuine)
    w.control("before", 60)
    return w


def asked(w: CameraWalk, *, was: bool = True, lesson: str = "L1") -> None:
    w.stimulus("asked", {"scene": "x"}, asked=was)
    if was:
        w.add(CreditRead(at="asked", credit=Credit(credited_s=w.credit[lesson], resolution_s=0.0)), lesson)


def impostor(
    *accepted: bool,
    failed_credit: float = 0.0,
    unanswered_credit: float = 0.0,
    waited: float = 60.0,
    gone: bool = True,
    last: str = "finished",
    was_asked: bool = True,
    before_asked: float = 0.0,
    played_before: float = 0.0,
    moved: bool | None = None,
    begun_at: Sequence[bool] = (True, True, True, True),
    reading_s: float = 0.0,
    played: float = 20.0,
    step_s: float = 0.0,
    late: float = 0.0,
    **begin: Any,
) -> WalkView:
    w = begun("F10.impostor", **begin)
    w.resolution_s = step_s
    with w.segment("failed", "attack"):
        w.play(played_before)
        w.credit["L1"] += before_asked
        asked(w, was=was_asked)
        for number, ok in enumerate(accepted, 1):
            scene = ("stranger", "nobody", "two_people", "stranger")[number - 1]
            state = last if number == len(accepted) else "face_check"
            params = {"scene": scene, "person": "p02", "number": number}
            w.stimulus("face_try", params, accepted=ok, begun=begun_at[number - 1], state=state)
        w.play(played)
        w.stimulus("after_failed", moved=any(accepted) if moved is None else moved, state=last)
        w.credit["L1"] += failed_credit
    w.add(ActionDone(name="open_lesson", ok=True, took_s=1.0))
    w.credit["L1"] += late
    w.control("between", 60)
    with w.segment("unanswered", "attack"):
        w.add(StateSeen(state=LessonState.FACE_CHECK))
        w.t += reading_s
        asked(w, was=was_asked)
        w.t += waited
        w.stimulus("unanswered", gone=gone, waited_s=waited)
        w.play(played)
        w.credit["L1"] += unanswered_credit
    w.control("after", 60)
    return w.done()


def test_others_refused_and_the_learner_accepted_pass() -> None:
    finding = judge_identity(impostor(False, False, False), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert "应答 3 次，放行 0 次" in finding.observed.zh
    assert "63%" in finding.observed.zh
    assert finding.accepted
    assert finding.refused


@pytest.mark.parametrize("accepted", [(True,), (False, True), (False, False, True)])
def test_one_stranger_accepted_fails(accepted: tuple[bool, ...]) -> None:
    finding = judge_identity(impostor(*accepted, failed_credit=20.0), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


@pytest.mark.parametrize(
    ("accepted", "told"),
    [((False, False, False, True), "连续失败 3 次之后被放行"), ((False, False, True), ""), ((True,), "")],
)
def test_who_was_refused_and_then_let_on_passed_for_failing_often(accepted: tuple[bool, ...], told: str) -> None:
    """That two people passed at the third try may be for their number, or for that of the tries: nothing is said."""
    finding = judge_identity(impostor(*accepted, failed_credit=20.0), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.FAIL
    assert told in finding.observed.zh
    assert ("连续失败" in finding.observed.zh) is bool(told)
    assert ("in a row" in finding.observed.en) is bool(told)


def test_accepted_without_credit_is_a_fail_that_must_repeat() -> None:
    finding = judge_identity(impostor(True), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.FAIL
    assert not finding.unearned


def test_a_window_that_goes_lets_nobody_on() -> None:
    """Whoever failed is sent away, and the check's window with them."""
    finding = judge_identity(impostor(True, moved=False), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "pass_face_check" in finding.observed.en
    assert judge_identity(impostor(True, moved=False, failed_credit=20.0), case("F10-1", **POLICY)).unearned


def test_an_answer_that_could_not_be_begun_was_not_refused() -> None:
    finding = judge_identity(impostor(False, False, False, begun_at=(True, False, False)), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert "应答 1 次" in finding.observed.zh
    assert "无人" not in finding.observed.zh
    never = judge_identity(impostor(False, begun_at=(False,)), case("F10-1", **POLICY))
    assert never.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("late", "tried"), [(40.0, 3), (60.0, 2)])
def test_an_answer_that_came_too_late_was_refused_for_that(late: float, tried: int) -> None:
    """Pages that take long to refuse leave the third of three little of the minute."""
    w = begun("F10.impostor")
    with w.segment("failed", "attack"):
        asked(w)
        opened = w.t
        for number, (scene, at) in enumerate((("stranger", 0.0), ("nobody", 25.0), ("two_people", late)), 1):
            w.t = opened + at
            w.add(ActionDone(name="pass_face_check", ok=False, step=3, took_s=0.0))
            w.stimulus("face_try", {"scene": scene, "number": number}, accepted=False, state="face_check")
    w.control("after", 60)
    finding = judge_identity(w.done(), case("F10-1", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert f"应答 {tried} 次" in finding.observed.zh
    assert ("两人" in finding.observed.zh) is (tried == 3)


@pytest.mark.parametrize(
    ("verbs", "number"),
    [
        (["click", "perform", "wait_for"], 1),
        (["wait_for", "click", "wait_for"], 2),
        (["perform", "wait_for"], 0),
        (["wait_for"], 0),
        (["if_exists", "click"], 0),
    ],
)
def test_an_answer_begins_with_the_first_press(verbs: list[str], number: int) -> None:
    assert first_press(verbs) == number


def test_persons_who_look_alike_accuse_nobody() -> None:
    finding = judge_identity(impostor(True, failed_credit=20, passed=False), case("F10-1", **POLICY))
    assert finding.reason is Reason.PRECONDITION_UNMET


def test_where_the_learner_is_refused_too_nothing_is_concluded() -> None:
    finding = judge_identity(impostor(False, False, False, genuine=False), case("F10-1", **POLICY))
    assert finding.reason is Reason.PRECONDITION_UNMET


def test_no_check_no_verdict_on_who_passes() -> None:
    finding = judge_identity(impostor(was_asked=False), case("F10-1", **POLICY))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
    assert finding.settled


@pytest.mark.parametrize(
    ("credit", "outcome"),
    [(0.0, Outcome.PASS), (5.0, Outcome.PASS), (8.0, Outcome.INCONCLUSIVE), (11.0, Outcome.FAIL), (20.0, Outcome.FAIL)],
)
@pytest.mark.parametrize("place", ["failed_credit", "unanswered_credit"])
def test_no_credit_after_a_check_that_failed_or_was_not_answered(place: str, credit: float, outcome: Outcome) -> None:
    walk = impostor(False, False, False, **{place: credit})
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is outcome


def test_what_was_earned_before_the_question_is_not_held_against_it() -> None:
    walk = impostor(False, False, False, before_asked=300.0)
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is Outcome.PASS


def test_what_was_played_before_the_question_may_be_recorded_after_it() -> None:
    """A record that is settled late shows only a part of it in the moment of the question."""
    more = {"played_before": 300.0, "before_asked": 200.0}
    walk = impostor(False, False, False, failed_credit=100.0, **more)
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is Outcome.INCONCLUSIVE
    walk = impostor(False, False, False, failed_credit=120.0, **more)
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is Outcome.FAIL
    assert judge_no_credit(impostor(False, **more), case("F10-3", **POLICY)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("played", "outcome"),
    [(3, Outcome.PASS), (44, Outcome.INCONCLUSIVE), (59, Outcome.INCONCLUSIVE), (70, Outcome.PASS)],
)
def test_a_record_in_minutes_does_not_show_less_than_one(played: float, outcome: Outcome) -> None:
    walk = impostor(False, False, False, played=played, step_s=60.0)
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is outcome


@pytest.mark.parametrize(("late", "outcome"), [(0, Outcome.PASS), (40, Outcome.FAIL)])
def test_what_was_refused_is_not_paid_with_the_next_study(late: float, outcome: Outcome) -> None:
    finding = judge_no_credit(impostor(False, False, False, late=late), case("F10-3", **POLICY))
    assert finding.outcome is outcome
    assert not finding.unearned


def test_what_a_failed_check_takes_back_may_be_given_back() -> None:
    walk = impostor(False, False, False, failed_credit=-40.0, late=40.0)
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is Outcome.PASS


def test_an_accepted_stranger_is_no_failed_check() -> None:
    walk = impostor(True, failed_credit=20.0)
    assert judge_no_credit(walk, case("F10-3", **POLICY)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("waited", "gone", "last", "outcome"),
    [
        (60.0, True, "finished", Outcome.PASS),
        (55.0, True, "finished", Outcome.PASS),
        (30.0, True, "finished", Outcome.WARN),
        (62.0, True, "finished", Outcome.PASS),
        (62.5, True, "finished", Outcome.INCONCLUSIVE),
        (67.5, True, "finished", Outcome.INCONCLUSIVE),  # pages that see it with their next report
        (68.5, True, "finished", Outcome.FAIL),
        (30.0, False, "finished", Outcome.INCONCLUSIVE),  # it went, and was there again
        (80.0, False, "finished", Outcome.FAIL),
        (60.0, True, "face_check", Outcome.FAIL),
    ],
)
def test_time_and_tries(waited: float, gone: bool, last: str, outcome: Outcome) -> None:
    walk = impostor(False, False, False, waited=waited, gone=gone, last=last)
    assert judge_values(walk, case("F10-3v", **POLICY)).outcome is outcome


def test_a_check_waits_from_when_it_is_seen() -> None:
    """The record is read meanwhile."""
    walk = impostor(False, False, False, waited=60.0, reading_s=15.0)
    assert judge_values(walk, case("F10-3v", **POLICY)).outcome is Outcome.FAIL
    walk = impostor(False, False, False, waited=48.0, reading_s=12.0)
    assert judge_values(walk, case("F10-3v", **POLICY)).outcome is Outcome.PASS


def test_tries_are_those_of_one_check() -> None:
    """Living persons take a while to change places, and the check may be over meanwhile."""
    w = begun("F10.impostor")
    with w.segment("failed", "attack"):
        for number in range(1, 4):
            w.add(ActionDone(name="open_lesson", ok=True, took_s=1.0))
            w.stimulus("face_try", {"scene": "stranger", "number": number}, accepted=False, state="face_check")
    with w.segment("unanswered", "attack"):
        asked(w)
        w.t += 60
        w.stimulus("unanswered", gone=True, waited_s=60.0)
    w.control("after", 60)
    assert judge_values(w.done(), case("F10-3v", **POLICY)).outcome is Outcome.PASS


def swap(
    credited: float,
    *,
    stopped: bool = True,
    lasted: float = 1100.0,
    read_after_s: float = 0.0,
    at: float = 0.0,
    state: LessonState = LessonState.PAUSED,
    passed: bool = False,
    stalled: bool = False,
) -> WalkView:
    w = begun("F10.swap")
    w.position["main"] = at
    with w.segment("swapped", "attack", read_after_s=read_after_s):
        w.shows("stranger", "p02")
        w.play(lasted, rate=0.0 if stalled else 1.0)
        if passed:
            w.check()
            w.play(60)
        w.add(StateSeen(state=state))
        w.credit["L1"] += credited
        w.stimulus("swapped", stopped=stopped, after_s=credited)
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("idle_s", "outcome"), [(299, Outcome.PASS), (300, Outcome.INCONCLUSIVE), (301, Outcome.INCONCLUSIVE)]
)
def test_what_an_idle_lock_stopped_was_not_noticed(idle_s: float, outcome: Outcome) -> None:
    w = begun("F10.swap")
    with w.segment("swapped", "attack"):
        w.shows("stranger", "p02")
        w.play(300)
        w.add(Input(device="mouse", trusted=True))
        w.add(StateSeen(state=LessonState.PLAYING))
        w.play(idle_s)
        w.add(StateSeen(state=LessonState.LOCKED))
        w.credit["L1"] += 500
        w.stimulus("swapped", stopped=True, after_s=600)
    w.control("after", 60)
    finding = judge_identity(w.done(), case("F10-1", idle_limit_s=300.0, **POLICY))
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("credited", "stopped", "outcome"),
    [
        (3.0, True, Outcome.PASS),
        (910.0, True, Outcome.PASS),
        (913.0, True, Outcome.INCONCLUSIVE),
        (916.0, False, Outcome.FAIL),
        (1100.0, False, Outcome.FAIL),
    ],
)
def test_a_swapped_person_is_noticed_by_the_next_check(credited: float, stopped: bool, outcome: Outcome) -> None:
    walk = swap(credited, stopped=stopped, lasted=credited)
    assert judge_identity(walk, case("F10-1", **POLICY)).outcome is outcome


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (LessonState.PAUSED, Outcome.INCONCLUSIVE),
        (LessonState.FINISHED, Outcome.INCONCLUSIVE),
        (LessonState.FACE_CHECK, Outcome.PASS),
        (LessonState.KICKED, Outcome.PASS),
    ],
)
def test_a_lesson_that_is_over_was_not_stopped(state: LessonState, outcome: Outcome) -> None:
    """The lesson of ten minutes: somebody else studied its last four, and nobody noticed."""
    finding = judge_identity(swap(240.0, lasted=240.0, at=840.0, state=state), case("F10-1", **POLICY))
    assert finding.outcome is outcome


@pytest.mark.parametrize(("from_s", "outcome"), [(779.0, Outcome.INCONCLUSIVE), (100.0, Outcome.PASS)])
def test_a_lesson_that_gave_way_to_the_next_was_not_stopped(from_s: float, outcome: Outcome) -> None:
    """One that is set back half way is no other lesson."""
    w = begun("F10.swap")
    w.position["main"] = from_s
    with w.segment("swapped", "attack"):
        w.play(300)
        w.position["main"] = 0.0
        w.play(800)
        w.credit["L1"] += 300
        w.stimulus("swapped", stopped=False, after_s=1100.0)
    w.control("after", 60)
    assert judge_identity(w.done(), case("F10-1", **POLICY)).outcome is outcome


@pytest.mark.parametrize("stopped", [True, False])
def test_where_nothing_played_nobody_was_swapped(stopped: bool) -> None:
    walk = swap(0.0, stopped=stopped, lasted=0.0 if stopped else 1100.0, stalled=True)
    assert judge_identity(walk, case("F10-1", **POLICY)).reason is Reason.INSUFFICIENT_EVIDENCE


def test_whoever_passes_a_check_in_the_learners_place_was_not_noticed() -> None:
    walk = swap(460.0, lasted=400.0, passed=True)
    assert judge_identity(walk, case("F10-1", **POLICY)).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("declared", "outcome"), [(600, Outcome.FAIL), (1800, Outcome.INCONCLUSIVE)])
def test_nobody_is_missed_before_the_next_portrait_is_due(declared: float, outcome: Outcome) -> None:
    policy = {**POLICY, "capture_interval_s": float(declared)}
    assert judge_identity(swap(1100.0, stopped=False), case("F10-1", **policy)).outcome is outcome


def test_what_was_recorded_is_set_against_the_time_until_the_record_was_read() -> None:
    """The lesson plays on meanwhile: "1,112 s recorded in 1,100 s" would be nonsense."""
    finding = judge_identity(swap(1112.0, stopped=False, read_after_s=12.0), case("F10-1", **POLICY))
    assert "1112 秒内计入 1112 秒" in finding.observed.zh


def test_a_swap_that_was_cut_short_says_nothing() -> None:
    finding = judge_identity(swap(300.0, stopped=False, lasted=300.0), case("F10-1", **POLICY))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE


def test_the_swapped_person_studies_longer_than_they_may() -> None:
    for scale in (1.0, 30.0):
        setting = case("F10-1", scale=scale, **POLICY).setting
        assert swapped_s(setting) >= unnoticed_s(setting) + REACTION_S + 10


def skipped(credit: float = 0.0, relogged: float = 0.0, anew: float = 0.0, *, was_asked: bool = True) -> WalkView:
    w = begun("F10.skip")
    with w.segment("skipped", "attack"):
        asked(w, was=was_asked)
        for name in ("escaped", "reloaded", "deep_link", "other_lesson"):
            w.stimulus(name, moved=bool(credit))
        w.play(30)
        w.credit["L1"] += credit
    with w.segment("relogged", "attack"):
        w.stimulus("new_log_in", moved=bool(relogged))
        w.play(20)
        w.credit["L1"] += relogged
    with w.segment("enrolled_anew", "attack"):
        w.stimulus("enrol_again", accepted=bool(anew))
        w.play(20)
        w.credit["L1"] += anew
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("credits", "outcome"),
    [((0, 0, 0), Outcome.PASS), ((30, 0, 0), Outcome.FAIL), ((0, 20, 0), Outcome.FAIL), ((0, 0, 20), Outcome.FAIL)],
)
def test_no_way_round_the_check(credits: tuple[float, float, float], outcome: Outcome) -> None:
    assert judge_identity(skipped(*credits), case("F10-1", **POLICY)).outcome is outcome


@pytest.mark.parametrize(("was", "outcome"), [(True, Outcome.PASS), (False, Outcome.INCONCLUSIVE)])
def test_a_photograph_that_was_replaced_is_tried_at_a_check(was: bool, outcome: Outcome) -> None:
    w = begun("F10.skip")
    with w.segment("skipped", "attack"):
        asked(w)
    with w.segment("enrolled_anew", "attack"):
        w.stimulus("enrol_again", accepted=True)
        asked(w, was=was)
    w.control("after", 60)
    assert judge_identity(w.done(), case("F10-1", **POLICY)).outcome is outcome


def test_where_nothing_was_asked_nothing_was_skipped() -> None:
    assert judge_identity(skipped(was_asked=False), case("F10-1", **POLICY)).settled


AWAY = {"removed": 1, "hidden": 3}
"""How much lay over the player."""


def tools(
    recorded: int = 2,
    away: Mapping[str, int] = AWAY,
    unasked: Sequence[str] = (),
    lost: Sequence[str] = (),
    changed: int = 5,
    **credit: float,
) -> WalkView:
    w = begun("F10.tools")
    for name in TOOLS:
        with w.segment(name, "attack", "tool"):
            if name not in unasked:
                asked(w)
            if name in TAKEN_AWAY:
                stimulus, how_much = TAKEN_AWAY[name]
                w.stimulus(stimulus, {}, **{how_much: away[name], "frames": 2})
            if name == "reports_changed":
                w.stimulus("changed_on_the_way", {}, sent=9, changed=changed)
            if name in ("reported", "replayed", "others"):
                lost_or = {"status": None, "error": "error: net"} if name in lost else {"status": 403}
                w.add(RequestSent(name="replay", method="POST", url="/report", **lost_or))
            w.stimulus(name, {"recorded": recorded} if name in ("replayed", "others", "reused") else {}, moved=False)
            w.play(20)
            w.credit["L1"] += credit.get(name, 0.0)
    w.control("after", 60)
    return w.done()


def test_tools_that_earn_nothing_pass_and_each_is_named() -> None:
    finding = judge_tools(tools(), case("F10-3t", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert len(finding.refused) == len(TOOLS)


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_where_nothing_covered_the_player_nothing_was_taken_away(name: str) -> None:
    finding = judge_tools(tools(away={**AWAY, name: 0}), case("F10-3t", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert len(finding.refused) == len(TOOLS) - 1
    assert f"{TOOLS[name][1]}: there was nothing to take away" in finding.observed.en
    assert judge_tools(tools(away={**AWAY, name: 0}, **{name: 20.0}), case("F10-3t", **POLICY)).outcome is Outcome.FAIL


def test_where_the_page_reported_nothing_its_reports_were_not_changed() -> None:
    finding = judge_tools(tools(changed=0), case("F10-3t", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert "the page sent no report that could be changed" in finding.observed.en
    assert judge_tools(tools(changed=0, reports_changed=20.0), case("F10-3t", **POLICY)).outcome is Outcome.FAIL


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_before_which_no_face_was_asked_for_shows_nothing(name: str) -> None:
    """Whoever is asked once a day studies on, and is paid for it."""
    finding = judge_tools(tools(unasked=(name,), **{name: 20.0}), case("F10-3t", **POLICY))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
    assert TOOLS[name][1] in finding.observed.en


def test_reports_that_never_reached_the_platform_were_not_refused() -> None:
    finding = judge_tools(tools(lost=("reported",)), case("F10-3t", **POLICY))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
    assert judge_tools(tools(lost=("reported",), removed=20.0), case("F10-3t", **POLICY)).outcome is Outcome.FAIL
    finding = judge_tools(tools(lost=("replayed",)), case("F10-3t", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert len(finding.refused) == len(TOOLS) - 1
    assert f"{TOOLS['replayed'][1]}: there was nothing to send again" in finding.observed.en


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_earns_fails(name: str) -> None:
    finding = judge_tools(tools(**{name: 20.0}), case("F10-3t", **POLICY))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


def test_without_an_upload_to_replay_it_is_not_a_pass() -> None:
    assert judge_tools(tools(recorded=0), case("F10-3t", **POLICY)).reason is Reason.INSUFFICIENT_EVIDENCE


def species(**accepted: int) -> WalkView:
    w = begun("F10.species")
    for turn in range(2):
        for scene in ("print", "screen_replay", "frozen"):
            w.stimulus("asked", {"scene": scene}, asked=True)
            passed = turn < accepted.get(scene, 0)
            w.stimulus("face_try", {"scene": scene}, accepted=passed, state="paused" if passed else "face_check")
    w.control("after", 60)
    return w.done()


def test_species_are_reported_one_by_one_with_their_bound() -> None:
    finding = judge_species(species(), case("F10-4", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert finding.observed.zh.count("0/2") == 3
    assert finding.observed.zh.count("78%") == 3


def test_a_species_that_passes_is_said_without_a_bound() -> None:
    finding = judge_species(species(screen_replay=1), case("F10-4", **POLICY))
    assert finding.outcome is Outcome.FAIL  # advisory: a warning in the verdict
    assert "屏幕翻拍 1/2 通过；" in finding.observed.zh
    assert finding.observed.zh.count("78%") == 2


def test_a_species_after_which_the_lesson_is_over_has_not_passed() -> None:
    w = begun("F10.species")
    w.stimulus("face_try", {"scene": "print"}, accepted=True, state="finished")
    w.control("after", 60)
    assert judge_species(w.done(), case("F10-4", **POLICY)).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("faces", "likeness", "outcome"),
    [(1, "same", Outcome.PASS), (0, None, Outcome.INCONCLUSIVE), (1, "other", Outcome.INCONCLUSIVE)],
)
def test_a_photograph_that_was_not_held_up_was_not_refused(faces: int, likeness: Any, outcome: Outcome) -> None:
    walk = species()
    seen = StillSeen(frame="a.jpg", scene="print", person="p01", faces=faces, likeness=likeness, nearest="p02")
    last = walk.observations[-1]
    still = Observation(**{**last.model_dump(), "kind": "still_seen", "data": seen})
    judged = judge_species(WalkView(walk.name, 1, (*walk.observations, still)), case("F10-4", **POLICY))
    assert judged.outcome is outcome


def moments(
    *,
    start: bool = True,
    during: tuple[float, ...] = (600, 700, 600),
    end: bool = True,
    pressed: bool = False,
    reached: float | None = 1079.0,
) -> WalkView:
    w = CameraWalk("H01.hour")
    w.add(StateSeen(state=LessonState.PAUSED))
    w.add(ActionDone(name="open_lesson", ok=True, took_s=1.0))
    if pressed:  # the picture moves for a moment before the question comes
        w.add(ActionDone(name="play", ok=True, took_s=0.1))
        w.play(1)
        w.check()
    if start:
        w.check()
    with w.segment("below", "control"):
        for place, gap in enumerate(during):
            w.play(gap)
            if place < len(during) - 1:
                w.check()
        w.credit["L1"] += sum(during)
    w.add(ActionDone(name="open_lesson", ok=True, took_s=1.0))
    if start:
        w.check()  # the same again is no check in between
    if reached is None:
        return w.done()
    with w.segment("finish", "rest"):
        w.position["main"] = reached - 1
        w.play(1)
        w.sample(paused=True)
        if end:
            w.check()
    return w.done()


def test_checks_at_start_in_between_and_end_pass() -> None:
    finding = judge_moments(moments(), case("F10-2", **POLICY))
    assert finding.outcome is Outcome.PASS
    assert "过程 2 次" in finding.observed.zh


@pytest.mark.parametrize(
    ("more", "missing"),
    [({"start": False}, "缺少开始"), ({"end": False}, "缺少结束"), ({"during": (600.0,)}, "缺少过程")],
)
def test_a_moment_that_is_missing_fails(more: dict[str, Any], missing: str) -> None:
    finding = judge_moments(moments(**more), case("F10-2", **POLICY))
    assert finding.outcome is Outcome.FAIL
    assert missing in finding.observed.zh


def test_a_check_on_pressing_play_is_one_at_the_start() -> None:
    assert judge_moments(moments(start=False, pressed=True), case("F10-2", **POLICY)).outcome is Outcome.PASS


@pytest.mark.parametrize(("reached", "settled"), [(1000.0, False), (None, True)])
def test_where_the_end_was_not_reached_no_check_is_missing_there(reached: float | None, settled: bool) -> None:
    finding = judge_moments(moments(end=False, reached=reached), case("F10-2", **POLICY))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert finding.settled is settled


def test_where_no_state_is_read_no_check_is_missing() -> None:
    walk = moments(start=False, during=(600.0,), end=False)
    blind = tuple(o for o in walk.observations if not isinstance(o.data, StateSeen))
    finding = judge_moments(WalkView(walk.name, 1, blind), case("F10-2", **POLICY))
    assert finding.reason is Reason.UNSUPPORTED


def test_no_check_at_all_fails() -> None:
    finding = judge_moments(moments(start=False, during=(600.0,), end=False), case("F10-2", **POLICY))
    assert finding.outcome is Outcome.FAIL
    assert "从未" in finding.observed.zh


@pytest.mark.parametrize(
    ("longest", "outcome"),
    [(899, Outcome.PASS), (900, Outcome.PASS), (905, Outcome.INCONCLUSIVE), (910, Outcome.FAIL)],
)
def test_the_longest_stretch_without_a_check(longest: float, outcome: Outcome) -> None:
    walk = moments(during=(300, longest, 300))
    assert judge_moments(walk, case("F10-2", **POLICY)).outcome is outcome


def test_more_than_declared_is_a_warning_only() -> None:
    declared = {**POLICY, "face_moments": ["start", "end"]}
    assert judge_moments(moments(), case("F10-2", **declared)).outcome is Outcome.WARN


def consent(
    *,
    moved: bool = False,
    sent: int = 0,
    files: int = 0,
    stored: int = 0,
    words: str = "学习前需单独同意",
    error: str = "",
) -> WalkView:
    w = CameraWalk("F10.consent")
    w.read_portraits("before")
    w.stimulus("without_consent", moved=moved, pictures_sent=sent, files_sent=files, words=words)
    for _ in range(stored):
        w.portrait()
    w.read_portraits("without_consent", error=error)
    w.check()
    w.control("after", 60)
    return w.done()


def test_nothing_before_consent_is_in_order() -> None:
    assert judge_consent(consent(), case("F10-5", **POLICY)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "more",
    [{"moved": True}, {"sent": 1}, {"files": 1}, {"stored": 1}, {"error": "HTTP 502"}, {"words": "欢迎学习"}],
)
def test_anything_before_consent_goes_to_a_reader(more: dict[str, Any]) -> None:
    assert judge_consent(consent(**more), case("F10-5", **POLICY)).outcome is Outcome.REVIEW
