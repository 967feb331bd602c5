"""F12 judged on literal walks: two places at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.ledger import Ledger
from harness.model.observation import (
    ActionDone,
    RequestSent,
    SegmentStarted,
    StateSeen,
    Stimulus,
    WalkFinished,
    WalkStarted,
)
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.platform.profile import Account, Lesson
from harness.probe import load_probes
from harness.view import WalkView
from harness.walk import Walk
from probes.f12_multi_login_prevention.judge import judge_after_kick, judge_overlap, judge_two_places
from probes.f12_multi_login_prevention.observe import pc_and_phone, two_devices
from tests.probes.simulated import LESSON_S, LeapClock, Refused, Simulation, Window, account
from tests.walkbuilder import WalkBuilder, case


def overlap(first: float, second: float, *, bonus: float = 0.0, checked: str = "") -> WalkView:
    """Both play for 180 s; one that is `checked` is asked for a face after a minute, and stands for 50 s."""
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60, credited=60 + bonus)
    with w.segment("overlap", "attack"):
        for n in range(181):
            for name in ("first", "second"):
                stands = name == checked and 60 <= n < 110
                w.sample(name, paused=stands)
                w.position[name] = w.position.get(name, 0.0) + (not stands)
            w.t += n < 180
        w.credit["L1"] += first
        w.credit["L2"] += second
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    return w.done()


@pytest.mark.parametrize(
    ("requirement", "limit"), [("F12-1", 120), ("F12-1v", 60), ("F12-1t", 120)], ids=lambda value: str(value)
)
@pytest.mark.parametrize(
    ("beyond", "outcome"),
    [(-120, Outcome.PASS), (-1, Outcome.PASS), (0, Outcome.PASS), (3, Outcome.INCONCLUSIVE), (6, Outcome.FAIL)],
)
def test_the_loser_stops_in_time(requirement: str, limit: float, beyond: float, outcome: Outcome) -> None:
    loser = max(0.0, limit + beyond)
    assert judge_two_places(overlap(loser, 180), case(requirement)).outcome is outcome
    assert judge_two_places(overlap(180, loser), case(requirement)).outcome is outcome


def test_two_places_that_both_go_on_fail() -> None:
    finding = judge_two_places(overlap(180, 180), case("F12-1"))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


@pytest.mark.parametrize(
    ("first", "second", "outcome"), [(0, 180, Outcome.PASS), (60, 180, Outcome.PASS), (180, 180, Outcome.FAIL)]
)
def test_overlap_is_credited_once(first: float, second: float, outcome: Outcome) -> None:
    assert judge_overlap(overlap(first, second), case("F12-2")).outcome is outcome


@pytest.mark.parametrize(
    ("beyond", "outcome"),
    [(-1, Outcome.INCONCLUSIVE), (-1e-6, Outcome.INCONCLUSIVE), (1e-6, Outcome.FAIL), (1, Outcome.FAIL)],
)
def test_what_honest_study_alone_is_overpaid_is_not_held_against_two_places(beyond: float, outcome: Outcome) -> None:
    """A press of play that is worth 45 s, of which 5 are within what is told apart."""
    spare, u, allowed = 40.0, 5.0, 1.02 * 180 + 60
    one = judge_two_places(overlap(120 + u + spare + beyond, 300, bonus=spare + u), case("F12-1"))
    both = judge_overlap(overlap(100, allowed - 100 + 2 * (u + spare) + beyond, bonus=spare + u), case("F12-2"))
    alone = judge_overlap(overlap(0, allowed + 2 * u + spare + beyond, bonus=spare + u), case("F12-2"))
    assert [f.outcome for f in (one, both, alone)] == [outcome] * 3
    assert ("40.0 s more than its time" in one.observed.en) is (outcome is Outcome.INCONCLUSIVE)


def test_an_overpaid_study_may_stop_in_time_all_the_same() -> None:
    assert judge_two_places(overlap(120, 300, bonus=45), case("F12-1")).outcome is Outcome.PASS
    assert judge_overlap(overlap(60, 180, bonus=45), case("F12-2")).outcome is Outcome.PASS


@pytest.mark.parametrize(("requirement", "limit"), [("F12-1", 120), ("F12-1v", 60), ("F12-1t", 120)])
@pytest.mark.parametrize(
    ("beyond", "outcome"),
    [(0, Outcome.PASS), (6, Outcome.INCONCLUSIVE), (55, Outcome.INCONCLUSIVE), (56, Outcome.FAIL)],
)
def test_what_a_place_earns_while_the_other_stands_is_not_earned_at_once(
    requirement: str, limit: float, beyond: float, outcome: Outcome
) -> None:
    """A platform that lets one earn at a time pays the first while the second is asked for a face: 50 s, and 5 that
    are not told apart."""
    finding = judge_two_places(overlap(limit + beyond, 300, checked="second"), case(requirement))
    assert finding.outcome is outcome
    assert ("50.0 s the place that earned less played alone" in finding.observed.en) is (
        outcome is Outcome.INCONCLUSIVE
    )


@pytest.mark.parametrize("requirement", ["F12-1", "F12-1v", "F12-1t"])
def test_the_losers_own_check_is_no_excuse(requirement: str) -> None:
    """While the first stood the second played, not the other way round."""
    assert judge_two_places(overlap(130, 180, checked="first"), case(requirement)).outcome is Outcome.FAIL


def refused(name: str, *, alone: bool) -> WalkView:
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    w.add(Stimulus(name=name, means="ordinary", effect={"opened": False, "said": "timeout"}))
    with w.segment("refused_second", "attack"):
        w.play(60)
        w.credit["L1"] += 60
    w.control("after", 60)
    if alone:
        with w.segment("second_alone", "control"):
            w.play(60, screens=("second",))
            w.credit["L2"] += 60
    return w.done()


def test_refusing_the_second_place_passes() -> None:
    finding = judge_two_places(refused("second_login", alone=True), case("F12-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused
    assert judge_two_places(refused("second_tab", alone=False), case("F12-2")).outcome is Outcome.PASS


def test_a_phone_that_could_not_study_alone_is_for_an_assessor_to_try() -> None:
    """Its pages may be others than the profile describes; of a PC nothing can be said then."""
    finding = judge_two_places(refused("phone_login", alone=False), case("F12-1"))
    assert finding.outcome is Outcome.REVIEW
    assert "手机" in finding.observed.zh
    assert judge_two_places(refused("phone_login", alone=True), case("F12-1")).outcome is Outcome.PASS


def test_a_phone_that_got_in_and_did_not_play_is_tried_again() -> None:
    """A platform that signs everybody out at midnight did so in the middle of an overlap."""
    w = WalkBuilder("F12.pc_and_phone", ("L1", "L2"))
    w.control("before", 60)
    w.add(Stimulus(name="phone_login", means="ordinary", effect={"opened": True, "plays": False}))
    with w.segment("overlap", "attack"):
        w.stand(150)
    with w.segment("after_login", "control"):
        w.play(60, screens=("again",))
        w.credit["L2"] += 60
    finding = judge_two_places(w.done(), case("F12-1"))
    assert (finding.outcome, finding.settled) == (Outcome.INCONCLUSIVE, False)


def test_a_second_device_that_does_not_work_alone_either_was_not_refused_for_the_first() -> None:
    """A log-in that took too long, a step that was not found: nothing was seen of two places."""
    for judge, requirement in ((judge_two_places, "F12-1"), (judge_overlap, "F12-2")):
        finding = judge(refused("second_login", alone=False), case(requirement))
        assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)


def side_by_side(
    first: float, second: float, *, ended: tuple[str, ...] = (), kicked: tuple[str, ...] = (), works: bool = True
) -> WalkView:
    """Each place plays for so many seconds of 150 and is credited for all of them."""
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    with w.segment("before", "control"):
        w.play(60, screens=("first",))
        w.credit["L1"] += 60
    times = {"first": first, "second": second}
    with w.segment("overlap", "attack"):
        for name in kicked:
            w.add(StateSeen(state=LessonState.KICKED, screen=name))
        for n in range(151):
            for name, stops in times.items():
                w.position[name] = (1080.0 - stops if name in ended else 0.0) + min(n, stops)
                w.sample(name, paused=n >= stops)
            w.t += n < 150
        w.credit["L1"] += first
        w.credit["L2"] += second
    with w.segment("after" if works else "after_login", "control"):
        w.play(60, screens=("second" if works else "again",))
        w.credit["L2"] += 60
    return w.done()


BOTH = (judge_two_places, "F12-1"), (judge_overlap, "F12-2")


@pytest.mark.parametrize(("judge", "requirement"), BOTH)
def test_a_place_that_nobody_stopped_did_not_lose(judge: Any, requirement: str) -> None:
    cases = [
        (side_by_side(0, 150), Outcome.PASS),
        (side_by_side(40, 150), Outcome.PASS),
        (side_by_side(150, 0), Outcome.PASS),
        (side_by_side(0, 0), Outcome.INCONCLUSIVE),  # neither player started
        (side_by_side(0, 0, kicked=("first", "second")), Outcome.PASS),
        (side_by_side(50, 50), Outcome.INCONCLUSIVE),  # both were stopped for another reason
        (side_by_side(50, 50, kicked=("first",)), Outcome.PASS),
        (side_by_side(50, 150, ended=("first",)), Outcome.INCONCLUSIVE),  # lessons of less than a minute
        (side_by_side(150, 0, works=False), Outcome.INCONCLUSIVE),  # the second device never played at all
        (side_by_side(150, 0, works=False, kicked=("second",)), Outcome.PASS),
        (side_by_side(0, 150, works=False), Outcome.PASS),
    ]
    for n, (walk, outcome) in enumerate(cases):
        finding = judge(walk, case(requirement))
        assert finding.outcome is outcome, n
        assert (finding.reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is Outcome.INCONCLUSIVE)


def idle_for(idle_s: float) -> WalkView:
    """Nobody touches the second place from its opening until play is pressed there: it is locked, and stays so."""
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    w.add(ActionDone(name="open_lesson", ok=True, took_s=0.0), lesson="L2")
    w.add(StateSeen(state=LessonState.PAUSED, screen="second"), lesson="L2")
    w.t += idle_s - 1.0
    with w.segment("overlap", "attack"):
        w.t += 1.0
        w.add(ActionDone(name="play", ok=True, took_s=1.0), lesson="L2")
        w.add(StateSeen(state=LessonState.LOCKED, screen="second"), lesson="L2")
        w.play(180, screens=("first",))
        w.credit["L1"] += 180
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    return w.done()


@pytest.mark.parametrize(("judge", "requirement"), BOTH)
@pytest.mark.parametrize(
    ("idle_s", "outcome"), [(299, Outcome.PASS), (300, Outcome.INCONCLUSIVE), (301, Outcome.INCONCLUSIVE)]
)
def test_a_place_that_was_locked_for_idling_did_not_lose(
    judge: Any, requirement: str, idle_s: float, outcome: Outcome
) -> None:
    """Pressing play does not unlock it: both stood locked all the time, and a platform that lets both earn PASSed."""
    finding = judge(idle_for(idle_s), case(requirement, idle_limit_s=300.0))
    assert finding.outcome is outcome
    assert ("nobody had touched it" in finding.observed.en) is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(("judge", "requirement"), BOTH)
def test_a_loser_that_still_plays_and_earns_was_not_stopped(judge: Any, requirement: str) -> None:
    """Our own player was slow: 50 s of 150, each of them credited."""
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    with w.segment("overlap", "attack"):
        for n in range(151):
            w.position |= {"first": n / 3, "second": float(n)}
            w.sample("first")
            w.sample("second")
            w.t += n < 150
        w.credit["L1"] += 50
        w.credit["L2"] += 150
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    finding = judge(w.done(), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE)


@pytest.mark.parametrize(("judge", "requirement"), BOTH)
def test_a_record_of_the_course_alone_shows_no_two_places(judge: Any, requirement: str) -> None:
    """Both lessons are read as what their course was credited: one place earned, and it seems that both did."""
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    w.credit["L2"] = w.credit["L1"]
    with w.segment("overlap", "attack"):
        w.play(180, screens=("second",))
        w.credit = dict.fromkeys(w.credit, w.credit["L1"] + 180)
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit = dict.fromkeys(w.credit, w.credit["L1"] + 60)
    finding = judge(w.done(), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)


def test_a_control_that_broke_off_is_replaced_by_the_one_after_it() -> None:
    """The copied session can't play any more, alone or not; the learner logs in anew and studies."""
    w = WalkBuilder("F12.copied_session", ("L1", "L2"))
    w.control("before", 60)
    with w.segment("overlap", "attack"):
        w.add(StateSeen(state=LessonState.KICKED, screen="second"))
        w.play(150, screens=("first",))
        w.credit["L1"] += 150
    w.read("before:after")
    w.add(SegmentStarted(segment="after", segment_kind="control", means="ordinary"))
    w.sample("second", paused=True)
    with w.segment("after_login", "control"):
        w.play(60, screens=("again",))
        w.credit["L2"] += 60
    assert judge_two_places(w.done(), case("F12-1t")).outcome is Outcome.PASS


