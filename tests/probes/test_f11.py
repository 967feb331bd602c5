"""F11 judged on literal walks: seeking and speed."""

from __future__ import annotations

import pytest

from harness.model.observation import ActionDone, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.f11_fast_forward_blocking.judge import judge_rate, judge_seek
from tests.walkbuilder import WalkBuilder, case


def seek(
    *, jump: float, credited: float, completed: bool = False, set_back: bool = False, control: float = 60
) -> WalkView:
    w = WalkBuilder("F11.seek")
    w.control("before", 60, credited=control)
    with w.segment("seek_by_bar", "attack"):
        w.sample()
        start = w.position["main"]
        w.position["main"] = start + jump
        w.t += 1
        w.add(
            Stimulus(name="seek_by_bar", means="ordinary", params={"from_s": start}, effect={"at_once_s": start + jump})
        )
        if set_back:
            w.sample()
            w.position["main"] = start
            w.t += 1
        w.play(40)
        w.credit["L1"] += credited
        w.completed["L1"] = completed
    if not set_back and jump > 5:
        w.position["main"] = start  # honest study goes on where it was
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("jump", "credited", "outcome"),
    [
        (400, 40, Outcome.FAIL),
        (400, 0, Outcome.WARN),
        (4, 40, Outcome.PASS),  # inside the tolerance of 5 s
        (5, 40, Outcome.PASS),
        (20, 40, Outcome.FAIL),
    ],
)
def test_playing_on_beyond_what_was_watched_must_not_be_credited(
    jump: float, credited: float, outcome: Outcome
) -> None:
    assert judge_seek(seek(jump=jump, credited=credited), case("F11-1")).outcome is outcome


def test_a_player_that_sets_back_passes() -> None:
    finding = judge_seek(seek(jump=400, credited=40, set_back=True), case("F11-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


def set_back_late(beyond: float, credited: float, *, means: str = "tool") -> WalkView:
    """Sought forward, played on there until the server's answer set it back, then played where it was."""
    w = WalkBuilder("F11.seek_script")
    w.control("before", 60)
    with w.segment("seek_unguarded", "attack", means):
        w.sample()
        start = w.position["main"]
        w.position["main"] = start + 400
        w.t += 1
        w.play(beyond)
        w.position["main"] = start
        w.t += 1
        w.play(20)
        w.credit["L1"] += credited
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("beyond", "credited", "outcome"),
    [
        (6, 0, Outcome.PASS),  # the server's answer to the next report, 5 s apart, sets it back
        (10, 20, Outcome.PASS),  # what was played after that is credited, as it should be
        (11, 20, Outcome.WARN),
        (30, 20, Outcome.WARN),
        (30, 50, Outcome.FAIL),
    ],
)
def test_a_page_without_its_guards_is_set_back_by_its_server(beyond: float, credited: float, outcome: Outcome) -> None:
    assert judge_seek(set_back_late(beyond, credited), case("F11-1t")).outcome is outcome


def test_by_hand_nobody_plays_on_beyond_what_was_watched() -> None:
    assert judge_seek(set_back_late(6, 20, means="ordinary"), case("F11-1")).outcome is Outcome.WARN


def test_completion_by_seeking_fails_even_without_time() -> None:
    assert judge_seek(seek(jump=400, credited=0, completed=True), case("F11-1")).outcome is Outcome.FAIL


def test_an_uncredited_control_concludes_nothing() -> None:
    finding = judge_seek(seek(jump=400, credited=40, control=0), case("F11-1"))
    assert finding.reason is Reason.PRECONDITION_UNMET


def fast(*, credited: float, rate: float = 2.0, completed: bool = False) -> WalkView:
    w = WalkBuilder("F11.rate_menu")
    w.control("before", 60)
    with w.segment("rate_by_menu", "attack"):
        w.play(120, rate=rate)
        w.credit["L1"] += credited
        w.completed["L1"] = completed
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("credited", "outcome"),
    [
        (120, Outcome.PASS),
        (122.4, Outcome.PASS),
        (127.3, Outcome.PASS),
        (127.5, Outcome.FAIL),
        (240, Outcome.FAIL),
        (128, Outcome.PASS),
        (129, Outcome.FAIL),  # whole seconds are rounded, so one of them is nobody's fault
    ],
)
def test_credit_stays_within_the_wall_clock(credited: float, outcome: Outcome) -> None:
    assert judge_rate(fast(credited=credited), case("F11-2")).outcome is outcome


