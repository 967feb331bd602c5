"""Whole walks on a simulated platform: it keeps the rules and passes; an action without effect, or one broken rule,
and the pass is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.judge import Case, judge_attempt
from harness.ledger import Ledger
from harness.model.finding import Finding
from harness.model.observation import WalkFinished, WalkStarted
from harness.model.outcome import Outcome
from harness.model.values import Table
from harness.platform.base import ACTIONS
from harness.platform.profile import Account, Lesson
from harness.probe import ProbeSpec, WalkSpec, load_probes
from harness.settings import make_setting
from harness.view import WalkView
from harness.walk import Walk
from tests.probes.simulated import (
    BASE,
    LESSON_S,
    Course,
    LeapClock,
    Person,
    Refused,
    Simulation,
    Sitting,
    Window,
    account,
)
from tests.walkbuilder import STANDARD

pytestmark = pytest.mark.anyio
SIMULATED = (
    "F01.manage", "F01.catalogue", "F02.register", "F02.unverified", "F04.ask", "F05.honest", "F05.interrupted",
    "F05.others", "F05.voided",
)  # fmt: skip
LESSON = Lesson("11", "第一讲", LESSON_S, "1")
POLICY: dict[str, Any] = {"report_interval_s": 5.0, "class_hour_s": 1800.0}


def found(name: str) -> tuple[ProbeSpec, WalkSpec]:
    return next((p, w) for p in load_probes() for w in p.walks if w.name == name)


async def findings(
    tmp_path: Path,
    name: str,
    on: Simulation,
    lesson: Lesson = LESSON,
    policy: dict[str, Any] = POLICY,
    people: Sequence[Account] = (),
    scale: float = 1.0,
    seed: int = 7,
) -> dict[str, Finding]:
    """Make a walk on a simulation and judge it."""
    probe, spec = found(name)
    length = lesson.duration_s or LESSON_S
    setting = make_setting(policy, scale, STANDARD, (length,), (length,) if lesson.test_course else ())
    accounts = people or [account(f"learner{n + 1}") for n in range(spec.accounts)]
    lessons = [lesson] * spec.lessons
    ledger = Ledger(tmp_path / "run", on.clock)
    platform: Any = on
    walk = Walk(spec, 1, probe_id=probe.id, platform=platform, ledger=ledger, clock=on.clock, setting=setting,
                seed=seed, accounts=accounts, lessons=lessons)  # fmt: skip
    walk.note(WalkStarted(purpose="", planned_s=1, accounts=(), lessons=tuple(x.id for x in lessons)))
    status, message = "done", ""
    try:
        await probe.observer(spec)(walk)
    except Exception as error:
        if not on.without:
            raise
        status, message = "subject_error", str(error)
    walk.note(WalkFinished(status=status, message=message, took_s=1))  # type: ignore[arg-type]
    ledger.close()
    view = WalkView(name, 1, tuple(walk.seen))
    return {
        f"{judgement.requirement} {judgement.judge}": judge_attempt(
            owner, judgement, view, Case(STANDARD.get(judgement.requirement), STANDARD, setting, {lesson.id: length})
        )
        for owner in load_probes()
        for judgement in owner.judgements
        if name in judgement.walks
    }


@pytest.mark.parametrize("name", SIMULATED)
async def test_a_platform_that_keeps_the_rules_passes(tmp_path: Path, name: str) -> None:
    for requirement, finding in (await findings(tmp_path, name, Simulation(LeapClock()))).items():
        assert finding.outcome is Outcome.PASS, (requirement, finding.observed.en)
        assert finding.accepted, requirement
        assert finding.refused, requirement


def actions() -> Iterator[Any]:
    for name in SIMULATED:
        _, spec = found(name)
        optional = {"F01.manage": ("replace_media",)}.get(name, ())
        for action in sorted({*spec.needs, *optional} & ACTIONS):
            if action == "pause" and name != "F05.honest":
                continue  # ends a stretch; nothing is concluded from it
            yield pytest.param(name, action, id=f"{name}-{action}")


@pytest.mark.parametrize(("name", "action"), list(actions()))
async def test_an_action_without_effect_loses_a_pass(tmp_path: Path, name: str, action: str) -> None:
    on = Simulation(LeapClock(), frozenset({action}))
    outcomes = {requirement: f.outcome for requirement, f in (await findings(tmp_path, name, on)).items()}
    assert any(outcome is not Outcome.PASS for outcome in outcomes.values()), outcomes


class AnyNumber(Simulation):
    def valid_number(self, number: str) -> bool:
        return bool(number)


class WrongOnesLate(AnyNumber):
    """Its list is a moment behind, and who registered with a wrong number comes into it last."""

    looks, everybody_applied = 0, 14

    async def read_in(self, window: Window | None, reading: str, **filters: Any) -> Any:
        if reading == "learners":
            one = self.people.get(filters["learner"].username)
            self.looks += 1
            if (
                self.looks <= self.everybody_applied
                and one is not None
                and not Simulation.valid_number(self, one.number)
            ):
                return Table(columns=("username",), rows=())
        return await super().read_in(window, reading, **filters)


class Unverified(Simulation):
    def may_study(self, person: Person, course: Course) -> bool:
        return course.state == "published"


class Watched:
    """The learner sits before this camera all the time."""

    name, scene = "camera-1", SimpleNamespace(name="learner", person="p01")

    async def ready(self) -> None:
        pass


class FaceWindow(Window):
    camera = Watched()

    def _consent(self) -> None:
        pass

    def _enrol_face(self) -> None:
        assert isinstance(self.on, FaceFirst)
        self.on.people[self.account.username].portrait = True
        self.on.faced.append(self.account.username)


class FaceFirst(Simulation):
    """Opens no lesson before there is a photograph of who was entered without one."""

    window = FaceWindow

    def __init__(self, clock: LeapClock) -> None:
        super().__init__(clock)
        self.faced: list[str] = []

    def described(self, name: str) -> bool:
        return name in ("consent", "enrol_face") or super().described(name)

    def register(self, who: dict[str, Any]) -> None:
        super().register(who)
        self.people[who["username"]].portrait = "verified" not in who

    def may_study(self, person: Person, course: Course) -> bool:
        return person.portrait and super().may_study(person, course)


class ImportedIsVerified(FaceFirst):
    def register(self, who: dict[str, Any]) -> None:
        super().register(who)
        if "verified" in who:
            self.people[who["username"]].state = "active"


class Withdrawn(Simulation):
    def may_study(self, person: Person, course: Course) -> bool:
        return person.state == "active"


class Unreviewed(Simulation):
    def may_publish(self, course: Course) -> bool:
        return True


class Versionless(Simulation):
    def version_after(self, course: Course) -> int:
        return course.version


class Mute(Simulation):
    def thread(self, question: str) -> str:
        return question


class Open(Simulation):
    def records_of(self, asker: str, role: str, whom: str) -> list[Sitting]:
        return super().records_of(whom, role, whom)


class Vanishing(Simulation):
    def void(self, sitting: Sitting, reason: str) -> None:
        self.sittings.remove(sitting)


class Unmarked(Simulation):
    def void(self, sitting: Sitting, reason: str) -> None:
        sitting.seconds = 0.0


class Fast(Simulation):
    def earns(self, window: Window, seconds: float) -> float:
        return 2.5 * seconds


class Behind(Simulation):
    """Its catalogue is always one look behind."""

    kept: Table | None = None

    async def read_in(self, window: Window | None, reading: str, **filters: Any) -> Any:
        now = await super().read_in(window, reading, **filters)
        if reading != "courses":
            return now
        shown, self.kept = self.kept or Table(columns=now.columns, rows=now.rows[:1]), now
        return shown


class ListWindow(Window):
    def _open_lesson(self, lesson: Lesson) -> None:
        if self.on.courses[str(lesson.course)].state != "published":
            self.url = f"{BASE}/lists"
            raise Refused("no link")
        super()._open_lesson(lesson)
        self.url = f"{BASE}/lesson/{lesson.id}"

    async def goto(self, url: str) -> None:
        self.url = url
        assert self.lesson is not None
        super()._open_lesson(self.lesson)


class Listed(Simulation):
    """Lessons are found by lists, which a withdrawn course leaves; whether its address still works is `may_study`'s."""

    window = ListWindow


