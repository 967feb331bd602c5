"""F03 and F05 judged on literal walks."""

from __future__ import annotations

import pytest

from harness.model.finding import Finding
from harness.model.observation import CreditRead, Input, ReportChannel, RequestSent, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import Credit, LessonState
from harness.view import WalkView
from probes.f03_remote_teaching.judge import judge_plays
from probes.f05_learning_record.judge import judge_forged, judge_record
from tests.walkbuilder import WalkBuilder, case


def honest(*, credited: float = 300.0, paused_credit: float = 0.0, moving: bool = True) -> WalkView:
    w = WalkBuilder("F05.honest")
    with w.segment("playing", "control"):
        if moving:
            w.play(300)
        else:
            w.stand(300, paused=False)
        w.credit["L1"] += credited
    with w.segment("paused", "rest"):
        w.stand(120)
        w.credit["L1"] += paused_credit
    w.control("playing_on", 60)
    return w.done()


def test_a_lesson_that_plays_and_pauses_passes() -> None:
    finding = judge_plays(honest(), case("F03-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


@pytest.mark.parametrize(("rate", "outcome"), [(0.85, Outcome.PASS), (0.75, Outcome.INCONCLUSIVE), (0.1, Outcome.FAIL)])
def test_a_slow_picture_may_be_our_own_fault(rate: float, outcome: Outcome) -> None:
    w = WalkBuilder("F05.honest")
    for name in ("playing", "playing_on"):
        with w.segment(name, "control"):
            w.play(60, rate=rate)
        with w.segment("paused" if name == "playing" else "rest", "rest"):
            w.stand(20)
    assert judge_plays(w.done(), case("F03-1")).outcome is outcome


def test_what_a_face_check_takes_is_not_playing() -> None:
    """In rehearsal a check comes every half minute and takes a person's time: that is no slow machine."""
    w = WalkBuilder("F05.honest")
    for name in ("playing", "playing_on"):
        with w.segment(name, "control"):
            w.play(10)
            w.add(StateSeen(state=LessonState.FACE_CHECK))
            w.t += 8
            w.play(10)
        with w.segment("paused" if name == "playing" else "rest", "rest"):
            w.stand(20)
    finding = judge_plays(w.done(), case("F03-1"))
    assert finding.outcome is Outcome.PASS
    assert "40.0 s" in finding.observed.en


@pytest.mark.parametrize(
    ("ran", "outcome"), [(1, Outcome.INCONCLUSIVE), (40, Outcome.INCONCLUSIVE), (60, Outcome.PASS)]
)
def test_a_player_that_stood_paused_most_of_the_time_shows_nothing(ran: int, outcome: Outcome) -> None:
    """A notice that nobody closes: neither does the lesson play, nor is the platform proven not to play it."""
    w = WalkBuilder("F05.honest")
    for name in ("playing", "playing_on"):
        with w.segment(name, "control"):
            w.play(ran)
            w.stand(100 - ran)
        with w.segment("paused" if name == "playing" else "rest", "rest"):
            w.stand(20)
    assert judge_plays(w.done(), case("F03-1")).outcome is outcome


@pytest.mark.parametrize(
    ("watched", "outcome"), [(20, Outcome.INCONCLUSIVE), (89, Outcome.INCONCLUSIVE), (91, Outcome.FAIL)]
)
def test_a_record_that_counts_nothing_is_not_true_because_little_was_watched(watched: int, outcome: Outcome) -> None:
    w = WalkBuilder("F05.honest")
    w.control("playing", watched - 10, credited=0)
    with w.segment("paused", "rest"):
        w.stand(60)
    w.control("playing_on", 10, credited=0)
    assert judge_record(w.done(), case("F05-1")).outcome is outcome


def test_a_picture_that_stands_still_fails() -> None:
    assert judge_plays(honest(moving=False), case("F03-1")).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("film", "outcome"),
    [
        ({"status": 404, "type": "text/plain", "error": 4}, Outcome.FAIL),
        ({"status": 503, "type": ""}, Outcome.FAIL),
        ({"status": 400, "type": "video/mp4"}, Outcome.FAIL),
        ({"status": 399, "type": "video/mp4"}, Outcome.INCONCLUSIVE),
        ({"status": 200, "type": "text/html", "error": 4}, Outcome.FAIL),
        ({"no_answer": True}, Outcome.FAIL),
        ({"no_answer": False}, Outcome.INCONCLUSIVE),
        # The film can be had, so our browser may lack its codec, or the profile may press the wrong button.
        ({"status": 206, "type": "video/mp4", "error": 4}, Outcome.INCONCLUSIVE),
        ({"error": 4, "ready": 0}, Outcome.INCONCLUSIVE),
        # It was reached before its address ran out, so that something else holds it up.
        ({"status": 403, "type": "text/html", "ready": 0}, Outcome.FAIL),
        ({"status": 403, "type": "text/html", "ready": 1}, Outcome.INCONCLUSIVE),
        ({"no_answer": True, "ready": 4}, Outcome.INCONCLUSIVE),
        ({}, Outcome.INCONCLUSIVE),
    ],
)
def test_what_never_starts_is_blamed_on_a_missing_film_only(film: dict[str, object], outcome: Outcome) -> None:
    w = WalkBuilder("F05.honest")
    w.add(Stimulus(name="stands_still", means="ordinary", effect=film))
    assert judge_plays(w.done(), case("F03-1")).outcome is outcome


@pytest.mark.parametrize(("ran", "outcome"), [(19, Outcome.FAIL), (20, Outcome.FAIL), (22, Outcome.INCONCLUSIVE)])
def test_a_film_that_breaks_off(ran: float, outcome: Outcome) -> None:
    """A fifth of the time or less, and then it could not be started again."""
    w = WalkBuilder("F05.honest")
    with w.segment("playing", "control"):
        w.play(ran)
        w.stand(100 - ran, paused=False)
    w.add(Stimulus(name="stands_still", means="ordinary", effect={"status": 206, "type": "video/mp4"}))
    assert judge_plays(w.done(), case("F03-1")).outcome is outcome


@pytest.mark.parametrize(
    ("credited", "outcome"),
    [
        (300, Outcome.PASS),
        (300 - 30, Outcome.PASS),  # at the tolerance
        (300 - 29, Outcome.PASS),
        (300 - 36, Outcome.FAIL),  # beyond tolerance + 5 s
        (300 - 33, Outcome.INCONCLUSIVE),
        (300 + 36, Outcome.FAIL),
        (0, Outcome.FAIL),
    ],
)
def test_the_record_agrees_within_thirty_seconds(credited: float, outcome: Outcome) -> None:
    assert judge_record(honest(credited=credited), case("F05-1")).outcome is outcome


def in_hours(hour_s: float) -> WalkView:
    """A record that shows class hours of so many seconds, to the hundredth, and no time."""
    whole = honest()
    lines = []
    for o in whole.observations:
        if isinstance(o.data, CreditRead) and o.data.credit is not None and o.data.credit.credited_s is not None:
            credit = Credit(hours=round(o.data.credit.credited_s / hour_s, 2), resolution_s=0.01 * hour_s)
            o = o.model_copy(update={"data": CreditRead(at=o.data.at, credit=credit)})
        lines.append(o)
    return WalkView(whole.name, 1, tuple(lines))


@pytest.mark.parametrize(
    ("hour_s", "policy", "outcome"),
    [
        (1800, {"class_hour_s": 1800}, Outcome.PASS),
        (2700, {"class_hour_s": 2700}, Outcome.PASS),
        (2700, {"class_hour_s": 1800}, Outcome.FAIL),
        (2700, {}, Outcome.INCONCLUSIVE),  # nobody said that an hour has 45 minutes here
        (1200, {}, Outcome.FAIL),  # too much in any lawful hour
    ],
)
def test_hours_tell_no_time_unless_their_length_is_declared(
    hour_s: float, policy: dict[str, float], outcome: Outcome
) -> None:
    assert judge_record(in_hours(hour_s), case("F05-1", **policy)).outcome is outcome


def test_credit_for_a_pause_is_unearned() -> None:
    finding = judge_record(honest(paused_credit=120), case("F05-1"))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


def test_nothing_credited_says_so() -> None:
    w = WalkBuilder("F05.honest")
    w.control("playing", 300, credited=0)
    with w.segment("paused", "rest"):
        w.stand(120)
    w.control("playing_on", 60, credited=0)
    finding = judge_record(w.done(), case("F05-1"))
    assert finding.outcome is Outcome.FAIL
    assert "完全未计入" in finding.observed.zh
    assert not finding.unearned


def forged(
    *, gain: float = 0.0, completed: bool = False, channel: bool = True, control_credit: float = 60.0
) -> WalkView:
    w = WalkBuilder("F05.forged")
    w.control("before", 60, credited=control_credit)
    if channel:
        w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("replayed", "attack", "tool"):
        w.stand(5)
        if channel:
            w.add(RequestSent(name="replay", method="PUT", url="http://h/x/1", status=200))
    with w.segment("raised", "attack", "tool"):
        w.stand(5)
        w.credit["L1"] += gain
        w.completed["L1"] = completed
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("gain", "outcome"), [(0, Outcome.PASS), (35, Outcome.PASS), (36, Outcome.FAIL), (3600, Outcome.FAIL)]
)
def test_forged_reports_add_nothing_beyond_the_tolerance(gain: float, outcome: Outcome) -> None:
    assert judge_forged(forged(gain=gain), case("F05-2")).outcome is outcome


