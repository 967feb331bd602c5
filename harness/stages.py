"""A run in stages: from when it can be taken up again, and the calendar of a plan. Pure.

What takes hours or a night is not waited for with windows open. The run is left, and taken up again as one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from harness.model.observation import Observation, RunFinished, RunResumed, StageEnded, Stimulus, Wait
from harness.model.run import Stage
from harness.plan import Plan, PlannedWalk
from harness.probe import Setting, WalkSpec
from harness.schedule import Job, Schedule, schedule
from harness.view import WalkView

BEIJING = timezone(timedelta(hours=8))
MARGIN_S = 60.0
"""The platform's clock and ours, and what starts on the minute: never scaled."""
MOST_LOOKS = 3
"""How often a run comes back for an approval that has not come, before it ends without it."""
LEFT_FOR_APPROVAL = "left_for_approval"
"""The stimulus that says of one applicant: taken, and left to be approved by people."""


def settled_from(setting: Setting, end: datetime, *, offset_s: float = 0.0) -> datetime:
    """From when the record of study that ended at `end` stands, UTC.

    `offset_s` is the platform's clock minus ours. Study that ends within a minute of the daily settlement is taken to
    have missed it. Scaled like every delay; a time of day is not.
    """
    delay = timedelta(seconds=(setting.policy_s("settling_delay_s") or 0.0) + MARGIN_S)
    told = setting.policy.get("settles_at")
    if told is None:
        return end.astimezone(UTC) + delay
    offset = timedelta(seconds=offset_s)
    there = (end + offset).astimezone(BEIJING)
    hour, minute = map(int, str(told).split(":"))
    at = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if at - there < timedelta(seconds=MARGIN_S):
        at += timedelta(days=1)
    return (at - offset).astimezone(UTC) + delay


def left_for_approval(view: WalkView) -> tuple[Stimulus, ...]:
    """The applicants of a walk that wait to be approved by people, oldest first."""
    return tuple(s for s in view.facts(Stimulus) if s.name == LEFT_FOR_APPROVAL)


def waits_of(view: WalkView) -> tuple[str, ...]:
    """Their user names."""
    return tuple(str(s.params["username"]) for s in left_for_approval(view))


def ready_from(
    setting: Setting, spec: WalkSpec, view: WalkView, looks: Sequence[WalkView] = (), *, offset_s: float = 0.0
) -> datetime:
    """From when `spec` can take up what `view` did, UTC; `looks` are those that came too early, oldest first.

    The staff have as long again after each look in vain. Where nobody is left to be approved there is nothing to wait
    for.
    """
    ended = _ended(looks[-1] if looks else view)
    if spec.awaits == "settling":
        return settled_from(setting, ended, offset_s=offset_s)
    return _approved_from(setting, ended) if waits_of(view) else ended


def _ended(view: WalkView) -> datetime:
    return datetime.fromisoformat(view.observations[-1].utc)


