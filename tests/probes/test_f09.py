"""F09 judged on literal walks: what the camera showed, what was stored, what was credited without a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from harness.model.observation import FramesShown, Input, RequestSent, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import WalkView
from probes.f09_portrait_capture import allowed_s, without_s
from probes.f09_portrait_capture.judge import (
    judge_capture,
    judge_gaps,
    judge_no_picture,
    judge_number,
    judge_pixels,
    judge_uploads,
)
from tests.probes.portraitwalk import UNEVEN, CameraWalk, hour
from tests.walkbuilder import case

HOUR = {"class_hour_s": 1800.0, "capture_interval_s": 600.0}
NO_FACE: dict[str, Any] = {"faces": 0, "likeness": None, "distances": {}, "nearest": ""}


def asked(w: CameraWalk, *, kept: bool = False, **portrait: Any) -> None:
    """Ten minutes are played, then a face check is open for four seconds; with `kept`, its picture is stored."""
    w.play(600)
    w.add(StateSeen(state=LessonState.FACE_CHECK))
    w.t += 2
    if kept:
        w.portrait(**portrait)
    w.t += 2
    w.add(StateSeen(state=LessonState.PLAYING))


def ended(w: CameraWalk, **more: Any) -> WalkView:
    w.read_portraits("after", **more)
    return w.done()


def test_real_portraits_of_the_learner_pass() -> None:
    finding = judge_capture(ended(hour()), case("F09-1", **HOUR))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused
    assert "5" in finding.observed.zh


def test_nothing_stored_in_an_hour_fails() -> None:
    w = hour((), rest=1860)
    with w.segment("all", "control"):
        w.play(60)
        w.credit["L1"] += 60
    finding = judge_capture(ended(w), case("F09-1", **HOUR))
    assert finding.outcome is Outcome.FAIL
    assert "一张学习中的抓拍图片也没有" in finding.observed.zh


@pytest.mark.parametrize(
    ("open_s", "said"),
    [(None, ""), (0.0, "未见页面打开摄像头"), (0.4, "打开摄像头共 0 秒"), (35.0, "打开摄像头共 35 秒")],
)
def test_who_finds_no_portrait_says_whether_the_camera_was_open(open_s: float | None, said: str) -> None:
    w = hour((), rest=1860)
    w.add(FramesShown(camera="camera-1", changes=1, codes=1, open_s=open_s))
    finding = judge_capture(ended(w), case("F09-1", **HOUR))
    assert finding.outcome is Outcome.FAIL
    assert said in finding.observed.zh
    assert ("打开摄像头" in finding.observed.zh) is ("camera open" in finding.observed.en or open_s == 0) is bool(said)


def test_nothing_stored_in_a_few_minutes_proves_nothing() -> None:
    w = hour((), rest=300)
    assert judge_capture(ended(w), case("F09-1", **HOUR)).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("portrait", "said"),
    [
        ({"enrolment": True}, "注册照片"),
        ({"repeats": "1", "shown": ((0.0, 10.0),)}, "同一文件"),
        ({"repeats": "1", "code": None, "shown": ()}, "同一文件"),
        ({"likeness": "other", "nearest": "p02", "distances": {"p02": 0.2}}, "他人"),
        ({"contrast": 1.0, "code": None, "shown": ()}, "空白"),
        ({"sharpness": 1.9, "code": None, "shown": (), **NO_FACE}, "模糊"),
        ({"shown": ((0.0, 10.0),)}, "时刻相差"),
    ],
)
def test_a_portrait_that_is_positively_false_fails(portrait: dict[str, Any], said: str) -> None:
    w = hour()
    w.stored[1:] = [one.model_copy(update=portrait) for one in w.stored[1:]]
    finding = judge_capture(ended(w), case("F09-1", **HOUR))
    assert finding.outcome is Outcome.FAIL
    assert said in finding.observed.zh
    assert finding.evidence


@pytest.mark.parametrize(
    "portrait",
    [
        {"sharpness": 2.0, "code": None, "shown": (), **NO_FACE},
        {"sharpness": 2.1, "code": None, "shown": (), **NO_FACE},
        {"sharpness": 1.0, "code": None, "shown": ()},
        {"sharpness": 1.0, **NO_FACE},
        {"sharpness": None, "code": None, "shown": (), **NO_FACE},
    ],
    ids=["at the limit", "beyond", "a face can be seen", "its mark can be read", "not measured"],
)
def test_a_picture_is_blurred_only_where_neither_face_nor_mark_is_left(portrait: dict[str, Any]) -> None:
    assert judge_capture(ended(hour(**portrait)), case("F09-1", **HOUR)).outcome is not Outcome.FAIL


@pytest.mark.parametrize(
    "broken", [{"picture": ""}, {"width": 0, "height": 0}], ids=["not to be had", "a file that is no picture"]
)
def test_a_portrait_that_can_not_be_opened_leaves_it_open(broken: dict[str, Any]) -> None:
    w = hour()
    nothing = {"code": None, "shown": (), "faces": None, "likeness": None, "contrast": None}
    w.stored[2] = w.stored[2].model_copy(update={**nothing, **broken})
    finding = judge_capture(ended(w), case("F09-1", **HOUR))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
    assert "打不开" in finding.observed.zh


@pytest.mark.parametrize(
    "portrait",
    [
        {"likeness": "unsure"},
        {"repeats": "1"},  # its mark was before the camera at that very moment
        NO_FACE,
        {"contrast": 6.0},
    ],
)
def test_what_proves_nothing_is_held_against_nobody(portrait: dict[str, Any]) -> None:
    assert judge_capture(ended(hour(**portrait)), case("F09-1", **HOUR)).outcome is Outcome.PASS


def test_pictures_without_a_readable_mark_prove_nothing() -> None:
    finding = judge_capture(ended(hour(code=None, shown=())), case("F09-1", **HOUR))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(("off", "outcome"), [(59, Outcome.PASS), (60, Outcome.PASS), (61, Outcome.FAIL)])
def test_the_stated_time_may_be_a_minute_off(off: float, outcome: Outcome) -> None:
    w = hour()
    for place, one in enumerate(w.stored):
        assert one.time is not None
        w.stored[place] = one.model_copy(update={"time": one.time + timedelta(seconds=6.0 + off)})
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(("ahead", "outcome"), [(1, Outcome.PASS), (0, Outcome.PASS), (2, Outcome.FAIL)])
def test_a_servers_wrong_clock_is_no_false_portrait(ahead: int, outcome: Outcome) -> None:
    """Some platforms date a picture by the server's clock, some by the page's, which is that of our machine."""
    w = hour()
    for place, one in enumerate(w.stored):
        assert one.time is not None
        w.stored[place] = one.model_copy(update={"time": one.time + timedelta(hours=ahead)})
    assert judge_capture(ended(w, offset_s=3600.0), case("F09-1", **HOUR)).outcome is outcome


def test_what_was_there_before_does_not_count() -> None:
    w = CameraWalk("H01.hour")
    w.portrait(enrolment=True)
    w.read_portraits("before")
    with w.segment("below", "control"):
        w.play(1860)
        w.portrait()
        w.play(60)
        w.credit["L1"] += 1920
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is Outcome.PASS


def test_an_archive_that_cannot_be_read_concludes_nothing() -> None:
    finding = judge_capture(ended(hour(), error="HTTP 500"), case("F09-1", **HOUR))
    assert finding.reason is Reason.PRECONDITION_UNMET
    assert "HTTP 500" in finding.observed.en


@pytest.mark.parametrize(("count", "outcome"), [(0, Outcome.FAIL), (1, Outcome.FAIL), (2, Outcome.PASS)])
def test_one_portrait_per_class_hour(count: int, outcome: Outcome) -> None:
    w = hour((930.0,) * count, rest=1860.0 - 930 * count)
    assert judge_number(ended(w), case("F09-1v", **HOUR)).outcome is outcome


@pytest.mark.parametrize(("captured", "outcome"), [(0, Outcome.FAIL), (1, Outcome.INCONCLUSIVE), (2, Outcome.PASS)])
def test_the_second_portrait_of_two_hours_may_be_one_of_a_face_check(captured: int, outcome: Outcome) -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        for _ in range(captured):
            w.play(600)
            w.portrait()
        asked(w, kept=True)
        w.play(3600 - 600 * captured - 600)
        w.credit["L1"] += 3600
    assert judge_number(ended(w), case("F09-1v", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("label", "after_s", "outcome"),
    [
        ("随机核验", 0.9, Outcome.FAIL),
        ("随机核验", 1.0, Outcome.FAIL),
        ("随机核验", 1.1, Outcome.PASS),  # so long after it, whatever it is called
        ("抓拍", 0.9, Outcome.PASS),
        ("人脸比对", 0.9, Outcome.PASS),  # called as a picture is that no check took
    ],
)
def test_a_picture_that_is_called_a_checks_and_dated_just_after_it_is_no_portrait_of_study(
    label: str, after_s: float, outcome: Outcome
) -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        w.play(600)
        w.portrait(label="人脸比对")
        w.play(600)
        asked(w)
        w.t += after_s
        w.portrait(label=label)
        w.play(1500)
        w.credit["L1"] += 3600
    assert judge_number(ended(w), case("F09-1v", **HOUR)).outcome is outcome


def test_less_than_an_hour_says_nothing_of_the_number() -> None:
    finding = judge_number(ended(hour((300.0,))), case("F09-1v", **HOUR))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("gaps", "outcome"),
    [
        (UNEVEN, Outcome.PASS),
        ((300, 620, 250, 610, 100), Outcome.PASS),
        ((300, 800, 250, 600), Outcome.WARN),
        ((300, 895, 250, 600), Outcome.WARN),
        ((300, 915, 250, 600), Outcome.FAIL),
        ((380, 380, 381, 380, 380), Outcome.FAIL),
        ((300, 306, 304, 303, 302), Outcome.FAIL),
        ((300, 313, 300, 306, 300), Outcome.PASS),
        ((900, 900), Outcome.INCONCLUSIVE),
    ],
)
def test_gaps_between_captures(gaps: tuple[float, ...], outcome: Outcome) -> None:
    walk = ended(hour(gaps))
    assert judge_gaps(walk, case("F09-2", **HOUR, report_interval_s=5.0)).outcome is outcome


def test_paused_time_is_no_gap() -> None:
    w = hour((300, 420))
    w.stand(1200)
    with w.segment("above", "control"):
        for gap in (250, 510, 380):
            w.play(gap)
            w.portrait()
        w.credit["L1"] += 1140
    assert judge_gaps(ended(w), case("F09-2", **HOUR)).outcome is Outcome.PASS


def test_time_that_nobody_saw_is_played_only_as_far_as_the_media_went_on() -> None:
    """While a check is answered nobody looks at the player: 890 s of playing are no gap of 1,190 s."""
    w = hour((300, 420), rest=450)
    w.t += 300
    w.position["main"] += 0.4  # what was still played before it stood still
    w.play(440)
    w.portrait()
    assert "890 秒" in judge_gaps(ended(w), case("F09-2", **HOUR)).observed.zh


def test_pictures_of_face_checks_are_no_captures_of_study() -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        for _ in range(3):
            asked(w, kept=True, label="核验")
        w.credit["L1"] += 1800
    finding = judge_capture(ended(w), case("F09-1", **HOUR))
    assert finding.outcome is Outcome.FAIL
    assert "3 张均为人脸核验时的图片" in finding.observed.zh


STUDY, CHECK = "抓拍", "核验"


@pytest.mark.parametrize(
    ("labels", "gap_s", "declared_s", "outcome"),
    [
        ((CHECK, STUDY), 360.0, 480.0, Outcome.PASS),  # the second is a capture: gaps of 260, 360 and 360 s
        ((STUDY,), 360.0, 480.0, Outcome.PASS),  # may be the check's own, but less than the cap either way
        ((CHECK, STUDY), 700.0, 720.0, Outcome.PASS),
        ((CHECK, CHECK), 700.0, 720.0, Outcome.FAIL),  # 1,400 s
        ((STUDY,), 700.0, 720.0, Outcome.INCONCLUSIVE),  # 1,400 s, or two of 700
        (("", ""), 700.0, 720.0, Outcome.INCONCLUSIVE),
        ((CHECK,), 1000.0, 720.0, Outcome.FAIL),  # too far apart even if the check's own were a capture
    ],
)
def test_a_capture_that_came_due_in_a_face_check_is_no_gap(
    labels: tuple[str, ...], gap_s: float, declared_s: float, outcome: Outcome
) -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        for s in (90, 260, 130):
            w.play(s)
            w.portrait(label=STUDY)
        w.play(gap_s)
        w.add(StateSeen(state=LessonState.FACE_CHECK))
        w.t += 2
        for label in labels:
            w.portrait(label=label)
        w.t += 0.5
        w.add(StateSeen(state=LessonState.PLAYING))
        w.play(gap_s)
        w.portrait(label=STUDY)
        w.credit["L1"] += 2400
    declared = {"class_hour_s": 1800.0, "capture_interval_s": declared_s, "report_interval_s": 5.0}
    finding = judge_gaps(ended(w), case("F09-2", **declared))
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(
    ("after_s", "outcome"),
    [(0.9, Outcome.INCONCLUSIVE), (1.0, Outcome.INCONCLUSIVE), (1.1, Outcome.PASS), (60.0, Outcome.PASS)],
)
def test_a_picture_just_after_a_check_may_be_of_the_check(after_s: float, outcome: Outcome) -> None:
    """Stored times are cut to whole seconds, and the clocks are known to half a second."""
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        asked(w)
        w.t += after_s
        w.portrait(code="c1")
        w.play(1200)
        w.credit["L1"] += 1800
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("after_s", "outcome"),
    [
        ((0.9,), Outcome.FAIL),
        ((1.0,), Outcome.FAIL),
        ((1.1,), Outcome.PASS),
        ((0.3, 0.9), Outcome.INCONCLUSIVE),  # of two, one is not the check's: something is captured, yet nothing proven
        ((0.3, 60.0), Outcome.PASS),
    ],
)
def test_where_pictures_of_checks_are_kept_a_check_without_one_accounts_for_the_nearest(
    after_s: tuple[float, ...], outcome: Outcome
) -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        asked(w, kept=True, code="c1")
        asked(w)
        since = w.t
        for at in after_s:
            w.t = since + at
            w.portrait(code="c2")
        w.play(1200)
        w.credit["L1"] += 2400
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("gained", "outcome"),
    [((500, 100), Outcome.PASS), ((660, 0), Outcome.PASS), ((500, 300), Outcome.PASS), ((300, 670), Outcome.FAIL)],
)
def test_a_check_in_between_begins_anew(gained: tuple[float, float], outcome: Outcome) -> None:
    w = CameraWalk("F09.covered")
    w.control("before", 60)
    with w.segment("covered", "attack"):
        for number, credit in enumerate(gained):
            w.read(f"stretch:{number}:from")
            w.play(700)
            w.credit["L1"] += credit
            w.read(f"stretch:{number}:to")
            w.stimulus("camera_covered", stopped=True, after_s=credit)
    w.control("after", 60)
    assert judge_no_picture(w.done(), case("F09-3", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        ((("face_check", 300), ("face_check", 659)), Outcome.INCONCLUSIVE),
        ((("face_check", 300), ("face_check", 660)), Outcome.PASS),
        ((("face_check", 300), ("paused", 300)), Outcome.PASS),
        ((("paused", 300),), Outcome.PASS),
    ],
)
def test_a_check_that_came_first_does_not_show_that_a_covered_lens_stops_the_clock(
    ends: tuple[tuple[str, float], ...], outcome: Outcome
) -> None:
    w = CameraWalk("F09.covered")
    w.control("before", 60)
    with w.segment("covered", "attack"):
        for number, (state, after_s) in enumerate(ends):
            w.read(f"stretch:{number}:from")
            w.play(after_s)
            w.credit["L1"] += 200
            w.read(f"stretch:{number}:to")
            effect = {"stopped": True, "after_s": after_s, "state": state}
            w.add(Stimulus(name="camera_covered", means="ordinary", effect=effect))
    w.control("after", 60)
    assert judge_no_picture(w.done(), case("F09-3", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("speed", "credited", "outcome"),
    [
        (0.8, 656, Outcome.INCONCLUSIVE),  # all that a slow film played was paid until the check: nothing stopped
        (0.8, 643, Outcome.INCONCLUSIVE),  # 13 s less: the record may lag, and the check be seen late
        (0.8, 642, Outcome.PASS),  # 14 s less
        (0.8, 400, Outcome.PASS),
        (1.0, 660, Outcome.PASS),
        (1.0, 820, Outcome.FAIL),
    ],
)
def test_a_slow_film_was_not_stopped(speed: float, credited: float, outcome: Outcome) -> None:
    """The check comes 820 s after the lens was covered, and 660 s may be credited."""
    w = CameraWalk("F09.covered")
    w.control("before", 60)
    with w.segment("covered", "attack"):
        for number in range(2):
            w.read(f"stretch:{number}:from")
            w.play(820, slow=1 - speed)
            w.credit["L1"] += credited
            w.read(f"stretch:{number}:to")
            effect = {"stopped": True, "after_s": 820, "state": "face_check"}
            w.add(Stimulus(name="camera_covered", means="ordinary", effect=effect))
    w.control("after", 60)
    assert judge_no_picture(w.done(), case("F09-3", **HOUR)).outcome is outcome


def covered(credited: float, *, stopped: bool = True, lasted: float = 840.0, name: str = "covered") -> WalkView:
    w = CameraWalk("F09.covered")
    w.read_portraits("before")
    w.control("before", 60)
    with w.segment(name, "attack"):
        w.play(lasted)
        w.credit["L1"] += credited
        w.stimulus(f"camera_{name}", stopped=stopped, after_s=credited)
    w.control("after", 60)
    return ended(w)


@pytest.mark.parametrize(
    ("credited", "outcome"),
    [(0, Outcome.PASS), (630, Outcome.PASS), (660, Outcome.PASS), (663, Outcome.INCONCLUSIVE), (666, Outcome.FAIL)],
)
def test_without_a_picture_credit_stops_after_the_next_capture_was_due(credited: float, outcome: Outcome) -> None:
    assert judge_no_picture(covered(credited), case("F09-3", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("declared_s", "outcome"), [(1800.0, Outcome.INCONCLUSIVE), (1140.0, Outcome.INCONCLUSIVE), (1130.0, Outcome.FAIL)]
)
def test_no_capture_is_due_before_the_declared_interval_is_over(declared_s: float, outcome: Outcome) -> None:
    """What is declared is too long (F09-2), and it was not waited for."""
    told = case("F09-3", class_hour_s=1800.0, capture_interval_s=declared_s)
    finding = judge_no_picture(covered(1200, stopped=False, lasted=1200), told)
    assert finding.outcome is outcome
    assert finding.settled is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("worst", "words"), [("pulled_out", "中途拔除"), ("denied", "拒绝权限"), ("unplugged", "自始未接")]
)
def test_the_worst_of_several_ways_counts(worst: str, words: str) -> None:
    w = CameraWalk("F09.denied")
    w.control("before", 60)
    for name in ("pulled_out", "denied", "unplugged"):
        credit = 840.0 if name == worst else 0.0
        with w.segment(name, "attack"):
            w.play(840)
            w.credit["L1"] += credit
            w.stimulus(f"camera_{name}", stopped=not credit)
    w.control("after", 60)
    finding = judge_no_picture(w.done(), case("F09-3", **HOUR))
    assert finding.outcome is Outcome.FAIL
    assert words in finding.observed.zh


@pytest.mark.parametrize(
    ("played", "credited", "state", "outcome"),
    [
        (560, 560, "finished", Outcome.INCONCLUSIVE),  # a lesson of ten minutes: the lens had nothing to do with it
        (560, 560, "paused", Outcome.PASS),
        (700, 560, "finished", Outcome.PASS),  # it played on without credit until its end
        (700, 700, "finished", Outcome.FAIL),
    ],
)
def test_a_lesson_that_was_over_was_not_stopped_for_its_picture(
    played: float, credited: float, state: str, outcome: Outcome
) -> None:
    w = CameraWalk("F09.covered")
    w.control("before", 60)
    with w.segment("covered", "attack"):
        w.play(played)
        w.credit["L1"] += credited
        w.stand(20)
        w.stimulus("camera_covered", stopped=True, after_s=played, state=state)
    w.control("after", 60)
    assert judge_no_picture(w.done(), case("F09-3", **HOUR)).outcome is outcome


def test_a_player_that_stood_for_want_of_data_was_not_stopped() -> None:
    """Our network was lost soon after the lens was covered: no credit shows nothing."""
    w = CameraWalk("F09.covered")
    w.control("before", 60)
    with w.segment("covered", "attack"):
        w.play(200)
        w.stand(640, paused=False)
        w.credit["L1"] += 200
        w.stimulus("camera_covered", stopped=False, after_s=840)
    w.control("after", 60)
    assert judge_no_picture(w.done(), case("F09-3", **HOUR)).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("before", "later", "outcome"),
    [
        (60.0, 0.0, Outcome.PASS),
        (60.0, 240.0, Outcome.FAIL),  # all that was played without a picture is paid with the next
        (60.0, 60.0, Outcome.PASS),  # 660 s in all: what may be
        (40.0, 20.0, Outcome.PASS),  # owed from before
        (60.0, 9.0, Outcome.PASS),
    ],
)
def test_time_without_a_picture_that_is_paid_with_the_next_counts(
    before: float, later: float, outcome: Outcome
) -> None:
    w = CameraWalk("F09.covered")
    w.control("before", 60, credited=before)
    with w.segment("covered", "attack"):
        w.play(840)
        w.credit["L1"] += 600
        w.stimulus("camera_covered", stopped=True, after_s=600)
    w.control("after", 60, credited=60 + later)
    assert judge_no_picture(w.done(), case("F09-3", **HOUR)).outcome is outcome


def test_a_wait_that_ended_too_early_says_nothing() -> None:
    finding = judge_no_picture(covered(300, stopped=False, lasted=300), case("F09-3", **HOUR))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE


def test_the_camera_stays_covered_longer_than_anything_may_be_credited() -> None:
    for scale in (1.0, 30.0):
        setting = case("F09-3", scale=scale, **HOUR).setting
        assert without_s(setting) > allowed_s(setting, 60.0 / scale) + 10


@pytest.mark.parametrize(
    ("idle_s", "outcome"), [(299, Outcome.PASS), (300, Outcome.INCONCLUSIVE), (301, Outcome.INCONCLUSIVE)]
)
@pytest.mark.parametrize("name", ["covered", "uploads"])
def test_what_an_idle_lock_stopped_was_not_stopped_for_want_of_a_picture(
    name: str, idle_s: float, outcome: Outcome
) -> None:
    w = CameraWalk(f"F09.{name}")
    w.read_portraits("before")
    w.control("before", 60)
    with w.segment(name, "attack"):
        w.play(100)
        w.add(Input(device="mouse", trusted=True))
        w.play(idle_s)
        w.add(StateSeen(state=LessonState.LOCKED))
        w.play(840 - idle_s, rate=0.0)
        w.add(RequestSent(name="replay_upload", method="POST", url="http://h/portrait", status=403))
        w.credit["L1"] += 400
        w.stimulus(f"camera_{name}" if name == "covered" else "uploads_sent", {"recorded": 1}, stopped=True)
    w.read_portraits("attacked")
    w.control("after", 60)
    requirement, judge = ("F09-3", judge_no_picture) if name == "covered" else ("F09-1t", judge_uploads)
    finding = judge(w.done(), case(requirement, idle_limit_s=300.0, **HOUR))
    assert finding.outcome is outcome
    assert ("want of any operation" in finding.observed.en) is (outcome is Outcome.INCONCLUSIVE)


def uploads(credited: float = 300.0, recorded: int = 1, *, status: int | None = 403, **portrait: Any) -> WalkView:
    w = CameraWalk("F09.uploads")
    w.read_portraits("before")
    w.portrait()
    w.control("before", 60)
    with w.segment("uploads", "attack", "tool"):
        w.add(RequestSent(name="replay_upload", method="POST", url="http://h/portrait", status=status))
        w.play(840)
        w.credit["L1"] += credited
        w.stimulus("uploads_sent", {"recorded": recorded}, stopped=credited < 800)
    if portrait:
        w.portrait(**portrait)
    w.read_portraits("attacked")
    w.control("after", 60)
    return w.done()


def test_uploads_that_change_nothing_pass() -> None:
    assert judge_uploads(uploads(), case("F09-1t", **HOUR)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "portrait",
    [
        {"repeats": "1", "shown": ((0.0, 10.0),)},
        {"enrolment": True, "code": None},
        {"likeness": "other", "code": None, "nearest": "p02"},
    ],
)
def test_a_faked_upload_that_is_stored_fails(portrait: dict[str, Any]) -> None:
    assert judge_uploads(uploads(**portrait), case("F09-1t", **HOUR)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        ("", Outcome.FAIL),
        ("一致", Outcome.FAIL),
        ("无异常", Outcome.FAIL),
        ("不一致", Outcome.PASS),
        ("未通过", Outcome.PASS),
        ("无效（非实时画面）", Outcome.PASS),
        ("mismatch", Outcome.PASS),
        ("0.35", Outcome.INCONCLUSIVE),
    ],
)
def test_an_upload_that_is_kept_and_called_invalid_is_no_valid_capture(verdict: str, outcome: Outcome) -> None:
    walk = uploads(likeness="other", code=None, nearest="p02", verdict=verdict)
    assert judge_uploads(walk, case("F09-1t", **HOUR)).outcome is outcome


def test_the_photograph_on_file_that_is_listed_as_such_was_not_uploaded() -> None:
    assert (
        judge_uploads(uploads(enrolment=True, code=None, label="登记照"), case("F09-1t", **HOUR)).outcome
        is Outcome.PASS
    )


def test_uploads_that_never_reached_the_platform_were_not_refused() -> None:
    finding = judge_uploads(uploads(status=None), case("F09-1t", **HOUR))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(("apart_s", "outcome"), [(1, Outcome.PASS), (2, Outcome.PASS), (3, Outcome.FAIL)])
def test_two_captures_of_one_moment_may_be_one_frame(apart_s: float, outcome: Outcome) -> None:
    w = hour()
    with w.segment("above", "control"):
        first = w.portrait(code=None, shown=())
        w.play(apart_s)
        w.portrait(code=None, shown=(), repeats=first.id)
        w.play(300)
        w.credit["L1"] += 300 + apart_s
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("into_the_cover_s", "seconds", "outcome"),
    [(-30.0, True, Outcome.FAIL), (1.0, True, Outcome.PASS), (1.0, False, Outcome.PASS), (-90.0, False, Outcome.FAIL)],
)
def test_a_covered_lens_looks_the_same_again_and_again(
    into_the_cover_s: float, seconds: bool, outcome: Outcome
) -> None:
    """The page's own captures of what doesn't move are equal; one from before the lens was covered can't be. Where no
    mark is read and times are cut to minutes, one from just after it may seem to be."""
    w = CameraWalk("F09.uploads")
    w.read_portraits("before")
    w.control("before", 60)
    with w.segment("uploads", "attack", "tool"):
        at = w.utc + timedelta(seconds=into_the_cover_s)
        shown = ((at.timestamp(), at.timestamp() + 10),) if seconds else ()
        first = w.portrait(scene="covered", time=at if seconds else at.replace(second=0), shown=shown)
        w.add(RequestSent(name="replay_upload", method="POST", url="http://h/portrait", status=403))
        w.play(840)
        now = w.utc if seconds else w.utc.replace(second=0)
        w.portrait(scene="covered", repeats=first.id, time=now, shown=shown)
        w.stimulus("uploads_sent", {"recorded": 1}, stopped=True)
    w.read_portraits("attacked")
    w.control("after", 60)
    assert judge_uploads(w.done(), case("F09-1t", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("verdict", "outcome"), [("", Outcome.INCONCLUSIVE), ("一致", Outcome.INCONCLUSIVE), ("非实时画面", Outcome.PASS)]
)
def test_a_picture_that_is_listed_twice_may_have_been_sent_again_or_not(verdict: str, outcome: Outcome) -> None:
    """Where the platform says that it took it for no capture, either is in order."""
    w = CameraWalk("F09.uploads")
    w.read_portraits("before")
    first = w.portrait(label="核验")
    w.portrait(label="抓拍", repeats=first.id, verdict=verdict)
    w.control("before", 60)
    with w.segment("uploads", "attack", "tool"):
        w.add(RequestSent(name="replay_upload", method="POST", url="http://h/portrait", status=403))
        w.play(840)
        w.stimulus("uploads_sent", {"recorded": 1}, stopped=True)
    w.read_portraits("attacked")
    w.control("after", 60)
    assert judge_uploads(w.done(), case("F09-1t", **HOUR)).outcome is outcome


def test_faked_uploads_that_keep_the_credit_going_fail() -> None:
    assert judge_uploads(uploads(840.0), case("F09-1t", **HOUR)).outcome is Outcome.FAIL


def test_without_a_recorded_upload_nothing_was_replayed() -> None:
    assert judge_uploads(uploads(recorded=0), case("F09-1t", **HOUR)).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("size", "outcome"),
    [((640, 480), Outcome.PASS), ((600, 500), Outcome.PASS), ((599, 500), Outcome.FAIL), ((320, 240), Outcome.FAIL)],
)
def test_pixels(size: tuple[int, int], outcome: Outcome) -> None:
    walk = ended(hour(width=size[0], height=size[1]))
    assert judge_pixels(walk, case("F09-4", **HOUR)).outcome is outcome


def in_person(**portrait: Any) -> Any:
    """An hour of a living person before a real camera, with one odd portrait among six; no marks."""
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        for number in range(6):
            w.play(300)
            w.portrait(**{"code": None, "shown": (), "scene": "", "person": "", **(portrait if number == 3 else {})})
        w.credit["L1"] += 1800
    w.read_portraits("after")
    told = case("F09-1", class_hour_s=1800.0)
    return judge_capture(w.done(), replace(told, setting=replace(told.setting, camera=True, presence="human")))


def test_before_a_real_camera_the_person_and_the_time_are_the_proof() -> None:
    finding = in_person()
    assert finding.outcome is Outcome.PASS
    assert "以人员和时刻为证" in finding.observed.zh


@pytest.mark.parametrize(
    ("odd", "outcome"),
    [
        ({"enrolment": True}, Outcome.FAIL),
        ({"repeats": "1"}, Outcome.FAIL),
        ({"likeness": "other", "nearest": "p02"}, Outcome.INCONCLUSIVE),
        ({"contrast": 2.0}, Outcome.INCONCLUSIVE),
        ({"likeness": "unsure"}, Outcome.PASS),
    ],
)
def test_before_a_real_camera_only_an_old_file_is_proof_against_a_platform(
    odd: dict[str, Any], outcome: Outcome
) -> None:
    assert in_person(**odd).outcome is outcome
