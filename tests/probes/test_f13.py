"""F13 judged on literal walks: idle, locked, unlocked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from harness.attacks import presence
from harness.model.observation import Means, Media, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState, MediaSample
from harness.view import WalkView
from probes.f13_idle_lock.judge import judge_limit, judge_lock, judge_locked_credit, judge_overlay
from tests.probes.simulated import LeapClock, Simulation, Window, account
from tests.probes.test_simulated import findings
from tests.walkbuilder import WalkBuilder, case


def idle(*, waited: float, stopped: bool, credited: float, locked_credit: float = 0.0, after: float = 60) -> WalkView:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(waited)
        w.credit["L1"] += credited
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": waited}, effect={"stopped": stopped}))
    if stopped:
        with w.segment("locked", "attack"):
            w.stand(120)
            w.credit["L1"] += locked_credit
        w.control("after", 60, credited=after)
    return w.done()


def test_a_lesson_that_locks_passes() -> None:
    finding = judge_lock(idle(waited=300, stopped=True, credited=300), case("F13-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


def test_one_that_plays_on_and_earns_fails() -> None:
    assert judge_lock(idle(waited=660, stopped=False, credited=660), case("F13-1")).outcome is Outcome.FAIL


def test_playing_on_without_credit_is_a_warning() -> None:
    assert judge_lock(idle(waited=660, stopped=False, credited=5), case("F13-1")).outcome is Outcome.WARN


def test_a_lock_that_never_opens_again_concludes_nothing() -> None:
    finding = judge_lock(idle(waited=300, stopped=True, credited=300, after=0), case("F13-1"))
    assert finding.reason is Reason.PRECONDITION_UNMET


def locked_for_two_minutes() -> WalkBuilder:
    """Honest study, five minutes until the lock came, and two in which it stood."""
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(300)
        w.credit["L1"] += 300
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": 300}, effect={"stopped": True}))
    with w.segment("locked", "attack"):
        w.stand(120)
    return w


@pytest.mark.parametrize(
    ("waited", "outcome"),
    [(300, Outcome.PASS), (320, Outcome.PASS), (420, Outcome.WARN), (600, Outcome.WARN), (660, Outcome.FAIL)],
)
def test_the_moment_agrees_with_the_declared_limit_and_the_cap(waited: float, outcome: Outcome) -> None:
    walk = idle(waited=waited, stopped=True, credited=waited)
    assert judge_limit(walk, case("F13-1v", idle_limit_s=300.0)).outcome is outcome


CAP_S = 600.0
SECOND = 1.0


@pytest.mark.parametrize("scale", [1, 7, 13.3, 30])
@pytest.mark.parametrize(
    ("declared", "outcome"),
    [(CAP_S - SECOND, Outcome.PASS), (CAP_S, Outcome.PASS), (CAP_S + SECOND, Outcome.FAIL), (900.0, Outcome.FAIL)],
)
def test_what_is_declared_is_within_the_cap(declared: float, outcome: Outcome, scale: float) -> None:
    """The cap is inclusive. Beyond it the declaration is at fault, although the lock comes as declared or sooner."""
    locks = min(declared, CAP_S) / scale
    finding = judge_limit(
        idle(waited=locks, stopped=True, credited=locks), case("F13-1v", scale=scale, idle_limit_s=declared)
    )
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(("waited", "stopped"), [(300, True), (780, False)])
def test_a_limit_beyond_the_cap_is_called_the_harness_s_and_never_the_standard_s(waited: float, stopped: bool) -> None:
    """Whatever the lock does: what it does is judged by F13-1."""
    walk = idle(waited=waited, stopped=stopped, credited=waited)
    finding = judge_limit(walk, case("F13-1v", idle_limit_s=900.0))
    assert finding.outcome is Outcome.FAIL
    assert finding.observed.en == "15 min without operation declared, which exceeds the harness limit (10 min)"
    assert finding.observed.zh == "申报无操作 15 分钟锁屏，超出本工具限值（10 分钟）"
    assert "AQ 8011" not in finding.observed.zh + finding.observed.en


@pytest.mark.parametrize(
    ("credit", "outcome"), [(0, Outcome.PASS), (5, Outcome.PASS), (11, Outcome.FAIL), (120, Outcome.FAIL)]
)
def test_locked_time_earns_nothing(credit: float, outcome: Outcome) -> None:
    walk = idle(waited=300, stopped=True, credited=300, locked_credit=credit)
    assert judge_locked_credit(walk, case("F13-2")).outcome is outcome


@pytest.mark.parametrize(
    ("paid", "ran", "outcome"),
    [
        (0, 0, Outcome.PASS),
        (5, 0, Outcome.PASS),  # what one report carries
        (11, 0, Outcome.FAIL),
        (120, 0, Outcome.FAIL),
        (20, 20, Outcome.PASS),  # the player went on by itself after the unlocking, and that was study
        (120, 20, Outcome.FAIL),
    ],
)
def test_locked_time_is_not_paid_at_the_unlocking_either(paid: float, ran: float, outcome: Outcome) -> None:
    w = locked_for_two_minutes()
    w.position["main"] += ran
    w.credit["L1"] += paid
    w.control("after", 60)
    assert judge_locked_credit(w.done(), case("F13-2")).outcome is outcome


@pytest.mark.parametrize(
    ("stopped", "credited", "outcome"),
    [
        (True, 300, Outcome.PASS),
        (False, 660, Outcome.FAIL),
        (False, 340, Outcome.FAIL),  # more than half of it
        (False, 330, Outcome.WARN),
        (False, 0, Outcome.WARN),
    ],
)
def test_it_locks_the_second_time_as_well(stopped: bool, credited: float, outcome: Outcome) -> None:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    for name, waited, locks, gained in (("idle", 300, True, 300), ("idle_again", 660, stopped, credited)):
        with w.segment(name, "attack"):
            w.play(waited)
            w.credit["L1"] += gained
            w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": waited}, effect={"stopped": locks}))
        if name == "idle":
            w.control("after", 60)
    finding = judge_lock(w.done(), case("F13-1"))
    assert finding.outcome is outcome
    assert "second" in finding.observed.en or "once more" in finding.observed.en


def torn_off(*, reported: float, torn: float, changed: float) -> WalkView:
    w = WalkBuilder("F13.synthetic")
    w.control("before", 60)
    with w.segment("idle", "attack", "tool"):
        w.play(300)
        w.credit["L1"] += 300
        w.add(Stimulus(name="synthetic_events", means="tool", params={"waited_s": 300}, effect={"stopped": True}))
    with w.segment("reported_while_locked", "attack", "tool"):
        w.stand(4)
        w.credit["L1"] += reported
    with w.segment("overlay_removed", "attack", "tool"):
        w.play(60)
        w.credit["L1"] += torn
    with w.segment("reports_changed", "attack", "tool"):
        w.stand(60)
        w.credit["L1"] += changed
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("reported", "torn", "changed", "outcome"),
    [
        (0, 0, 0, Outcome.PASS),
        (5, 5, 5, Outcome.PASS),
        (11, 0, 0, Outcome.FAIL),
        (0, 11, 0, Outcome.FAIL),
        (0, 0, 11, Outcome.FAIL),
        (3600, 0, 0, Outcome.FAIL),
    ],
)
def test_neither_reports_nor_a_torn_off_lock_earn_while_locked(
    reported: float, torn: float, changed: float, outcome: Outcome
) -> None:
    finding = judge_overlay(torn_off(reported=reported, torn=torn, changed=changed), case("F13-3"))
    assert finding.outcome is outcome
    if outcome is Outcome.PASS:
        assert len(finding.refused) == 3
        assert finding.accepted
    else:
        assert finding.unearned


def ended(w: WalkBuilder) -> None:
    """The media is over."""
    sample = MediaSample(
        position_s=w.position["main"], duration_s=w.position["main"], rate=1.0, paused=True, ended=True, seeking=False,
        hidden=False, ready=4,
    )  # fmt: skip
    w.add(Media(sample=sample, screen="main"))


def stopped_by(state: LessonState, *, over: bool = False, means: Means = "ordinary") -> WalkView:
    """What plays without input comes to a standstill, and is credited again when somebody is back."""
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack", means):
        w.play(300)
        w.credit["L1"] += 300
        if over:
            ended(w)
        name = "no_input" if means == "ordinary" else "synthetic_events"
        effect: dict[str, Any] = {"stopped": True, "state": state.value}
        w.add(Stimulus(name=name, means=means, params={"waited_s": 300}, effect=effect))
    with w.segment("locked", "attack"):
        w.stand(120)
    with w.segment("overlay_removed", "attack", "tool"):
        w.stand(60)
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("state", "over", "told"),
    [
        (LessonState.LOCKED, False, True),
        (LessonState.KICKED, False, True),
        (LessonState.PAUSED, False, True),  # stopped, and the profile has no name for how
        (LessonState.UNKNOWN, False, True),
        (LessonState.LOCKED, True, True),
        (LessonState.FACE_CHECK, False, False),
        (LessonState.FINISHED, False, False),
        (LessonState.PAUSED, True, False),
        (LessonState.UNKNOWN, True, False),
    ],
)
def test_the_end_of_a_lesson_and_a_face_check_are_no_idle_lock(state: LessonState, over: bool, told: bool) -> None:
    judged = [
        judge_lock(stopped_by(state, over=over), case("F13-1")),
        judge_limit(stopped_by(state, over=over), case("F13-1v", idle_limit_s=300.0)),
        judge_locked_credit(stopped_by(state, over=over), case("F13-2")),
        judge_lock(stopped_by(state, over=over, means="tool"), case("F13-1t")),
        judge_overlay(stopped_by(state, over=over, means="tool"), case("F13-3")),
    ]
    assert {f.outcome for f in judged} == {Outcome.PASS if told else Outcome.INCONCLUSIVE}, judged[0].observed.en


@pytest.mark.parametrize(
    ("declared", "waited", "outcome"),
    [
        (None, 660, Outcome.FAIL),
        (300, 420, Outcome.FAIL),
        (600, 660, Outcome.FAIL),
        (630, 660, Outcome.FAIL),  # the declared time and what it may be missed by
        (631, 660, Outcome.INCONCLUSIVE),
        (900, 660, Outcome.INCONCLUSIVE),
    ],
)
def test_a_declared_time_must_have_gone_by_before_its_lock_is_missed(
    declared: float | None, waited: float, outcome: Outcome
) -> None:
    """However long it is: that it exceeds the harness's cap is F13-1v's, and no violation of the standard."""
    policy: dict[str, Any] = {} if declared is None else {"idle_limit_s": declared}
    finding = judge_lock(idle(waited=waited, stopped=False, credited=waited), case("F13-1", **policy))
    assert finding.outcome is outcome, finding.observed.en
    if outcome is Outcome.INCONCLUSIVE:
        assert finding.settled  # the wait is as long the next time


@pytest.mark.parametrize(("stalled", "outcome"), [(0, Outcome.WARN), (5, Outcome.WARN), (400, Outcome.INCONCLUSIVE)])
def test_what_did_not_play_shows_no_refusal_of_credit(stalled: int, outcome: Outcome) -> None:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(660 - stalled)
        w.stand(stalled, paused=False)  # no data comes
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": 660}, effect={"stopped": False}))
    assert judge_lock(w.done(), case("F13-1")).outcome is outcome


def test_a_lesson_that_gave_way_to_the_next_shows_no_refusal_of_credit() -> None:
    """The record that is read is the first lesson's."""
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(200)
        w.credit["L1"] += 200
        w.position["main"] = 0.0
        w.play(460)
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": 660}, effect={"stopped": False}))
    assert judge_lock(w.done(), case("F13-1")).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("paid", "ran", "outcome"),
    [
        (0, 40, Outcome.PASS),
        (40, 40, Outcome.INCONCLUSIVE),  # it may all be what was played since
        (120, 40, Outcome.FAIL),  # more than time has gone by since
    ],
)
def test_a_lesson_set_back_at_the_unlocking_may_have_earned_what_it_played_since(
    paid: float, ran: int, outcome: Outcome
) -> None:
    w = locked_for_two_minutes()
    w.t += ran
    w.position["main"] = 60.0 + ran  # where somebody was last seen, and on
    w.credit["L1"] += paid
    w.control("after", 60)
    finding = judge_locked_credit(w.done(), case("F13-2"))
    assert finding.outcome is outcome, finding.observed.en


