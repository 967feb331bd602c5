"""H02 and H01-2 on literal walks: attendance step by step, and what the platform made of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.h01_hour_accounting.judge import judge_offline_hour
from probes.h02_offline_share.judge import judge_online_only, judge_practice, judge_share, judge_study_is_no_practice
from tests.probes.outcomes import OutcomeBuilder, Row
from tests.walkbuilder import case

OUTLINE = 48.0
MINUTES = {"baseline": 0, "practice": 0, "short": 40, "first": 60, "online_only": 60, "below": 640, "above": 701}
ONLINE_FROM = ("online_only", "below", "above")
ONLINE = 52


@dataclass(frozen=True)
class Offline:
    """A conforming platform that counts whole hours; every field is a place for a defect."""

    hours: Callable[[int], float] = lambda minutes: math.floor(minutes / 45)
    met: Callable[[float], bool | None] = lambda hours: hours >= 0.3 * OUTLINE
    complete: Callable[[float, float], bool] = lambda online, offline: (
        offline >= 0.3 * OUTLINE and min(online, 0.7 * OUTLINE) + offline >= OUTLINE
    )
    online_practice: float = 0
    booked_online: bool = False
    booked_offline: bool = True
    accepted: Mapping[str, bool] = ()  # type: ignore[assignment]
    """Steps whose import did not go through are False."""
    outline: float | None = OUTLINE
    before: int = 0
    """Minutes attended before the run."""
    counted: Mapping[str, int] = ()  # type: ignore[assignment]
    """Minutes of theory that are counted when a step is read, where that is less than was attended."""
    online: Mapping[str, float] = ()  # type: ignore[assignment]
    """Online hours at a step, where they are not those entered."""
    practice: Mapping[str, float] = ()  # type: ignore[assignment]
    """Practice hours at a step, where they are not those attended."""
    rows: int = 1
    """In each further one nothing is attended."""

    def but(self, **changes: Any) -> Offline:
        return replace(self, **changes)

    def walk(self, minutes: Mapping[str, int] = MINUTES) -> WalkView:
        w = OutcomeBuilder("H02.share")
        for name, attended in minutes.items():
            ok = dict(self.accepted).get(name, True)
            with w.stretch(name, "control" if name in ("baseline", "above") else "attack"):
                if name == "online_only":
                    w.did("add_hours", ok=ok)
                elif name != "baseline":
                    w.did("import_attendance", ok=ok)
                    params: dict[str, Any] = {"theory_minutes": attended}
                    w.add(Stimulus(name="attendance", means="ordinary", params=params, effect={"accepted": ok}))
                online = dict(self.online).get(name, ONLINE if name in ONLINE_FROM else 0)
                offline = self.hours(self.before + dict(self.counted).get(name, attended))
                practice = dict(self.practice).get(name, 0 if name == "baseline" else 8)
                row = {
                    "outline_hours": self.outline,
                    "online_hours": online,
                    "offline_hours": offline,
                    "share_met": self.met(offline),
                    "complete": self.complete(online, offline),
                    "practice_hours": (self.online_practice if name in ONLINE_FROM else 0) + practice,
                }
                other = {"outline_hours": self.outline, "offline_hours": 0, "share_met": False, "complete": False}
                w.read_table("completion", row, *[other] * (self.rows - 1))
        with w.stretch("booked_offline", "control"):
            w.did("book_practice_offline", ok=self.booked_offline)
        with w.stretch("booked_online", "attack"):
            w.did("book_practice", ok=self.booked_online)
        return w.done()


OFFLINE = Offline()
JUDGES = {
    "H01-2": judge_offline_hour,
    "H02-1": judge_share,
    "H02-2": judge_online_only,
    "H02-3": judge_practice,
}


@pytest.mark.parametrize("requirement", JUDGES)
def test_a_conforming_platform_passes(requirement: str) -> None:
    finding = JUDGES[requirement](OFFLINE.walk(), case(requirement))
    assert finding.outcome is Outcome.PASS, finding.observed
    assert finding.accepted
    assert finding.refused


def test_hours_in_fractions_are_fine() -> None:
    exact = OFFLINE.but(hours=lambda minutes: minutes / 45)
    for requirement, judge in JUDGES.items():
        assert judge(exact.walk(), case(requirement)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("requirement", "platform"),
    [
        ("H01-2", OFFLINE.but(hours=lambda minutes: math.ceil(minutes / 45))),
        ("H01-2", OFFLINE.but(hours=lambda minutes: math.floor(minutes / 40))),
        ("H01-2", OFFLINE.but(hours=lambda minutes: minutes / 44.9)),
        ("H02-1", OFFLINE.but(met=lambda hours: hours >= 14)),  # rounded down: 14 of 14.4
        ("H02-1", OFFLINE.but(hours=lambda minutes: math.ceil(minutes / 45))),
        ("H02-1", OFFLINE.but(met=lambda hours: None, complete=lambda online, offline: online + offline >= OUTLINE)),
        ("H02-1", OFFLINE.but(met=lambda hours: True)),
        ("H02-1", OFFLINE.but(complete=lambda online, offline: offline > 0 and offline >= 0.3 * (online + offline))),
        ("H02-2", OFFLINE.but(complete=lambda online, offline: online + offline >= OUTLINE)),
        ("H02-3", OFFLINE.but(booked_online=True)),
        ("H02-3", OFFLINE.but(online_practice=1)),
    ],
)
def test_each_way_round_the_rule_fails(requirement: str, platform: Offline) -> None:
    assert JUDGES[requirement](platform.walk(), case(requirement)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [
        (647, Outcome.FAIL),  # 14.378 of 14.4 hours
        (648, Outcome.PASS),  # 30 %, to the minute
        (649, Outcome.PASS),
    ],
)
def test_the_share_is_exact(minutes: int, outcome: Outcome) -> None:
    steps = {"short": 40, "below": minutes, "above": 701}
    called = OFFLINE.but(hours=lambda m: m / 45, met=lambda hours: hours > 14.3, complete=lambda a, b: b > 14.3)
    assert judge_share(called.walk(steps), case("H02-1")).outcome is outcome


@pytest.mark.parametrize(
    ("minutes", "hours", "outcome"), [(45, 1, Outcome.PASS), (46, 1, Outcome.PASS), (44, 1, Outcome.FAIL)]
)
def test_an_offline_hour_is_forty_five_minutes(minutes: int, hours: float, outcome: Outcome) -> None:
    steps = {"short": minutes, "below": minutes, "above": minutes}
    assert judge_offline_hour(OFFLINE.but(hours=lambda m: hours).walk(steps), case("H01-2")).outcome is outcome


@pytest.mark.parametrize(
    ("requirement", "platform", "reason"),
    [
        ("H01-2", OFFLINE.but(hours=lambda minutes: 0), Reason.PRECONDITION_UNMET),
        ("H01-2", OFFLINE.but(accepted={"short": False}), Reason.PRECONDITION_UNMET),
        ("H02-1", OFFLINE.but(met=lambda h: False, complete=lambda a, b: False), Reason.PRECONDITION_UNMET),
        ("H02-1", OFFLINE.but(accepted={"above": False}), Reason.PRECONDITION_UNMET),
        ("H02-1", OFFLINE.but(outline=None), Reason.UNSUPPORTED),
        ("H02-2", OFFLINE.but(accepted={"online_only": False}), Reason.PRECONDITION_UNMET),
        ("H02-2", OFFLINE.but(complete=lambda a, b: False), Reason.PRECONDITION_UNMET),
        ("H02-3", OFFLINE.but(booked_offline=False, accepted={"practice": False}), Reason.PRECONDITION_UNMET),
        ("H02-3", OFFLINE.but(booked_offline=False), Reason.PRECONDITION_UNMET),  # nothing can be booked at all
    ],
)
def test_what_was_not_seen_is_neither_right_nor_wrong(requirement: str, platform: Offline, reason: Reason) -> None:
    finding = JUDGES[requirement](platform.walk(), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, reason), finding.observed


@pytest.mark.parametrize("requirement", ["H01-2", "H02-1", "H02-2"])
def test_what_was_attended_before_the_run_is_nothing_that_it_gave(requirement: str) -> None:
    """An account that is used once more, or was lent with a history: its minutes are not known."""
    finding = JUDGES[requirement](OFFLINE.but(before=701).walk(), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET), finding.observed


@pytest.mark.parametrize("requirement", ["H01-2", "H02-1"])
def test_an_import_that_seemed_to_fail_may_have_been_counted(requirement: str) -> None:
    finding = JUDGES[requirement](OFFLINE.but(accepted={"first": False}).walk(), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET), finding.observed


@pytest.mark.parametrize("requirement", JUDGES)
def test_rows_of_other_trainings_are_not_judged_together(requirement: str) -> None:
    """The outline's hours would be counted twice and the attendance once."""
    finding = JUDGES[requirement](OFFLINE.but(rows=2).walk(), case(requirement))
    assert (finding.outcome, finding.settled) == (Outcome.INCONCLUSIVE, True), finding.observed


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([{"online_hours": 1, "practice_hours": 0}], Outcome.PASS),
        ([{"online_hours": 1, "practice_hours": 1}], Outcome.FAIL),
        ([{"online_hours": 1, "practice_hours": 0}, {"online_hours": 0, "practice_hours": 8}], Outcome.INCONCLUSIVE),
    ],
)
def test_practice_of_another_training_is_not_of_this_study(rows: Sequence[Row], outcome: Outcome) -> None:
    w = OutcomeBuilder("H01.hour")
    with w.stretch("issued"):
        w.read_table("completion", *rows)
    assert judge_study_is_no_practice(w.done(), case("H02-3")).outcome is outcome