class ByAddress(Listed, Withdrawn):
    pass


@pytest.mark.parametrize("sound", [Behind, Listed])
async def test_unusual_courses_pass(tmp_path: Path, sound: type[Simulation]) -> None:
    for requirement, finding in (await findings(tmp_path, "F01.manage", sound(LeapClock()))).items():
        assert finding.outcome is Outcome.PASS, (requirement, finding.observed.en)


async def test_a_photograph_before_the_first_lesson_is_handed_in(tmp_path: Path) -> None:
    """By whom nobody verified, too, and only once."""
    platform = FaceFirst(LeapClock())
    finding = (await findings(tmp_path, "F02.unverified", platform))["F02-2 judge_unverified"]
    assert finding.outcome is Outcome.PASS, finding.observed.en
    assert len(platform.faced) == 1


async def test_a_course_that_can_be_studied_when_withdrawn_still_keeps_its_versions(tmp_path: Path) -> None:
    found = await findings(tmp_path, "F01.manage", Withdrawn(LeapClock()))
    assert found["F01-3 judge_version"].outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("broken", "name", "requirement"),
    [
        (AnyNumber, "F02.register", "F02-1 judge_registration"),
        (WrongOnesLate, "F02.register", "F02-1 judge_registration"),
        (Unverified, "F02.unverified", "F02-2 judge_unverified"),
        (ImportedIsVerified, "F02.unverified", "F02-2 judge_unverified"),
        (Withdrawn, "F01.manage", "F01-1 judge_management"),
        (ByAddress, "F01.manage", "F01-1 judge_management"),
        (Unreviewed, "F01.manage", "F01-2a judge_review_first"),
        (Versionless, "F01.manage", "F01-3 judge_version"),
        (Mute, "F04.ask", "F04-1 judge_two_way"),
        (Open, "F05.others", "F05-4 judge_others"),
        (Vanishing, "F05.voided", "F05-3 judge_voided"),
        (Unmarked, "F05.voided", "F05-3 judge_voided"),
        (Fast, "F05.honest", "F05-1 judge_record"),
        (Fast, "F05.honest", "X-06 judge_rows"),
        (Fast, "F05.interrupted", "F05-1 judge_interrupted"),
    ],
)
async def test_one_broken_rule_fails(tmp_path: Path, broken: type[Simulation], name: str, requirement: str) -> None:
    finding = (await findings(tmp_path, name, broken(LeapClock())))[requirement]
    assert finding.outcome is Outcome.FAIL, finding.observed.en