def test_completion_before_the_time_has_gone_by_fails() -> None:
    finding = judge_rate(fast(credited=120, completed=True), case("F11-2"))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


def test_a_record_too_coarse_to_tell_is_inconclusive() -> None:
    w = WalkBuilder("F11.rate_menu", resolution_s=180)
    w.control("before", 400)
    with w.segment("rate_by_menu", "attack"):
        w.play(120, rate=2.0)
    w.control("after", 400)
    assert judge_rate(w.done(), case("F11-2")).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("completed_at", "outcome"),
    [(1000, Outcome.PASS), (913, Outcome.PASS), (911, Outcome.FAIL), (600, Outcome.FAIL), (None, Outcome.PASS)],
)
def test_a_lesson_counts_as_completed_when_the_record_first_says_so(completed_at: int | None, outcome: Outcome) -> None:
    """A lesson of 1,080 s, 60 s of it watched before: nine tenths have gone by 912 s into the stretch."""
    w = WalkBuilder("F11.finish_fast")
    w.control("before", 60)
    with w.segment("to_the_end", "attack"):
        w.play(completed_at or 1020)
        if completed_at is not None:
            w.completed["L1"] = True
            w.read("during:to_the_end")
            w.play(1020 - completed_at)
        w.credit["L1"] += 1020
        w.completed["L1"] = True
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


def test_a_lesson_that_a_seek_has_finished_needs_no_more_study() -> None:
    w = WalkBuilder("F11.seek_keys")
    w.control("before", 60)
    with w.segment("seek_by_keys", "attack"):
        w.position["main"] = 1079.0
        w.t += 1
        w.sample()
        w.completed["L1"] = True
    assert judge_seek(w.done(), case("F11-1")).outcome is Outcome.FAIL


def test_nothing_left_to_study_is_no_excuse() -> None:
    """The lesson was finished by skipping, so honest study afterwards cannot be credited any more."""
    w = WalkBuilder("F11.seek_keys")
    w.control("before", 60)
    with w.segment("seek_by_keys", "attack"):
        w.position["main"] = 1079.0
        w.t += 1
        w.sample()
        w.completed["L1"] = True
    w.control("after", 60, credited=0)
    assert judge_seek(w.done(), case("F11-1")).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("played", "outcome"),
    [(600, Outcome.INCONCLUSIVE), (911, Outcome.INCONCLUSIVE), (912, Outcome.PASS), (1020, Outcome.PASS)],
)
def test_what_was_not_played_to_its_end_was_not_seen_to_complete_in_time(played: float, outcome: Outcome) -> None:
    """Nine tenths of 1,080 s, 60 s of them before."""
    w = WalkBuilder("F11.finish_fast")
    w.control("before", 60)
    with w.segment("to_the_end", "attack"):
        w.play(played)
        w.credit["L1"] += played
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