LATE = {"short": 0, "first": 40, "online_only": 60, "below": 60, "above": 640}
"""Each reading shows what had been imported before its own step."""


@pytest.mark.parametrize(
    ("requirement", "hours", "outcome"),
    [
        ("H01-2", lambda minutes: math.floor(minutes / 45), Outcome.INCONCLUSIVE),
        ("H01-2", lambda minutes: math.floor(minutes / 46), Outcome.INCONCLUSIVE),
        ("H01-2", lambda minutes: math.ceil(minutes / 45), Outcome.FAIL),  # more than was attended, late or not
        ("H02-1", lambda minutes: math.floor(minutes / 45), Outcome.INCONCLUSIVE),
        ("H02-1", lambda minutes: math.ceil(minutes / 45), Outcome.INCONCLUSIVE),
    ],
)
def test_an_attendance_that_is_not_counted_yet_shows_no_refusal(
    requirement: str, hours: Callable[[int], float], outcome: Outcome
) -> None:
    """Just below the share the platform had counted an hour or two: a share that is rounded up looked exact."""
    finding = JUDGES[requirement](OFFLINE.but(counted=LATE, hours=hours).walk(), case(requirement))
    assert finding.outcome is outcome, finding.observed


@pytest.mark.parametrize(
    ("online", "outcome"),
    [
        ({}, Outcome.PASS),
        (dict.fromkeys(ONLINE_FROM, 33), Outcome.PASS),  # up to 70 %, in whole hours
        (dict.fromkeys(ONLINE_FROM, 32), Outcome.INCONCLUSIVE),
        ({"online_only": 0}, Outcome.INCONCLUSIVE),  # counted later
        (dict.fromkeys(ONLINE_FROM, 0), Outcome.PASS),  # what was entered by hand stands elsewhere
    ],
)
def test_hours_that_were_entered_and_not_counted_show_no_refusal(online: Mapping[str, float], outcome: Outcome) -> None:
    taken = OFFLINE.but(online=online, complete=lambda online, offline: offline >= 0.3 * OUTLINE)
    finding = judge_online_only(taken.walk(), case("H02-2"))
    assert finding.outcome is outcome, finding.observed


@pytest.mark.parametrize(
    ("practice", "booked_online", "outcome"),
    [
        ({"practice": 0, "short": 0, "first": 0}, False, Outcome.INCONCLUSIVE),
        ({"practice": 0, "short": 0, "first": 0}, True, Outcome.FAIL),
        ({"practice": 0}, False, Outcome.PASS),
        ({"practice": 0, "short": 4, "first": 4}, False, Outcome.INCONCLUSIVE),
    ],
)
def test_practice_that_is_counted_late_does_not_come_of_online_hours(
    practice: Mapping[str, float], booked_online: bool, outcome: Outcome
) -> None:
    finding = judge_practice(OFFLINE.but(practice=practice, booked_online=booked_online).walk(), case("H02-3"))
    assert finding.outcome is outcome, finding.observed


@pytest.mark.parametrize("requirement", JUDGES)
def test_a_profile_that_does_not_describe_it_is_not_the_platforms_failure(requirement: str) -> None:
    finding = JUDGES[requirement](OutcomeBuilder("H02.share").done(), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.UNSUPPORTED)