def _approved_from(setting: Setting, end: datetime) -> datetime:
    return end.astimezone(UTC) + timedelta(seconds=setting.approval_s)


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stretch of a run without a break: when, and what is made in it."""

    number: int
    start: datetime
    made: Schedule
    waits: tuple[Wait, ...] = ()
    """What the next stage waits for."""

    @property
    def open_s(self) -> float:
        """How long windows are open, seconds."""
        return self.made.span_s

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(seconds=self.open_s)


def calendar(
    plan: Plan, setting: Setting, begin: datetime, *, accounts: int | None = None, lessons: int | None = None
) -> tuple[PlannedStage, ...]:
    """When each stage of a plan is made at the earliest, if it begins at `begin`. Repetitions come on top.

    In one stage no account studies more than is credited in a day, and a stage that goes on because of that begins on
    a day that no other stage has touched.
    """
    found: list[PlannedStage] = []
    start, ended, left = begin.astimezone(UTC), dict[str, datetime](), None
    names, todo = {w.spec.name for w in plan.walks}, list(plan.walks)
    while True:
        here = [w for w in todo if w.spec.follows not in names or w.spec.follows in ended]
        jobs = replace(plan, walks=tuple(here)).jobs
        made = schedule(jobs, slots=plan.slots, accounts=accounts, lessons=lessons, day_s=plan.day_s, left=left)
        left = None if accounts is None else made.left
        end = start + timedelta(seconds=made.span_s)
        now = {p.job.name: start + timedelta(seconds=p.end) for p in made.placed}
        ended |= now
        late = _on_other_days(made.unplaced, plan, left)
        todo = [w for w in todo if w.name not in now and (w not in here or w.name in late)]
        waits = [
            Wait(
                walk=w.spec.name,
                follows=w.spec.follows,
                attempt=1,
                not_before=_planned_from(setting, w.spec, now[w.spec.follows]).isoformat(),
                awaits=w.spec.awaits,
            )
            for w in todo
            if w.spec.follows in now
        ]
        waits += [
            Wait(walk=w.spec.name, follows="", attempt=w.attempt, not_before=another_day(end).isoformat(), awaits="day")
            for w in todo
            if w in here
        ]
        made = replace(made, unplaced=tuple(job for job in made.unplaced if job.name not in late))
        found.append(PlannedStage(len(found) + 1, start, made, tuple(waits)))
        if not waits:
            return tuple(found)
        start = resumable_from(waits)


def put_off(plan: Plan, walks: Sequence[PlannedWalk], left: Sequence[int]) -> set[str]:
    """Which of these walks are left to another day, so that nobody studies more in one than is credited; `left` are
    the lessons that each account has not touched, -1 where it is spent.
    """
    if plan.day_s is None:
        return set()
    jobs = replace(plan, walks=tuple(walks)).jobs
    made = schedule(jobs, slots=plan.slots, day_s=plan.day_s, left=left)
    return _on_other_days(made.unplaced, plan, made.left)


def _on_other_days(jobs: Sequence[Job], plan: Plan, left: Sequence[int] | None) -> set[str]:
    """What is unplaced for lack of a day, and has its place on days that begin anew, with the lessons that are left."""
    found: set[str] = set()
    while jobs and plan.day_s is not None:
        made = schedule(jobs, slots=plan.slots, day_s=plan.day_s, left=left)
        if not made.placed:
            break
        found |= {p.job.name for p in made.placed}
        jobs, left = made.unplaced, made.left
    return found


def another_day(moment: datetime, *, offset_s: float = 0.0) -> datetime:
    """When the day in Beijing after that of a moment begins by the platform's clock, UTC, with a margin."""
    there = (moment + timedelta(seconds=offset_s)).astimezone(BEIJING)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - timedelta(seconds=offset_s)).astimezone(UTC) + timedelta(seconds=MARGIN_S)


def _planned_from(setting: Setting, spec: WalkSpec, end: datetime) -> datetime:
    return settled_from(setting, end) if spec.awaits == "settling" else _approved_from(setting, end)


def resumable_from(waits: Iterable[Wait]) -> datetime:
    """From when all that is waited for can be taken up, UTC."""
    return max(datetime.fromisoformat(w.not_before) for w in waits)


def beijing(moment: datetime) -> str:
    """A moment as people in China read it, to the minute and never too early."""
    return (moment + timedelta(seconds=59)).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def waiting(observations: Sequence[Observation]) -> StageEnded | None:
    """The stage that a run was left after, if it was not taken up again since."""
    for o in reversed(observations):
        if isinstance(o.data, StageEnded):
            return o.data
        if isinstance(o.data, RunResumed | RunFinished):
            return None
    return None


def stages_of(observations: Iterable[Observation]) -> tuple[Stage, ...]:
    """The stages of a run, oldest first; none of a run that was never left."""
    found: list[Stage] = []
    start = ""
    for o in observations:
        start = start or o.utc
        if isinstance(o.data, StageEnded):
            ended = o.data
            found.append(
                Stage(number=ended.number, started_utc=start, ended_utc=o.utc, wall_s=ended.wall_s, waits=ended.waits)
            )
            start = ""
        elif isinstance(o.data, RunFinished):
            if found:
                number = len(found) + 1
                found.append(Stage(number=number, started_utc=start, ended_utc=o.utc, wall_s=o.data.wall_s))
            break
    return tuple(found)