def test_a_record_that_pays_for_the_jump_fails_though_the_player_is_set_back() -> None:
    """40 s were played where one may play; the record goes by the furthest point that was ever reported."""
    finding = judge_seek(seek(jump=400, credited=440, set_back=True), case("F11-1"))
    assert finding.outcome is Outcome.FAIL
    assert judge_seek(seek(jump=400, credited=45, set_back=True), case("F11-1")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("resolution", "credited", "outcome"),
    [(0, 0, Outcome.WARN), (30, 0, Outcome.WARN), (60, 0, Outcome.INCONCLUSIVE), (60, 60, Outcome.INCONCLUSIVE)],
)
def test_a_record_too_coarse_for_what_was_skipped_does_not_show_it_uncredited(
    resolution: float, credited: float, outcome: Outcome
) -> None:
    """40 s were played beyond what was watched: within a step of a record in whole minutes."""
    w = WalkBuilder("F11.seek_bar", resolution_s=resolution)
    w.control("before", 60)
    with w.segment("seek_by_bar", "attack"):
        w.sample()
        w.position["main"] += 400
        w.t += 1
        w.play(40)
        w.credit["L1"] += credited
    w.sample()
    w.position["main"] = 60
    w.control("after", 60)
    finding = judge_seek(w.done(), case("F11-1"))
    assert finding.outcome is outcome
    assert (finding.reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("stands", "seen", "then", "outcome"),
    [
        (400.0, 0.0, 0.0, Outcome.PASS),  # a notice stops the picture, and its answer sets it back
        (400.0, 400.0, 0.0, Outcome.INCONCLUSIVE),  # the network was lost: it stood where it landed
        (400.0, 400.0, 400.0, Outcome.FAIL),  # and later played on from there, credited
        (0.0, 0.0, 0.0, Outcome.PASS),
    ],
)
def test_a_player_that_stands_where_it_landed_was_not_set_back(
    stands: float, seen: float, then: float, outcome: Outcome
) -> None:
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 60)
    start = w.position["main"]
    with w.segment("seek_by_bar", "attack"):
        w.sample()
        w.t += 1
        w.position["main"] = start + stands
        w.stand(20)
    w.position["main"] = start + seen
    w.sample(paused=True)
    w.position["main"] = start + then
    w.control("after", 60)
    finding = judge_seek(w.done(), case("F11-1"))
    assert finding.outcome is outcome
    assert (finding.reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(("credited", "outcome"), [(20, Outcome.FAIL), (0, Outcome.WARN)])
def test_where_a_jump_was_set_back_from_nobody_has_been(credited: float, outcome: Outcome) -> None:
    """The bar is set back by the server a few seconds later; the forward button leads to a place before that."""
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 60)
    start = w.position["main"]
    with w.segment("seek_by_bar", "attack"):
        w.sample()
        w.t += 1
        w.position["main"] = start + 400
        w.play(3)
        w.position["main"] = start
        w.t += 1
        w.play(17)
        w.credit["L1"] += 17
    with w.segment("seek_by_button", "attack"):
        w.sample()
        w.t += 1
        w.position["main"] += 90
        w.play(20)
        w.credit["L1"] += credited
    w.position["main"] = start + 17
    w.control("after", 60)
    assert judge_seek(w.done(), case("F11-1")).outcome is outcome


def test_a_server_that_has_not_answered_yet_has_not_set_back() -> None:
    """Reports come every half minute, and the page without its guards plays on for less: nothing was set back."""
    w = WalkBuilder("F11.seek_script")
    w.control("before", 90)
    with w.segment("seek_unguarded", "attack", "tool"):
        w.sample()
        w.t += 1
        w.position["main"] += 400
        w.play(20)
        w.credit["L1"] += 20
    w.sample()
    w.position["main"] = 90
    w.control("after", 90)
    finding = judge_seek(w.done(), case("F11-1t", report_interval_s=30))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE)


def half_studied(name: str, had: float) -> WalkBuilder:
    """An account that has studied a part of the lesson in an earlier run, and goes on where it was."""
    w = WalkBuilder(name)
    w.credit["L1"] = w.position["main"] = had
    w.control("before", 60)
    return w


