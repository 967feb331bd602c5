"""Whole walks of certificates, files, statistics, classrooms and tools on the simulated platform's office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.model.finding import Finding
from harness.model.outcome import Outcome, Reason
from harness.platform.profile import Lesson
from tests.probes.office import OFFLINE_MIN, OTHER, OUTLINE, OWN, Office, OfficeWindow
from tests.probes.simulated import LESSON_S, LeapClock, Refused, Sitting, Window, account
from tests.probes.test_simulated import findings as walked
from tests.probes.test_simulated import found

pytestmark = pytest.mark.anyio
WALKS = ("H01.hour", "F06.early", "F07.file", "H02.share", "OP.tools")
COURSE = Lesson("11", "第一课", LESSON_S, "1", test_course=True)
POLICY = {"report_interval_s": 5.0, "class_hour_s": 1800.0, "capture_interval_s": 600.0, "daily_cap_s": 8 * 3600.0}
EXCEPTIONS = {"H01-4 judge_cap": Outcome.REVIEW}
"""A day's cap is not reached in half an hour: an assessor is asked."""


async def findings(tmp_path: Path, name: str, on: Office) -> dict[str, Finding]:
    return await walked(tmp_path, name, on, COURSE, POLICY)


@pytest.mark.parametrize("name", WALKS)
async def test_an_office_that_keeps_the_rules_passes(tmp_path: Path, name: str) -> None:
    for requirement, finding in (await findings(tmp_path, name, Office(LeapClock()))).items():
        if requirement.startswith(("F09", "F10")):  # nobody sits before a camera in an office
            assert finding.reason is Reason.UNSUPPORTED, requirement
            continue
        assert finding.outcome is EXCEPTIONS.get(requirement, Outcome.PASS), (requirement, finding.observed.en)
        if finding.outcome is Outcome.PASS:
            assert finding.accepted, requirement
            assert finding.refused, requirement


LOST = {
    "H01.hour": {
        "request_certificate": "F06-1 judge_certificate",
        "verify_certificate": "F06-2a judge_check",
        "verify_certificate_file": "F06-2a judge_check",
        "export_archive": "F07-1 judge_file",
        "verify_archive": "F07-13 judge_verifiable",
        "void_record": "F06-1 judge_certificate",
        "play": "H01-1 judge_hour",
    },
    "F06.early": {"play": "F06-3 judge_not_beyond"},
    "F07.file": {
        "enrol": "F07-11 judge_periods",
        "export_archive": "F07-2 judge_closed",
    },
    "H02.share": {
        "import_attendance": "H02-1 judge_share",
        "add_hours": "H02-2 judge_online_only",
        "book_practice": "H02-3 judge_practice",
    },
    "OP.tools": {
        action: "OP-1 judge_marks"
        for action in ("exempt_face", "replace_portrait", "upload_portrait", "add_hours", "import_hours",
                       "complete_in_batch", "import_attendance", "backdate_period")
    },
}  # fmt: skip
"""A requirement whose pass is lost when an action of a walk has no effect."""


def actions() -> Iterator[Any]:
    for name, lost in LOST.items():
        for action, requirement in lost.items():
            yield pytest.param(name, action, requirement, id=f"{name}-{action}")


@pytest.mark.parametrize(("name", "action", "requirement"), list(actions()))
async def test_an_action_without_effect_loses_the_pass(
    tmp_path: Path, name: str, action: str, requirement: str
) -> None:
    seen = await findings(tmp_path, name, Office(LeapClock(), frozenset({action})))
    assert seen[requirement].outcome is not Outcome.PASS


class Generous(Office):
    def certified_hours(self, who: str) -> float:
        return super().certified_hours(who) + 1


class Early(Office):
    def may_certify(self, who: str) -> bool:
        return True

    def certified_hours(self, who: str) -> float:
        return max(1.0, super().certified_hours(who))


class Stubborn(Office):
    def revoke(self, who: str) -> None:
        pass


class Padded(Office):
    def archive_hours(self, who: str) -> float:
        return self.hours(who) + 1


class Credulous(Office):
    def verified(self, data: bytes) -> bool:
        return True


class Traceless(Office):
    def enter(self, action: str) -> None:
        pass


class Forgetful(Office):
    def counted(self, sitting: Sitting) -> bool:
        return sitting.username not in self.closed


class Discarding(Office):
    def kept(self, who: str) -> bool:
        return False


class Mixed(Office):
    def records_in(self, who: str, period: str) -> int:
        return sum(s.username == who for s in self.sittings)


