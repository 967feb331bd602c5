"""What a probe consists of: walks that observe, and judgements that read them. Data only; code is found by name.

A probe's package holds `SPEC` (this data) in __init__.py, its walks as coroutines in observe.py and its judges as
pure functions in judge.py, the two places where they are looked up; either may bring them in from further files, one
idea each. Neither module is imported before it is needed: judging again needs no browser.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from harness.model.observation import Awaited

if TYPE_CHECKING:
    from harness.judge import JudgeFunction

PACKAGES = (
    "f01_course_management",
    "f02_real_name_registration",
    "f03_remote_teaching",
    "f04_interaction",
    "f05_learning_record",
    "f06_hours_certificate",
    "f07_archive_management",
    "f08_query_statistics",
    "f09_portrait_capture",
    "f10_face_recognition",
    "f11_fast_forward_blocking",
    "f12_multi_login_prevention",
    "f13_idle_lock",
    "h01_hour_accounting",
    "h02_offline_share",
    "op_operator",
    "d_defeat_devices",
)
"""Packages below probes/, in the order of the report."""


LONGEST_WAIT_S = 15 * 60.0
"""A declared settling delay of up to so long is waited for around every stretch; a longer one is left to a later stage
of the run, as four stretches of a walk would wait for hours. Unscaled: a rehearsal has the same stages."""
APPROVAL_S = 24 * 3600.0
"""How long an institution's staff take to approve a registration, where the profile does not say; ours."""
PAUSE_REPORT_S = 5.0
"""Until a report that was sent on a pause shows in the record."""


ASSESSOR = "assessor"
"""What walks with a living person hold: one camera, one person who leads, one scene at a time."""
CHANGE_S = 45.0
"""Planned for each time that somebody else, or something else, is to be before a real camera; our own estimate, never
scaled."""

CHECK_S, CHECK_EVERY_S = 6.0, 600.0
"""What a face check takes of a walk, and how often one is likely; the first is a person's time, never scaled."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What durations may depend on: the declared policy in seconds, unscaled, and the time scale."""

    policy: Mapping[str, Any]
    scale: float = 1.0
    caps: Mapping[str, float] = field(default_factory=dict)
    """Limits of the standard that a walk must outlast, seconds, unscaled (idle_cap_s)."""
    shortest_lesson_s: float | None = None
    """Length of the shortest lesson as it plays, that is scaled."""

    def span(self, seconds: float, floor_s: float = 8.0) -> float:
        """A duration of real life in this run: scaled, but never so short that polling blurs it."""
        return max(seconds / self.scale, min(floor_s, seconds))

    camera: bool = False
    """Learners sit before a camera, and are asked for their face now and then."""

    presence: Literal["rendered", "human", "phone"] = "rendered"
    """Who is before it: rendered persons, or living ones whom an assessor leads, at a camera or with a telephone."""
    present_in: Literal["all", "faces"] = "all"
    """In which walks living persons take part."""
    mobile: str = ""
    """What the profile says of study in a phone's browser: tested, not_tested or not_offered; empty: nothing."""

    @property
    def living(self) -> bool:
        """Is it a living person who is before it? Its frames carry no mark then."""
        return self.presence != "rendered"

    def calls_person(self, spec: WalkSpec) -> bool:
        """Must somebody be present in a walk?"""
        if not self.living or not self.camera:
            return False
        return spec.camera or (self.present_in == "all" and (spec.accounts > 0 or "open_lesson" in spec.needs))

    def planned_s(self, seconds: float) -> float:
        """A walk's length with the face checks that will come in between."""
        if not self.camera:
            return seconds
        return seconds + CHECK_S * (1 + seconds / max(CHECK_EVERY_S / self.scale, CHECK_S))

    test_course_s: float | None = None
    """Length of the test course's lessons as they play, together; None where the profile names no test course."""

    @property
    def report_s(self) -> float:
        """Seconds between two reports of the player, in this run's seconds; 10 s where nothing is declared."""
        return float(self.policy.get("report_interval_s") or 10.0) / self.scale

    @property
    def lag_s(self) -> float:
        """How far the record of a paused player may lag behind, in this run's seconds: one report, or a few seconds
        where the player reports at once on a pause; 10 s where nothing is declared."""
        at_once = PAUSE_REPORT_S / self.scale
        return min(self.report_s, at_once) if self.policy.get("reports_on_pause") else self.report_s

    @property
    def state_every_s(self) -> float:
        """How often it is looked at what a learner's page shows."""
        return 3.0 if self.scale == 1 else 1.0

    @property
    def settles_later(self) -> bool:
        """The record is settled so late (at night, after hours) that it is read in a later stage of the run."""
        return (
            self.policy.get("settles_at") is not None
            or float(self.policy.get("settling_delay_s") or 0.0) > LONGEST_WAIT_S
        )

    @property
    def approved_by_hand(self) -> bool:
        """Newly registered learners are let in by the institution's staff, hours or days later."""
        return self.policy.get("approval") == "by_hand"

    @property
    def approval_s(self) -> float:
        """How long that takes. Real seconds: people are never scaled."""
        return float(self.policy.get("approval_delay_s") or APPROVAL_S)

    @property
    def day_s(self) -> float | None:
        """What one account is credited in one day at most, seconds; None where no cap is declared. A day is never
        scaled, so that a rehearsal has none."""
        return self.policy_s("daily_cap_s") if self.scale == 1 else None

    @property
    def settle_s(self) -> float:
        """How long the record must stand still before it counts as settled; what settles later is not waited for."""
        delay = 0.0 if self.settles_later else self.policy_s("settling_delay_s") or 0.0
        return max(delay, 1.2 * self.lag_s, 2.0)

    @property
    def reading_s(self) -> float:
        """What a stretch takes besides its own length: until the record stands still, and the clicks around it."""
        return self.settle_s + 2.0

    @property
    def opening_s(self) -> float:
        """Logging in, opening the lesson, and the first reading of the record."""
        return 6.0 + self.reading_s

    def control_s(self) -> float:
        """Length of an honest control: half a minute, or twice the record's lag, whichever is longer."""
        return self.span(max(30.0, 2 * self.lag_s * self.scale))

    def policy_s(self, name: str) -> float | None:
        """A declared duration in this run's seconds (scaled); None when the profile declares none."""
        value = self.policy.get(name)
        return None if value is None else float(value) / self.scale