def test_a_forged_completion_fails() -> None:
    assert judge_forged(forged(completed=True), case("F05-2")).outcome is Outcome.FAIL


def test_without_a_report_to_forge_nothing_is_concluded() -> None:
    finding = judge_forged(forged(channel=False), case("F05-2"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE)


def test_without_a_credited_control_nothing_is_concluded() -> None:
    finding = judge_forged(forged(control_credit=0), case("F05-2"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)


def test_a_forged_end_is_a_failure_though_nothing_is_left_to_earn_afterwards() -> None:
    w = WalkBuilder("F05.forged")
    w.control("before", 60)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("finished", "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name="finish", method="PUT", url="http://h/x/1", status=200))
        w.completed["L1"] = True
    w.control("after", 60, credited=0)
    assert judge_forged(w.done(), case("F05-2")).outcome is Outcome.FAIL


def test_without_such_a_proof_an_uncredited_control_afterwards_concludes_nothing() -> None:
    w = WalkBuilder("F05.borrowed")
    w.control("before", 60)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("borrowed", "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name="as_other", method="PUT", url="http://h/x/1", status=403))
    w.control("after", 60, credited=0)
    assert judge_forged(w.done(), case("F05-2")).reason is Reason.PRECONDITION_UNMET


IDLE_S = 30.0


def behind_a_lock(*, idle_s: float = 0.0, first: LessonState = LessonState.PAUSED, gain: float = 0.0) -> Finding:
    """Reports replayed after so many seconds without input, of a lesson that is locked after IDLE_S of them."""
    w = WalkBuilder("F05.forged")
    w.control("before", 60)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    w.add(Input(device="mouse", trusted=True), "L1")
    with w.segment("replayed", "attack", "tool"):
        w.add(StateSeen(state=first), "L1")
        w.stand(idle_s)
        w.add(RequestSent(name="replay", method="PUT", url="http://h/x/1", status=200))
        if idle_s:
            w.add(StateSeen(state=LessonState.LOCKED), "L1")
        w.credit["L1"] += gain
    w.control("after", 60)
    return judge_forged(w.done(), case("F05-2", idle_limit_s=IDLE_S))


@pytest.mark.parametrize("idle_s", [IDLE_S, IDLE_S + 1])
def test_what_was_sent_behind_an_idle_lock_was_not_refused_as_forged(idle_s: float) -> None:
    finding = behind_a_lock(idle_s=idle_s)
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)
    assert "locked in 'replayed'" in finding.observed.en


def test_a_lock_that_comes_sooner_is_the_platforms_answer_to_the_forgery() -> None:
    assert behind_a_lock(idle_s=IDLE_S - 1).outcome is Outcome.PASS


def test_a_lesson_that_was_locked_before_anything_was_sent_tells_nothing() -> None:
    assert behind_a_lock(first=LessonState.LOCKED).reason is Reason.PRECONDITION_UNMET


def test_what_a_locked_lesson_is_paid_is_a_failure_all_the_same() -> None:
    assert behind_a_lock(first=LessonState.LOCKED, gain=3600).outcome is Outcome.FAIL
    assert behind_a_lock(idle_s=IDLE_S, gain=3600).outcome is Outcome.FAIL


def stood(*, paid: float, gain: float, since: bool = False) -> Finding:
    """A minute in which the player stands still and nothing is forged, then ten seconds of forged reports; with
    `since`, what is gained comes on top of all the time that the player has stood still."""
    w = WalkBuilder("F05.forged")
    w.control("before", 60)
    stopped = w.t - 1  # the record was read a second later
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("standing", "rest"):
        w.stand(60)
        w.credit["L1"] += paid
    with w.segment("replayed", "attack", "tool"):
        w.stand(10)
        w.add(RequestSent(name="replay", method="PUT", url="http://h/x/1", status=200))
        w.credit["L1"] += gain + (w.t - stopped if since else 0.0)
    w.control("after", 60)
    return judge_forged(w.done(), case("F05-2"))


UNPAID_S, PAID_S = 35.0, 36.0
"""Within and beyond the tolerance of 30 s and what one report carries."""


@pytest.mark.parametrize(
    ("paid", "gain", "since", "outcome"),
    [
        (0, PAID_S, False, Outcome.FAIL),
        (UNPAID_S, PAID_S, False, Outcome.FAIL),
        (PAID_S, 0, False, Outcome.INCONCLUSIVE),
        (PAID_S, PAID_S, False, Outcome.INCONCLUSIVE),  # the clock that ran on may have added it
        (PAID_S, UNPAID_S, True, Outcome.INCONCLUSIVE),  # all at once
        (PAID_S, PAID_S, True, Outcome.FAIL),
    ],
)
def test_what_standing_still_is_paid_was_not_forged(paid: float, gain: float, since: bool, outcome: Outcome) -> None:
    finding = stood(paid=paid, gain=gain, since=since)
    assert finding.outcome is outcome
    if outcome is Outcome.INCONCLUSIVE:
        assert finding.reason is Reason.PRECONDITION_UNMET
        assert "stood still and nothing was forged" in finding.observed.en


def coarse(step_s: float, *, raised: float, watched: float = 66, lesson: float = 5400) -> Finding:
    """A record in steps of so many seconds, of a platform that credits whatever is claimed."""
    w = WalkBuilder("F05.forged", resolution_s=step_s)
    earned = 0.0

    def show(seconds: float) -> None:
        nonlocal earned
        earned += seconds
        w.credit["L1"] = earned // step_s * step_s

    with w.segment("before", "control"):
        w.play(watched)
        show(watched)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("raised", "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name="forge_all", method="PUT", url="http://h/x/1", status=200))
        w.add(Stimulus(name="forge", means="tool", params={"raise_s": 3400.0}))
        show(raised)
    with w.segment("after", "control"):
        w.play(watched)
        show(watched)
    return judge_forged(w.done(), case("F05-2", lessons={"L1": lesson}))


@pytest.mark.parametrize(
    ("step_s", "raised", "outcome"),
    [
        (60, 0, Outcome.PASS),
        (60, 3400, Outcome.FAIL),
        (180, 3400, Outcome.FAIL),
        (1800, 0, Outcome.INCONCLUSIVE),
        (1800, 3400, Outcome.INCONCLUSIVE),  # whole class hours: one of the two that were forged shows
    ],
)
def test_a_record_that_tells_less_than_was_forged_apart_concludes_nothing(
    step_s: float, raised: float, outcome: Outcome
) -> None:
    assert coarse(step_s, raised=raised).outcome is outcome


def test_what_the_lesson_has_left_is_the_most_that_can_be_forged() -> None:
    assert coarse(60, raised=0, lesson=400).outcome is Outcome.PASS
    assert coarse(60, raised=0, lesson=300).reason is Reason.INSUFFICIENT_EVIDENCE


def test_a_record_that_never_moved_concludes_nothing() -> None:
    """Half a minute of study and a record in whole minutes: that it stands still says nothing of the attack."""
    finding = coarse(60, raised=0, watched=25)
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)
    assert "never moved" in finding.observed.en


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (60, 60 + 3400, Outcome.FAIL),
        (60, 60 + 90, Outcome.INCONCLUSIVE),  # a clock that ran on between would add as much
        (60, 60 + 30, Outcome.PASS),
        (60 + 90, 60 + 90, Outcome.PASS),  # honest study is always recorded as too much: that is F05-1's finding
    ],
)
def test_what_is_credited_later_than_it_was_forged_was_forged(before: float, after: float, outcome: Outcome) -> None:
    w = WalkBuilder("F05.forged")
    w.control("before", 60, credited=before)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment("raised", "attack", "tool"):
        w.stand(35)
        w.add(RequestSent(name="forge_all", method="PUT", url="http://h/x/1", status=200))
    w.control("after", 60, credited=after)
    assert judge_forged(w.done(), case("F05-2")).outcome is outcome


@pytest.mark.parametrize("name", ["replayed", "backwards", "burst", "raised", "finished", "after_log_out", "borrowed"])
def test_every_way_of_sending_is_judged(name: str) -> None:
    w = WalkBuilder("F05.forged")
    w.control("before", 60)
    w.add(ReportChannel(method="PUT", url="http://h/x/*", count=12, period_s=5, moving=("json:t",)))
    with w.segment(name, "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name=name, method="PUT", url="http://h/x/1", status=200))
        w.credit["L1"] += 1200
    w.control("after", 60)
    finding = judge_forged(w.done(), case("F05-2"))
    assert finding.outcome is Outcome.FAIL
    assert name in finding.observed.en