class Whole(Office):
    def offline_hours(self, minutes: float) -> float:
        return -(-minutes // OFFLINE_MIN)


class OnlineAlone(Office):
    def complete(self, online: float, offline: float) -> bool:
        return online + offline >= OUTLINE


class Held(Office):
    def complete(self, online: float, offline: float) -> bool:
        return offline > 0 and offline >= 0.3 * (online + offline)


class Streamed(Office):
    def may_book(self, mode: str) -> bool:
        return True


class Watched(Office):
    def practice_by_screen(self, who: str) -> float:
        return self.hours(who)


class Silent(Office):
    silent = ""

    def mark(self, kind: str) -> str:
        return "" if kind == self.silent else kind


def silent(kind: str) -> type[Office]:
    return type(f"Silent_{kind}", (Silent,), {"silent": kind})


@pytest.mark.parametrize(
    ("broken", "name", "requirement"),
    [
        (Generous, "H01.hour", "F06-1 judge_certificate"),
        (Generous, "H01.hour", "F06-3 judge_not_beyond"),
        (Generous, "H01.hour", "X-01 judge_record_certificate"),
        (Generous, "H01.hour", "X-09 judge_certificate_covered"),
        (Early, "F06.early", "F06-3 judge_not_beyond"),
        (Stubborn, "H01.hour", "F06-1 judge_certificate"),
        (Padded, "H01.hour", "X-02 judge_record_archive"),
        (Padded, "H01.hour", "X-10 judge_archive_covered"),
        (Credulous, "H01.hour", "F07-13 judge_verifiable"),
        (Traceless, "H01.hour", "F07-13v judge_trace"),
        (Forgetful, "F07.file", "F08-2 judge_closed_totals"),
        (Discarding, "F07.file", "F07-2 judge_closed"),
        (Mixed, "F07.file", "F07-11 judge_periods"),
        (Whole, "H02.share", "H01-2 judge_offline_hour"),
        (OnlineAlone, "H02.share", "H02-2 judge_online_only"),
        (Held, "H02.share", "H02-1 judge_share"),
        (Streamed, "H02.share", "H02-3 judge_practice"),
        (Watched, "H01.hour", "H02-3 judge_study_is_no_practice"),
        *((silent(kind), "OP.tools", "OP-1 judge_marks")
          for kind in ("补录", "导入", "批量", "豁免", "换照", "上传", "倒签", "手工")),
    ],
)  # fmt: skip
async def test_one_broken_rule_fails(tmp_path: Path, broken: type[Office], name: str, requirement: str) -> None:
    finding = (await findings(tmp_path, name, broken(LeapClock())))[requirement]
    assert finding.outcome is Outcome.FAIL, finding.observed.en


async def test_without_a_test_course_the_hour_is_measured_and_the_rest_is_not_described(tmp_path: Path) -> None:
    seen = await walked(tmp_path, "H01.hour", Office(LeapClock()), Lesson("11", "第一课", LESSON_S, "1"), POLICY)
    assert seen["H01-1 judge_hour"].outcome is Outcome.PASS
    assert seen["F06-1 judge_certificate"].reason is Reason.UNSUPPORTED


def test_every_walk_here_is_one_of_ours() -> None:
    assert [found(name)[1].name for name in WALKS] == list(WALKS)


class OnePlaceAtATime(Office):
    """Takes no stay that overlaps with another one: nobody is in two classrooms."""

    async def session(self, role: str, who: Any = None, **look: Any) -> Window:
        window = Doorkeeper(self, role, who or account(role, role))
        self.windows.append(window)
        return window


class Doorkeeper(OfficeWindow):
    stays: tuple[tuple[str, str], ...] = ()

    def _import_attendance(self, file: Any) -> None:
        rows = [row.split(",")[3:5] for row in file.data.decode().splitlines()[1:]]
        if any(start < other_end and other_start < end for start, end in rows for other_start, other_end in self.stays):
            raise Refused("somebody is there already")
        self.stays += tuple((start, end) for start, end in rows)
        super()._import_attendance(file)


@pytest.mark.parametrize("seed", range(40))
async def test_attendance_is_that_of_one_person(tmp_path: Path, seed: int) -> None:
    found = await walked(tmp_path, "H02.share", OnePlaceAtATime(LeapClock()), COURSE, POLICY, seed=seed)
    assert {f.outcome for f in found.values()} == {Outcome.PASS}


class TwoClasses(Office):
    """Its learner is in two classes, each with a file of its own; the course is that of the second."""

    def __init__(self, clock: LeapClock) -> None:
        super().__init__(clock)
        self.periods["learner1"] = [OTHER, OWN]

    def records_in(self, who: str, period: str) -> int:
        return sum(s.username == who for s in self.sittings) if period == OWN else 0

    def _archive_hours(self, who: str, **filters: Any) -> list[dict[str, str]]:
        found = super()._archive_hours(who, **filters)
        return found if filters.get("period") == OWN else [row | {"hours": "0", "credited": "0"} for row in found]

    def _completion(self, who: str, **filters: Any) -> list[dict[str, str]]:
        (whole,) = super()._completion(who, **filters)
        if len(self.periods[who]) < 2 or filters.get("period") == OWN:
            return [whole]
        return [] if filters.get("period") == OTHER else [dict.fromkeys(whole, "0"), whole]

    def _statistics(self, who: str, **filters: Any) -> list[dict[str, str]]:
        return [] if filters.get("period") == OTHER else super()._statistics(who, **{**filters, "period": None})

    async def session(self, role: str, who: Any = None, **look: Any) -> Window:
        window = ByClass(self, role, who or account(role, role))
        self.windows.append(window)
        return window


class ByClass(OfficeWindow):
    def _export_archive(self, learner: Any, course: str, period: str) -> Any:
        if period != OWN:
            raise Refused("nothing was studied in this class")
        return super()._export_archive(learner, course, period)


@pytest.mark.parametrize("name", ["H01.hour", "F07.file", "H02.share"])
async def test_of_two_files_that_of_the_course_is_opened(tmp_path: Path, name: str) -> None:
    for requirement, finding in (await findings(tmp_path, name, TwoClasses(LeapClock()))).items():
        if not requirement.startswith(("F09", "F10", "H01-4")):
            assert finding.outcome is Outcome.PASS, (requirement, finding.observed.en)