def purpose(zh: str, en: str) -> str:
    """What a walk does, for a reader who wants to see it again by hand."""
    return f"{zh} {en}"


@dataclass(frozen=True, slots=True)
class WalkSpec:
    """One walk: who is needed, for how long, and what it feeds."""

    name: str
    """`F11.seek`: the probe's id and the name of the coroutine in observe.py."""
    purpose: str
    seconds: Callable[[Setting], float]
    """Planned length in this run's seconds, however the platform behaves."""
    sooner: Callable[[Setting], float] | None = None
    """The same where the platform stops what is tried, as it should: less has to be waited for. None: as long."""
    accounts: int = 1
    """Learners; 0 for a walk of those who run the platform."""
    lessons: int = 1
    """Lessons that each of its learners has not touched yet; 0 for a walk that studies none."""
    screens: int = 1
    """Browser windows at the same time."""
    camera: bool = False
    """It is about faces or portraits, so somebody must be before a camera."""
    scenes: int = 2
    """How often what is before the camera changes; planned for where a person has to do it."""
    newcomer: bool = False
    """Its learners have neither consented nor enrolled yet."""
    exclusive: tuple[str, ...] = ()
    """What only one walk of a run may hold at a time, by name: `admin`, where a second one throws out the first."""
    spends: bool = False
    """Its accounts are of no use to any other walk afterwards: closed, exempted, or with hours entered by hand."""
    needs: tuple[str, ...] = ("log_in", "open_lesson", "play", "credited_time")
    """Actions and readings without which it cannot be done."""
    attack: bool = True
    """False: ordinary use, allowed with --observe."""
    lesson: str = "longest"
    """Which lesson it wants: longest or shortest; `test_course`: all lessons of the test course, else the longest."""
    applies: Callable[[Setting], bool] = lambda setting: True
    """Whether this subject gives the walk anything to do; one that doesn't apply is neither made nor missed."""
    after: tuple[str, ...] = ()
    """Walks that must have been made before, by name: what they leave behind is needed. Only those planned are waited
    for."""
    follows: str = ""
    """The walk that it takes up again in a later stage of the run, once what it `awaits` has come: it has that walk's
    learners and lessons, and no others."""
    awaits: Awaited = "settling"
    """What must have come first: the record's settling, or the approval of who registered. Where nobody is left to be
    approved it is made at once."""
    confirmed: bool = False
    """A FAIL of this walk is always made again, so it starts early."""
    expects_fail: Callable[[Setting], bool] = lambda setting: False
    """When a FAIL is likely, its repetition starts side by side instead of after it (design.md section 4)."""

    @property
    def function(self) -> str:
        """Name of the coroutine in observe.py."""
        return self.name.split(".", 1)[1]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Which judge reads which walks for a requirement."""

    requirement: str
    """Short id, F11-1."""
    walks: tuple[str, ...]
    judge: str
    """Name of the function in judge.py."""
    beside: tuple[str, ...] = ()
    """Walks that the judge compares with; it finds them in `Case.beside`."""
    needs: tuple[str, ...] = ()
    """Readings without which it can tell nothing: a walk that would feed only such judges is not made."""
    instead: tuple[str, ...] = ()
    """Walks that are read in place of `walks` on the subjects that they apply to."""

    def on(self, walks: Collection[str]) -> Judgement:
        """The same on some of its walks only; it may have none left."""
        return replace(
            self,
            walks=tuple(w for w in self.walks if w in walks),
            instead=tuple(w for w in self.instead if w in walks),
        )

    def reads(self, idle: Collection[str]) -> Judgement:
        """What it reads on a subject to which the walks named `idle` don't apply."""
        walks = [name for name in self.instead if name not in idle] or [w for w in self.walks if w not in idle]
        return replace(self, walks=tuple(walks), instead=())


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """A probe."""

    id: str
    package: str
    walks: tuple[WalkSpec, ...]
    judgements: tuple[Judgement, ...]

    def judge(self, name: str) -> JudgeFunction:
        """The judge of that name."""
        found: JudgeFunction = getattr(importlib.import_module(f"probes.{self.package}.judge"), name)
        return found

    def observer(self, walk: WalkSpec) -> Callable[..., Any]:
        """The coroutine function that does a walk."""
        found: Callable[..., Any] = getattr(importlib.import_module(f"probes.{self.package}.observe"), walk.function)
        return found


def load_probes() -> tuple[ProbeSpec, ...]:
    """Every probe there is."""
    return tuple(importlib.import_module(f"probes.{name}").SPEC for name in PACKAGES if _there(name))


def _there(package: str) -> bool:
    """Whether the probe is written; its requirements are NOT_RUN until it is."""
    return importlib.util.find_spec(f"probes.{package}") is not None