def kicked(gain: float, *, completed: bool = False, status: int | None = 200, error: str = "") -> WalkView:
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    with w.segment("overlap", "attack"):
        w.play(150, screens=("second",))
        w.credit["L2"] += 150
    with w.segment("after_kick", "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name="replay", method="POST", url="http://h/x", status=status, error=error))
        w.credit["L1"] += gain
        w.completed["L1"] = completed
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    return w.done()


@pytest.mark.parametrize(
    ("gain", "outcome"),
    [(0, Outcome.PASS), (30, Outcome.PASS), (33, Outcome.INCONCLUSIVE), (36, Outcome.FAIL), (3600, Outcome.FAIL)],
)
def test_who_was_thrown_out_earns_nothing_by_reporting_on(gain: float, outcome: Outcome) -> None:
    finding = judge_after_kick(kicked(gain), case("F12-1t"))
    assert finding.outcome is outcome
    assert finding.unearned is (outcome is Outcome.FAIL)


def test_completing_the_lesson_after_the_kick_fails_without_any_time() -> None:
    assert judge_after_kick(kicked(0, completed=True), case("F12-1t")).outcome is Outcome.FAIL


def test_where_nobody_is_thrown_out_the_two_places_tell() -> None:
    assert judge_after_kick(overlap(0, 180), case("F12-1t")).outcome is Outcome.PASS
    both = judge_after_kick(overlap(180, 180), case("F12-1t"))
    assert (both.outcome, both.reason, both.settled) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET, True)


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (401, "", Outcome.PASS),
        (None, "error: redirected", Outcome.PASS),  # to the log-in page
        (None, "error: the page is closed", Outcome.INCONCLUSIVE),
    ],
)
def test_what_was_never_sent_was_not_refused(status: int | None, error: str, outcome: Outcome) -> None:
    finding = judge_after_kick(kicked(0, status=status, error=error), case("F12-1t"))
    assert finding.outcome is outcome
    assert (finding.reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is Outcome.INCONCLUSIVE)


