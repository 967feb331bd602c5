"""F09: when portraits were taken, as far as the platform and their marks say, and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from harness.model.observation import PortraitSeen, PortraitsRead, StateSeen
from harness.model.outcome import Outcome
from harness.model.values import LessonState
from harness.view import WalkView
from probes.f09_portrait_capture.judge import judge_capture, judge_gaps, judge_number
from tests.probes.portraitwalk import UNEVEN, CameraWalk, hour
from tests.walkbuilder import START, case

HOUR = {"class_hour_s": 1800.0, "capture_interval_s": 600.0}
Cut = Callable[[datetime], datetime | None]


def ended(w: CameraWalk) -> WalkView:
    w.read_portraits("after")
    return w.done()


def checks_only(w: CameraWalk, *, into_s: float = 2.0, **portrait: Any) -> WalkView:
    """Three checks in half an hour, each seen for four seconds, whose pictures are stored so long after they are seen;
    nothing else is captured."""
    w.read_portraits("before")
    with w.segment("below", "control"):
        for _ in range(3):
            w.play(600)
            w.add(StateSeen(state=LessonState.FACE_CHECK))
            seen = w.t
            w.t = seen + into_s
            w.portrait(**portrait)
            w.t = seen + 4
            w.add(StateSeen(state=LessonState.PLAYING))
        w.play(60)
        w.credit["L1"] += 1860
    return ended(w)


class Dated(CameraWalk):
    """An hour whose portraits the platform dates as `cut` says."""

    def __init__(self, cut: Cut) -> None:
        super().__init__("H01.hour")
        self.cut = cut

    def portrait(self, **more: Any) -> PortraitSeen:
        one = super().portrait(**more)
        self.stored[-1] = one.model_copy(update={"time": None if one.time is None else self.cut(one.time)})
        return self.stored[-1]


def to_minutes(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("cut", "label", "outcome"),
    [
        (lambda at: at, "", Outcome.FAIL),
        (to_minutes, "", Outcome.INCONCLUSIVE),
        (lambda at: None, "", Outcome.INCONCLUSIVE),
        (to_minutes, "人脸核验", Outcome.FAIL),
        (lambda at: None, "人脸核验", Outcome.FAIL),
    ],
)
def test_where_times_are_cut_to_minutes_or_not_shown_a_picture_of_a_check_is_no_capture(
    cut: Cut, label: str, outcome: Outcome
) -> None:
    """Its mark was shown for ten seconds, in the middle of which the check was not open yet."""
    walk = checks_only(Dated(cut), into_s=0.5, label=label)
    assert judge_capture(walk, case("F09-1", **HOUR)).outcome is outcome


def test_captures_dated_to_the_minute_pass() -> None:
    w = Dated(to_minutes)
    w.read_portraits("before")
    with w.segment("below", "control"):
        for gap in UNEVEN:
            w.play(gap)
            w.portrait()
        w.credit["L1"] += sum(UNEVEN)
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is Outcome.PASS


@pytest.mark.parametrize(("again", "outcome"), [(False, Outcome.PASS), (True, Outcome.INCONCLUSIVE)])
def test_portraits_of_which_only_the_day_is_shown_are_not_hours_off(again: bool, outcome: Outcome) -> None:
    w = hour()
    for place, one in enumerate(w.stored):
        assert one.time is not None
        w.stored[place] = one.model_copy(update={"time": one.time.replace(hour=0, minute=0, second=0)})
    if again:
        w.stored[3] = w.stored[3].model_copy(update={"repeats": "1", "shown": w.stored[0].shown})
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("late_s", "outcome"), [(-5.1, Outcome.PASS), (-4.9, Outcome.INCONCLUSIVE), (-2.0, Outcome.INCONCLUSIVE)]
)
def test_a_check_may_have_taken_its_picture_before_it_was_seen(late_s: float, outcome: Outcome) -> None:
    """What the page shows is looked at every three seconds."""
    assert judge_capture(checks_only(CameraWalk("H01.hour"), into_s=late_s), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("label", "outcome"), [("登录", Outcome.REVIEW), ("", Outcome.REVIEW), ("登录人脸核验", Outcome.FAIL)]
)
def test_a_picture_taken_at_the_log_in_is_no_capture_of_study(label: str, outcome: Outcome) -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    w.portrait(label=label)
    w.t += 12
    with w.segment("below", "control"):
        w.play(1980)
        w.credit["L1"] += 1980
    walk = ended(w)
    assert judge_capture(walk, case("F09-1", **HOUR)).outcome is outcome
    assert judge_number(walk, case("F09-1v", **HOUR)).outcome is Outcome.FAIL


def test_what_a_log_in_is_called_says_nothing_of_captures() -> None:
    """The check's own picture is called as that of the log-in; beside it the capture that came due is known."""
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    w.portrait(label="核验")
    w.t += 12
    with w.segment("below", "control"):
        for s in (90, 260, 130):
            w.play(s)
            w.portrait(label="抓拍")
        w.play(700)
        w.add(StateSeen(state=LessonState.FACE_CHECK))
        w.t += 2
        w.portrait(label="核验")
        w.portrait(label="抓拍")
        w.t += 2
        w.add(StateSeen(state=LessonState.PLAYING))
        w.play(700)
        w.portrait(label="抓拍")
        w.credit["L1"] += 1880
    declared = case("F09-2", class_hour_s=1800.0, capture_interval_s=720.0, report_interval_s=5.0)
    assert judge_gaps(ended(w), declared).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("label", "outcome"),
    [("抓拍", Outcome.REVIEW), ("抓拍核验", Outcome.REVIEW), ("随机核验", Outcome.FAIL), ("", Outcome.FAIL)],
)
def test_pictures_that_are_called_captures_and_lie_in_checks_are_for_a_person(label: str, outcome: Outcome) -> None:
    """A platform may show for a moment that it takes a picture, which a profile takes for a check."""
    assert judge_capture(checks_only(CameraWalk("H01.hour"), label=label), case("F09-1", **HOUR)).outcome is outcome


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        ({"class_hour_s": 2700.0}, Outcome.INCONCLUSIVE),
        ({"class_hour_s": 2700.0, "capture_interval_s": 2400.0}, Outcome.INCONCLUSIVE),
        ({"class_hour_s": 2700.0, "capture_interval_s": 1800.0}, Outcome.FAIL),
        ({"class_hour_s": 1800.0}, Outcome.FAIL),
    ],
)
def test_where_captures_come_once_in_a_longer_hour_none_is_missing_yet(
    policy: dict[str, float], outcome: Outcome
) -> None:
    w = CameraWalk("H01.hour")
    w.read_portraits("before")
    with w.segment("below", "control"):
        w.play(1980)
        w.credit["L1"] += 1980
    finding = judge_capture(ended(w), case("F09-1", **policy))
    assert finding.outcome is outcome
    assert finding.settled is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(("label", "outcome"), [("登记照", Outcome.PASS), ("抓拍", Outcome.FAIL)])