@pytest.mark.parametrize(("had", "outcome"), [(900, Outcome.INCONCLUSIVE), (700, Outcome.FAIL)])
def test_what_was_studied_in_an_earlier_run_needs_no_second_time(had: float, outcome: Outcome) -> None:
    """A lesson of 1,080 s: 900 s before, 60 s and 120 s now. Nobody has seen the 900 s, so another account tells."""
    w = half_studied("F11.finish_fast", had)
    with w.segment("to_the_end", "attack"):
        w.play(120)
        w.credit["L1"] += 120
        w.completed["L1"] = True
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


@pytest.mark.parametrize(("had", "outcome"), [(900, Outcome.INCONCLUSIVE), (700, Outcome.FAIL)])
def test_a_lesson_that_was_watched_to_its_end_was_not_completed_by_skipping(had: float, outcome: Outcome) -> None:
    w = half_studied("F11.seek_bar", had)
    with w.segment("seek_by_bar", "attack"):
        w.play(40)
        w.credit["L1"] += 40
        w.completed["L1"] = True
    assert judge_seek(w.done(), case("F11-1")).outcome is outcome


@pytest.mark.parametrize(("paused", "outcome"), [(False, Outcome.PASS), (True, Outcome.FAIL)])
def test_a_player_that_could_not_be_paused_plays_on_until_the_record_is_read(paused: bool, outcome: Outcome) -> None:
    """The speed was refused; 30 s went by until the record was read."""
    w = WalkBuilder("F11.rate_menu")
    w.control("before", 60)
    with w.segment("rate_by_menu", "attack", read_after_s=30):
        w.play(60)
        w.sample(paused=paused)
        w.credit["L1"] += 90
    w.control("after", 60)
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


@pytest.mark.parametrize(
    ("name", "resolution", "outcome"),
    [
        ("player_too_fast", 0, Outcome.PASS),
        ("clock_too_fast", 0, Outcome.PASS),
        ("clock_too_fast", 60, Outcome.INCONCLUSIVE),
    ],
)
def test_what_a_lie_would_have_earned_must_show_in_the_record(name: str, resolution: float, outcome: Outcome) -> None:
    """The picture runs as ever; the page's clock four times as fast, so 30 s would have become two minutes."""
    w = WalkBuilder("F11.rate_script", resolution_s=resolution)
    w.control("before", 60)
    with w.segment(name, "attack", "tool"):
        w.play(30)
        w.credit["L1"] += 60 if resolution else 30
    w.control("after", 60)
    assert judge_rate(w.done(), case("F11-2t")).outcome is outcome


@pytest.mark.parametrize(("credited", "outcome"), [(60, Outcome.PASS), (100, Outcome.PASS), (440, Outcome.FAIL)])
def test_what_a_jump_earns_may_come_with_the_next_study(credited: float, outcome: Outcome) -> None:
    """The player is set back and nothing is paid for the jump, until the next honest report is. What comes late only
    never is more than the time that went by."""
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 60)
    with w.segment("seek_by_bar", "attack"):
        w.play(40)
    w.control("after", 60, credited=credited)
    assert judge_seek(w.done(), case("F11-1")).outcome is outcome


@pytest.mark.parametrize(("credited", "outcome"), [(120, Outcome.PASS), (180, Outcome.PASS), (260, Outcome.FAIL)])
def test_what_speed_earns_may_come_with_the_next_study(credited: float, outcome: Outcome) -> None:
    w = WalkBuilder("F11.rate_menu")
    w.control("before", 60)
    with w.segment("rate_by_menu", "attack"):
        w.play(120, rate=2.0)
    w.control("after", 60, credited=credited)
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


@pytest.mark.parametrize(("credited", "outcome"), [(0, Outcome.INCONCLUSIVE), (60, Outcome.FAIL)])
def test_what_is_credited_only_a_while_after_the_jump_was_skipped_all_the_same(
    credited: float, outcome: Outcome
) -> None:
    """For half a minute after a jump nothing is paid; then study goes on from where it led."""
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 60)
    with w.segment("seek_by_bar", "attack"):
        w.sample()
        w.t += 1
        w.position["main"] += 400
        w.play(20)
    w.control("after", 60, credited=credited)
    assert judge_seek(w.done(), case("F11-1")).outcome is outcome