class Asks(Simulation):
    """Asks for a face every four minutes, and locks nothing."""

    def described(self, name: str) -> bool:
        return name == "pass_face_check" or super().described(name)

    async def session(self, role: str, who: Any = None, **look: Any) -> Window:
        window = Asking(self, role, who or account(role, role))
        self.windows.append(window)
        return window


class Asking(Window):
    passed_at = 0.0

    async def read_state(self) -> LessonState:
        due = self.playing and self.position >= self.passed_at + 240
        return LessonState.FACE_CHECK if due else await super().read_state()

    def _pass_face_check(self) -> None:
        self.passed_at = self.position


@pytest.mark.anyio
async def test_scripts_go_on_pretending_for_as_long_as_a_lock_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A face check that is answered begins the wait anew."""
    clock, told = LeapClock(), {}

    async def pretend(screen: Any, seconds: float, **more: Any) -> Stimulus:
        return Stimulus(name="synthetic_events", means="tool")

    def synthetic_events(screen: Any, seconds: float, **more: Any) -> Any:
        told["begun"], told["seconds"] = clock.now_s, seconds
        return pretend(screen, seconds)

    async def always_visible(screen: Any) -> Stimulus:
        return Stimulus(name="always_visible", means="tool")

    monkeypatch.setattr(presence, "synthetic_events", synthetic_events)
    monkeypatch.setattr(presence, "always_visible", always_visible)
    await findings(tmp_path, "F13.synthetic", Asks(clock), policy={"report_interval_s": 5.0, "idle_limit_s": 300.0})
    assert clock.now_s - told["begun"] > 900  # more than one wait of seven minutes
    assert told["seconds"] >= clock.now_s - told["begun"]


@pytest.mark.anyio
async def test_scripts_that_broke_off_by_themselves_have_tried_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def synthetic_events(screen: Any, seconds: float, **more: Any) -> asyncio.Future[Stimulus]:
        broken: asyncio.Future[Stimulus] = asyncio.get_running_loop().create_future()
        broken.set_exception(TypeError("the page answered something else"))
        return broken

    async def always_visible(screen: Any) -> Stimulus:
        return Stimulus(name="always_visible", means="tool")

    monkeypatch.setattr(presence, "synthetic_events", synthetic_events)
    monkeypatch.setattr(presence, "always_visible", always_visible)
    policy = {"report_interval_s": 5.0, "idle_limit_s": 300.0}
    with pytest.raises(TypeError, match="something else"):
        await findings(tmp_path, "F13.synthetic", Asks(LeapClock()), policy=policy)


@pytest.mark.parametrize(
    ("idle_credit", "at_unlocking", "going_on", "outcome"),
    [
        (300, 0, 0, Outcome.PASS),
        (300, 0, 5, Outcome.PASS),  # what one report carries
        (300, 0, 11, Outcome.FAIL),
        (300, 0, 120, Outcome.FAIL),  # with the first report after the lock
        (300, 6, 6, Outcome.FAIL),
        (0, 300, 0, Outcome.PASS),  # what played before the lock was held back until somebody was there
        (0, 0, 300, Outcome.PASS),
        (0, 0, 420, Outcome.FAIL),
    ],
)
def test_locked_time_is_not_paid_when_the_lesson_goes_on_either(
    idle_credit: float, at_unlocking: float, going_on: float, outcome: Outcome
) -> None:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(300)
        w.credit["L1"] += idle_credit
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": 300}, effect={"stopped": True}))
    with w.segment("locked", "attack"):
        w.stand(120)
    w.credit["L1"] += at_unlocking
    w.control("after", 60, credited=60 + going_on)
    finding = judge_locked_credit(w.done(), case("F13-2"))
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(("paid", "outcome"), [(0, Outcome.PASS), (5, Outcome.PASS), (3600, Outcome.FAIL)])
def test_what_was_reported_while_locked_is_not_paid_afterwards_either(paid: float, outcome: Outcome) -> None:
    w = WalkBuilder("F13.synthetic")
    w.control("before", 60)
    with w.segment("idle", "attack", "tool"):
        w.play(300)
        w.credit["L1"] += 300
        w.add(Stimulus(name="synthetic_events", means="tool", params={"waited_s": 300}, effect={"stopped": True}))
    with w.segment("reported_while_locked", "attack", "tool"):
        w.stand(4)
    with w.segment("overlay_removed", "attack", "tool"):
        w.stand(60)
    w.control("after", 60, credited=60 + paid)
    finding = judge_overlay(w.done(), case("F13-3"))
    assert finding.outcome is outcome, finding.observed.en