def test_the_photograph_on_file_that_is_called_so_is_no_false_capture(label: str, outcome: Outcome) -> None:
    """A file that comes into being with the first study may list it, too."""
    w = hour()
    w.stored[0] = w.stored[0].model_copy(update={"enrolment": True, "code": None, "shown": (), "label": label})
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is outcome


def test_a_picture_that_is_listed_twice_and_dated_to_the_minute_is_one() -> None:
    w = Dated(to_minutes)
    w.read_portraits("before")
    with w.segment("below", "control"):
        for gap in UNEVEN:
            w.play(gap)
            first = w.portrait(label="抓拍")
            w.portrait(label="比对", repeats=first.id, picture=first.picture, code=first.code)
        w.credit["L1"] += sum(UNEVEN)
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is Outcome.PASS


def test_rows_that_are_numbered_from_the_newest_are_told_apart_by_what_they_hold() -> None:
    """Without ids in the profile a row's number stands for one: the photograph on file was no. 1, and becomes no. 6."""
    w = hour()
    on_file = w.stored[0].model_copy(
        update={"enrolment": True, "code": None, "shown": (), "picture": "f" * 64 + ".jpg", "time": START, "id": "1"}
    )
    before = w.lines[2].data
    assert isinstance(before, PortraitsRead)
    w.lines[2] = w.lines[2].model_copy(update={"data": before.model_copy(update={"portraits": (on_file,)})})
    newest_first = [*reversed(w.stored), on_file]
    w.stored = [one.model_copy(update={"id": str(n)}) for n, one in enumerate(newest_first, 1)][::-1]
    assert judge_capture(ended(w), case("F09-1", **HOUR)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("gaps", "vague", "outcome"),
    [
        ((300, 500, 700, 400), 2, Outcome.INCONCLUSIVE),  # 1,200 s, or 500 and 700
        ((300, 900, 1000, 400), 2, Outcome.FAIL),  # 950 s at least, wherever it lies
        ((300, 200, 300, 410), 2, Outcome.INCONCLUSIVE),  # either gap may be two
        ((300, 200, 300, 410, 120, 250), 2, Outcome.PASS),
    ],
)
def test_a_capture_at_a_time_not_known_may_lie_in_a_gap(gaps: tuple[float, ...], vague: int, outcome: Outcome) -> None:
    """The platform shows no times, and the mark of one picture can't be read."""
    w = hour(gaps)
    w.stored = [one.model_copy(update={"time": None}) for one in w.stored]
    w.stored = [
        one.model_copy(update={"shown": (), "code": None})
        if n == vague
        else one.model_copy(update={"shown": ((sum(one.shown[0]) / 2 - 2, sum(one.shown[0]) / 2),)})
        for n, one in enumerate(w.stored, 1)
    ]
    finding = judge_gaps(ended(w), case("F09-2", **HOUR, report_interval_s=5.0))
    assert finding.outcome is outcome, finding.observed.en