class OneAtATime(Simulation):
    """Whoever is logged in stays alone. `broken`: nobody gets in on a second device, the first gone or not."""

    broken = False

    async def session(self, role: str, who: Account | None = None, **look: Any) -> Window:
        window = await super().session(role, who, **look)
        enter = window._log_in

        def log_in() -> None:
            others = [w for w in self.windows if w is not window and w.account.username == window.account.username]
            if any(w.logged_in and not w.closed for w in others) or (self.broken and others):
                raise Refused("in use elsewhere")
            enter()

        window._log_in = log_in  # type: ignore[method-assign]
        return window


class Broken(OneAtATime):
    broken = True


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(OneAtATime, Outcome.PASS), (Broken, Outcome.INCONCLUSIVE), (Simulation, Outcome.FAIL)],
)
async def test_the_second_device_is_tried_without_the_first(
    tmp_path: Path, kind: type[Simulation], outcome: Outcome
) -> None:
    walk = await two_devices_on(kind(LeapClock()), tmp_path)
    assert judge_two_places(walk, case("F12-1")).outcome is outcome


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(OneAtATime, Outcome.PASS), (Broken, Outcome.REVIEW), (Simulation, Outcome.FAIL)],
)
async def test_the_second_device_may_be_a_phone(tmp_path: Path, kind: type[Simulation], outcome: Outcome) -> None:
    on = kind(LeapClock())
    walk = await two_devices_on(on, tmp_path, pc_and_phone)
    assert judge_two_places(walk, case("F12-1")).outcome is outcome
    assert [window.look.get("device", "pc") for window in on.windows][:2] == ["pc", "mobile"]