@pytest.mark.parametrize(("credited", "outcome"), [(118, Outcome.PASS), (178, Outcome.FAIL)])
def test_a_record_that_counts_until_the_page_is_left_is_not_paid_for_speed(credited: float, outcome: Outcome) -> None:
    """58 s go by until the record is read, and honest study earns them, too: that is for H01 to judge."""
    w = WalkBuilder("F11.rate_menu")
    with w.segment("before", "control", read_after_s=58):
        w.play(60)
        w.sample(paused=True)
        w.credit["L1"] += 118
    with w.segment("rate_by_menu", "attack", read_after_s=58):
        w.play(60, rate=2.0)
        w.sample(paused=True)
        w.credit["L1"] += credited
    w.control("after", 60)
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


@pytest.mark.parametrize(
    ("had", "fraction", "outcome"),
    [(0, 0.45, Outcome.PASS), (900, 0.45, Outcome.INCONCLUSIVE), (420, 0.45, Outcome.INCONCLUSIVE)],
)
def test_a_bar_that_was_drawn_back_blocks_nothing(had: float, fraction: float, outcome: Outcome) -> None:
    """486 s into the lesson, where an account has been that studied it in an earlier run."""
    w = half_studied("F11.seek_bar", had)
    with w.segment("seek_by_bar", "attack"):
        w.play(20)
        w.add(Stimulus(name="seek_by_bar", means="ordinary", params={"fraction": fraction, "from_s": had + 80}))
        w.play(20)
        w.credit["L1"] += 40
    w.control("after", 60)
    finding = judge_seek(w.done(), case("F11-1"))
    assert finding.outcome is outcome
    assert (finding.reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is Outcome.INCONCLUSIVE)


def test_a_jump_within_what_an_earlier_run_studied_is_allowed() -> None:
    """A page that begins at the start again, and lets one move about in the 900 s that were studied before."""
    w = WalkBuilder("F11.seek_bar")
    w.credit["L1"] = 900
    w.control("before", 60)
    with w.segment("seek_by_button", "attack"):
        w.sample()
        w.t += 1
        w.position["main"] += 60
        w.play(20)
        w.credit["L1"] += 20
    w.control("after", 60)
    finding = judge_seek(w.done(), case("F11-1"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE)


def done(name: str, ok: bool, **args: str) -> ActionDone:
    return ActionDone(name=name, args=args, ok=ok, error="" if ok else "not found", url="http://h/x", took_s=2.0)


@pytest.mark.parametrize(
    ("tries", "credited", "outcome"),
    [
        ((True,), 40, Outcome.PASS),
        ((False, True), 40, Outcome.PASS),
        ((False, False), 40, Outcome.REVIEW),
        ((False, False), 440, Outcome.FAIL),
    ],
)
def test_a_bar_that_could_not_be_drawn_is_for_a_person_to_look_at(
    tries: tuple[bool, ...], credited: float, outcome: Outcome
) -> None:
    """The platform may hide it, or the profile may not find it."""
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 60)
    with w.segment("seek_by_bar", "attack"):
        for ok in tries:
            w.add(done("seek_by_bar", ok, fraction="0.45"))
        w.play(40)
        w.credit["L1"] += credited
    w.control("after", 60)
    assert judge_seek(w.done(), case("F11-1")).outcome is outcome


@pytest.mark.parametrize(
    ("faster", "normal", "credited", "outcome"),
    [
        (True, True, 60, Outcome.PASS),
        (False, True, 60, Outcome.PASS),  # the menu was used: it offers nothing faster
        (True, False, 60, Outcome.PASS),
        (False, False, 60, Outcome.REVIEW),
        (False, False, 120, Outcome.FAIL),
    ],
)
def test_a_menu_that_was_never_used_is_for_a_person_to_look_at(
    faster: bool, normal: bool, credited: float, outcome: Outcome
) -> None:
    w = WalkBuilder("F11.rate_menu")
    w.control("before", 60)
    with w.segment("rate_by_menu", "attack"):
        w.add(done("set_rate_by_menu", faster, rate="2"))
        w.play(60)
        w.credit["L1"] += credited
    w.add(done("set_rate_by_menu", normal, rate="1"))
    w.control("after", 60)
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


def test_a_short_lesson_may_be_watched_to_its_end() -> None:
    """A lesson of 90 s, of which the seeks led back to what was watched."""
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 50)
    with w.segment("seek_by_bar", "attack"):
        w.play(40)
        w.credit["L1"] += 40
        w.completed["L1"] = True
    assert judge_seek(w.done(), case("F11-1", lessons={"L1": 90.0})).outcome is Outcome.PASS
    assert judge_seek(w.done(), case("F11-1", lessons={"L1": 180.0})).outcome is Outcome.FAIL


@pytest.mark.parametrize(("begun", "outcome"), [(300, Outcome.PASS), (0, Outcome.FAIL)])
def test_a_chapter_that_was_begun_in_an_earlier_run_is_credited_with_its_end(begun: float, outcome: Outcome) -> None:
    w = WalkBuilder("F11.rate_menu")
    w.position["main"] = begun
    w.control("before", 60, credited=360)
    with w.segment("rate_by_menu", "attack"):
        w.play(60)
        w.credit["L1"] += 60
    w.control("after", 60)
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


@pytest.mark.parametrize(
    ("lies", "outcome"), [(("clock_too_fast", "player_too_fast"), Outcome.PASS), ((), Outcome.INCONCLUSIVE)]
)
def test_a_lesson_that_was_over_before_its_page_was_lied_to_shows_only_half(
    lies: tuple[str, ...], outcome: Outcome
) -> None:
    w = WalkBuilder("F11.rate_script")
    w.control("before", 60)
    for name in (*lies, "rate_16_by_script"):
        with w.segment(name, "attack", "tool"):
            w.play(30, rate=16.0 if name not in lies else 1.0)
            w.credit["L1"] += 30
    assert judge_rate(w.done(), case("F11-2t")).outcome is outcome


@pytest.mark.parametrize(
    ("pace", "jump", "outcome"),
    [
        (1.0, 0, Outcome.PASS),
        (1.4, 0, Outcome.PASS),  # H01-1 says it
        (3.0, 0, Outcome.PASS),
        (1.0, 300, Outcome.FAIL),
        (1.4, 300, Outcome.INCONCLUSIVE),
    ],
)
def test_a_clock_that_runs_fast_for_everybody_pays_for_no_jump(pace: float, jump: float, outcome: Outcome) -> None:
    w = WalkBuilder("F11.seek_bar")
    for name, kind in (("before", "control"), ("seek_by_bar", "attack"), ("after", "control")):
        with w.segment(name, kind):  # type: ignore[arg-type]
            w.play(30)
            w.credit["L1"] += 30 * pace + (jump if kind == "attack" else 0)
    assert judge_seek(w.done(), case("F11-1")).outcome is outcome


def test_time_that_a_lock_took_is_not_time_that_was_played() -> None:
    """Before the bar was drawn the lesson was locked for a minute: the place that is sought lies ahead all the same."""
    w = WalkBuilder("F11.seek_bar")
    w.control("before", 10)
    with w.segment("seek_by_bar", "attack"):
        w.t += 200
        w.play(2)
        w.add(Stimulus(name="seek_by_bar", means="ordinary", params={"fraction": 0.1}, effect={}))
        w.play(8)
        w.credit["L1"] += 10
    w.control("after", 10)
    assert judge_seek(w.done(), case("F11-1")).outcome is Outcome.PASS