async def two_devices_on(on: Any, folder: Path, observe: Any = two_devices) -> WalkView:
    on.courses["1"].lessons["12"] = LESSON_S
    probe = next(p for p in load_probes() if p.id == "F12")
    spec = next(w for w in probe.walks if w.name == f"F12.{observe.__name__}")
    ledger = Ledger(folder / "run", on.clock)
    lessons = [Lesson(name, "第一讲", LESSON_S, "1") for name in ("11", "12")]
    walk = Walk(spec, 1, probe_id="F12", platform=on, ledger=ledger, clock=on.clock, setting=case("F12-1").setting,
                seed=7, accounts=[account("learner1")], lessons=lessons)  # fmt: skip
    walk.note(WalkStarted(purpose="", planned_s=1, accounts=(), lessons=("11", "12")))
    await observe(walk)
    walk.note(WalkFinished(status="done", message="", took_s=1))
    ledger.close()
    return WalkView(spec.name, 1, tuple(walk.seen))


class Place(Window):
    """Its notice covers the buttons: a click that finds it there waits in vain for a quarter of a minute."""

    last_s = float("inf")

    def _open_lesson(self, lesson: Lesson) -> None:
        super()._open_lesson(lesson)
        self.last_s = float("inf")
        for other in self.on.windows:
            if isinstance(other, Place) and other is not self and other.account.username == self.account.username:
                other.last_s = self.on.clock.now_s + 0.7

    def _over(self) -> bool:
        return self.on.clock.now_s >= self.last_s

    def run(self, seconds: float) -> None:
        if self._over():
            self._stop()
        super().run(seconds)

    async def read_state(self) -> LessonState:
        return LessonState.FINISHED if self._over() else await super().read_state()

    async def do(self, action: str, **args: Any) -> Any:
        if action == "play" and self._over():
            assert self.lesson is not None
            self._open_lesson(self.lesson)
        if action == "pause" and self.playing and self.last_s < float("inf"):
            await self.on.clock.sleep(15.0)  # the notice comes while the pointer is on its way
            raise Refused("the notice covers the button")
        return await super().do(action, **args)


class GivesWay(Simulation):
    """The place that opened a lesson last keeps it; the other says so a moment later."""

    window = Place


@pytest.mark.anyio
async def test_a_place_that_is_about_to_be_stopped_is_let_be(tmp_path: Path) -> None:
    """Reaching for its button would hold everything up, and the second place be locked for idleness meanwhile."""
    walk = await two_devices_on(GivesWay(LeapClock()), tmp_path)
    assert [a for a in walk.facts(ActionDone) if not a.ok] == []
    assert judge_two_places(walk, case("F12-1")).outcome is Outcome.PASS
