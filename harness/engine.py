"""Runs a plan on one event loop: walks side by side as accounts and slots allow, one failing never harms another."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil

from harness.clock import Clock
from harness.daily import Days
from harness.errors import NotDone, NotYet, SubjectError, Unsupported
from harness.events import Event
from harness.exclusive import Exclusive
from harness.family import Family
from harness.judge import MOST_RETRIES, Case, again, judge_attempt, taken_up_by
from harness.ledger import Ledger
from harness.machine import slowest_rate, too_busy
from harness.model.observation import Context, Fault, OwnLoad, TakenUp, Wait, WalkFinished, WalkStarted, WalkStatus
from harness.model.requirement import Standard
from harness.plan import Plan, PlannedWalk, Selection
from harness.probe import Setting, WalkSpec
from harness.stages import MOST_LOOKS, another_day, put_off, ready_from, waits_of
from harness.view import WalkView
from harness.walk import Walk

if TYPE_CHECKING:
    from harness.platform.declarative import DeclarativePlatform
    from harness.platform.profile import Account, Lesson
    from harness.sharing import MachineWindows

log = logging.getLogger("xunjian")

TIMEOUT_FACTOR = 2.0
TIMEOUT_EXTRA_S = 180.0
"""A walk may take twice its plan and three minutes; a hanging platform must not hang the run."""
LOAD_EVERY_S = 10.0


class DayIsFull(Exception):
    """No account may study that long today, and one may on another day."""


class Pairs:
    """Accounts and lessons: an account is one walk's alone, a pair is used once (design.md section 7), and nobody
    studies longer in a day than is credited.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        lessons: Sequence[Lesson],
        rng: random.Random,
        *,
        days: Days | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._days = days or Days(None)
        self._now = now
        self._studying: dict[str, tuple[datetime, float]] = {}
        self._accounts = list(accounts)
        rng.shuffle(self._accounts)
        self._lessons = list(lessons)
        self._used: set[tuple[str, str]] = set()
        self._busy: set[str] = set()
        self._spent: set[str] = set()
        self._free = asyncio.Condition()

    def use(self, account: str, lesson: str) -> None:
        """Mark a pair as used by an earlier part of this run."""
        self._used.add((account, lesson))

    def spend(self, account: str) -> None:
        """No walk takes this account any more: it was closed, exempted, or holds hours that nobody learned."""
        self._spent.add(account)

    def untouched(self) -> list[int]:
        """How many lessons each account has not touched; -1 where it is spent."""
        used = Counter(account for account, _ in self._used)
        return [-1 if a.id in self._spent else len(self._lessons) - used[a.id] for a in self._accounts]

    async def take(self, spec: WalkSpec, seconds: float = 0.0) -> tuple[list[Account], list[Lesson]] | None:
        """Wait for what a walk of so many seconds needs; None when no free pair is left that could ever serve it.

        Raises DayIsFull when one could, but not today.
        """
        study_s = seconds if spec.lessons else 0.0
        async with self._free:
            while True:
                found = self._find(spec, study_s)
                if found is not None:
                    accounts, lessons = found
                    for one in accounts if study_s else ():
                        self._studying[one.id] = self._now(), study_s
                        self._days.add(one.id, *self._studying[one.id])
                    self._busy.update(a.id for a in accounts)
                    self._used.update((a.id, lesson.id) for a in accounts for lesson in lessons)
                    return found
                if not self._busy:
                    if study_s and self._find(spec, 0.0) is not None:
                        raise DayIsFull
                    return None
                await self._free.wait()

    async def give_back(self, accounts: Sequence[Account]) -> None:
        """The accounts are free for other walks again; their pairs stay used, and so much of their day as it took."""
        async with self._free:
            for one in accounts:
                if one.id in self._studying:
                    start, planned_s = self._studying.pop(one.id)
                    self._days.take_back(one.id, start, planned_s)
                    self._days.add(one.id, start, (self._now() - start).total_seconds())
            self._busy.difference_update(a.id for a in accounts)
            self._free.notify_all()

    def _find(self, spec: WalkSpec, study_s: float) -> tuple[list[Account], list[Lesson]] | None:
        if spec.accounts == 0:
            return [], []
        gone = self._busy | self._spent
        free = [a for a in self._accounts if a.id not in gone and a.newcomer == spec.newcomer]
        free = [a for a in free if not study_s or self._days.room(a.id, self._now(), study_s)]
        free.sort(key=lambda a: sum(1 for account, _ in self._used if account == a.id))
        ordered = sorted(self._lessons, key=lambda x: x.duration_s or 0.0, reverse=spec.lesson != "shortest")
        course = [x for x in self._lessons if x.test_course] if spec.lesson == "test_course" else []
        ordered, wanted = (course, len(course)) if course else (ordered, spec.lessons)
        chosen: list[Account] = []
        lessons: list[Lesson] = []
        for account in free:
            fresh = [x for x in ordered if (account.id, x.id) not in self._used]
            common = fresh if not lessons else [x for x in lessons if x in fresh]
            if len(common) < wanted:
                continue
            if not lessons:
                lessons = common[:wanted]
            chosen.append(account)
            if len(chosen) == spec.accounts:
                return chosen, lessons
        return None


@dataclass
class Engine:
    """One run's engine."""

    plan: Plan
    selection: Selection
    platform: DeclarativePlatform
    ledger: Ledger
    clock: Clock
    standard: Standard
    setting: Setting
    seed: int
    accounts: Sequence[Account]
    lessons: Sequence[Lesson]
    on_event: Callable[[Event], None] = lambda event: None
    earlier: Sequence[WalkView] = ()
    """Walks of the same run that a resumed run keeps."""
    machine: MachineWindows | None = None
    """Shared with other runs on this machine; None: this run has it to itself."""
    family: Family = field(default_factory=Family)
    """Whose memory is measured."""
    _attempts: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, list[WalkView]] = field(default_factory=dict)
    _exclusive: dict[str, Exclusive] = field(default_factory=dict)
    _running: dict[str, int] = field(default_factory=dict)
    _taken: set[tuple[str, int]] = field(default_factory=set)
    """Walks that take others up again, each with the attempt that it took up to its end."""
    _looks: dict[tuple[str, int], list[WalkView]] = field(default_factory=dict)
    """Those of the same that came too early."""
    _put_off: dict[str, int] = field(default_factory=dict)
    """Walks that are left to another day, with their attempt."""

    @property
    def peak_rss_mb(self) -> float:
        """Most memory that we and our browsers took at once, MB."""
        return self._own.peak_rss_mb

    @property
    def waits(self) -> tuple[Wait, ...]:
        """What a later stage takes up again; nothing when the run is over."""
        return tuple(
            Wait(
                walk=planned.spec.name,
                follows=view.name,
                attempt=view.attempt,
                not_before=self._ready_from(planned, view).isoformat(),
                awaits=planned.spec.awaits,
                whom=waits_of(view) if planned.spec.awaits == "approval" else (),
            )
            for planned, view in self._untaken()
        ) + tuple(
            Wait(walk=name, follows="", attempt=attempt, not_before=self._another_day().isoformat(), awaits="day")
            for name, attempt in self._put_off.items()
        )

    def _another_day(self) -> datetime:
        return another_day(self.clock.utc(), offset_s=self._offset_s)

    @property
    def _offset_s(self) -> float:
        return float(getattr(self.platform, "offset_s", 0.0))

    def _untaken(self) -> list[tuple[PlannedWalk, WalkView]]:
        """Walks that are done and wait to be taken up again, with what will do so."""
        return [
            (planned, view)
            for planned in self.plan.walks
            for view in self._seen.get(planned.spec.follows, ())
            if _done(view) and (planned.spec.name, view.attempt) not in self._taken
        ]

    def _ready_from(self, planned: PlannedWalk, view: WalkView) -> datetime:
        looks = self._looks.get((planned.spec.name, view.attempt), ())
        return ready_from(self.setting, planned.spec, view, looks, offset_s=self._offset_s)

    def _take_up(self, only: WalkView | None = None) -> None:
        """Start what takes up again what has settled, or need not be waited for; of one walk only, or of all."""
        for planned, view in self._untaken():
            if only in (None, view) and self._ready_from(planned, view) <= self.clock.utc():
                self._start(planned, view)

    async def run(self) -> None:
        """Make every planned walk, and those that must be repeated; what must settle first is in `waits` then."""
        days = Days(self.plan.day_s, offset_s=self._offset_s)
        days.keep(self.earlier)
        rng = random.Random(f"{self.seed}/accounts")
        self._pairs = Pairs(self.accounts, self.lessons, rng, days=days, now=self.clock.utc)
        self._slots = Slots(self.plan.slots)
        self._own = _Watch(self.ledger, self.family)
        self._active: set[Walk] = set()
        for view in self.earlier:
            self._keep(view)
        self._planned = {planned.spec.name: planned for planned in self.plan.walks}
        self._made = {name: asyncio.Event() for name in self._planned}
        for name in self._seen:
            self._made.setdefault(name, asyncio.Event()).set()
        todo = [w for w in self.plan.walks if not w.spec.follows and len(self._seen.get(w.spec.name, ())) < w.attempt]
        later = put_off(self.plan, todo, self._pairs.untouched())
        self._spend_later = {w.spec.name for w in todo if w.spec.spends and w.name in later}
        self.on_event(Event("planned", message=f"{self.plan.slots} windows", windows=self.plan.slots))
        load = asyncio.create_task(self._look_at_load())
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for planned in todo:
                    self._start(planned)
                for planned in self.plan.walks:  # what its last attempt asked for, before the run was cut off
                    if self._seen.get(planned.spec.name):
                        self._again_if_needed(planned)
                self._take_up()
        finally:
            load.cancel()

    async def _look_at_load(self) -> None:
        """Watch our own machine, and begin nothing more while it is too busy to play what runs in time."""
        held, before = False, ""
        async for _ in self._own.forever(self.clock):
            now = self.clock.mono_ns() / 1e9
            busy = too_busy(slowest_rate(walk.seen, now) for walk in self._active)
            hold = bool(busy and before)  # once may be chance
            if hold != held:
                self.on_event(Event("held", message=busy) if hold else Event("released"))
            held, before = hold, busy
            await self._slots.hold(hold)

    def _keep(self, view: WalkView) -> None:
        self._attempts[view.name] = max(self._attempts.get(view.name, 0), view.attempt)
        spending = {spec.name for _, spec in self.selection.walks if spec.spends}
        if view.plan is not None:
            for account in view.plan.accounts:
                if view.name in spending:
                    self._pairs.spend(account)
                for lesson in view.plan.lessons:
                    self._pairs.use(account, lesson)
        if view.finished is not None and view.plan is not None and view.plan.follows is not None:
            self._taken.add((view.name, view.plan.follows.attempt))
            self._look_again(view)
        if _done(view):
            self._seen.setdefault(view.name, []).append(view)

    def _look_again(self, view: WalkView) -> bool:
        """Did a walk come before what it waits for? Then it comes once more, in a later stage, but not for ever."""
        if not view.too_early or view.plan is None or view.plan.follows is None:
            return False
        taken = view.name, view.plan.follows.attempt
        looks = self._looks.setdefault(taken, [])
        looks.append(view)
        if len(looks) < MOST_LOOKS:
            self._taken.discard(taken)
        return True

    def _start(self, planned: PlannedWalk, follows: WalkView | None = None) -> None:
        """Begin another attempt, of what `follows` studied where it takes that up again."""
        attempt = self._attempts.get(planned.spec.name, 0) + 1
        self._attempts[planned.spec.name] = attempt
        self._running[planned.spec.name] = self._running.get(planned.spec.name, 0) + 1
        if follows is not None:
            self._taken.add((planned.spec.name, follows.attempt))
        self._group.create_task(self._attempt(planned, attempt, follows))

    async def _attempt(self, planned: PlannedWalk, attempt: int, follows: WalkView | None) -> None:
        spec = planned.spec
        self.on_event(Event("planned", spec.name, attempt, "", planned.seconds, spec.screens))
        for name in spec.after:
            if name in self._made and not self._made[name].is_set():
                self._waiting(planned, attempt, name)
                await self._made[name].wait()
        try:
            if self._waits_for_another_day(spec):
                raise DayIsFull
            view = await self._when_free(planned, attempt, follows)
        except DayIsFull:
            self._running[spec.name] -= 1
            self._put_off[spec.name] = min(attempt, self._put_off.get(spec.name, attempt))
            self.on_event(Event("finished", spec.name, attempt, "left to another day: the daily cap is reached"))
            return
        finally:
            self._made[spec.name].set()
        if view is None:
            return
        self._running[spec.name] -= 1
        if self._look_again(view):
            return
        self._seen.setdefault(spec.name, []).append(view)
        self._again_if_needed(planned, follows)
        self._take_up(view)
        for other in self._comparing(spec.name):
            self._again_if_needed(other)

    def _waits_for_another_day(self, spec: WalkSpec) -> bool:
        """What it comes after is made on another day, or others still need the accounts that it spends."""
        if spec.spends and (self._put_off or spec.name in self._spend_later):
            return True
        return any(name in self._put_off and not self._seen.get(name) for name in spec.after)

    async def _when_free(self, planned: PlannedWalk, attempt: int, follows: WalkView | None) -> WalkView | None:
        """Wait for what a walk needs, and make it; None when there is no fresh pair for it."""
        spec = planned.spec
        async with contextlib.AsyncExitStack() as held:
            wanted = [self._exclusive.setdefault(name, Exclusive()) for name in sorted(spec.exclusive)]
            for name, one in zip(sorted(spec.exclusive), wanted, strict=True):  # in one order: nobody waits in a circle
                self._waiting(planned, attempt, name)
                await held.enter_async_context(one.reserved())
            self._waiting(planned, attempt, "windows")
            place = self.plan.walks.index(planned)
            await self._slots.take(spec.screens, urgent=attempt > planned.attempt, place=place)
            held.push_async_callback(self._slots.give_back, spec.screens)
            if self.machine is not None:
                self._waiting(planned, attempt, "this machine's windows")
                await self.machine.take(spec.screens)
                held.callback(self.machine.give_back, spec.screens)
            self._waiting(planned, attempt, "account")
            pair = await self._pairs.take(spec, planned.seconds) if follows is None else self._pair_of(follows)
            if pair is None:
                self._note_unmade(planned, attempt)
                return None
            accounts, lessons = pair
            if follows is None:  # what another studied is only looked at: its learners may study on elsewhere
                held.push_async_callback(self._pairs.give_back, accounts)
            for account in accounts if spec.spends else ():
                self._pairs.spend(account.id)
            for one in wanted:
                await held.enter_async_context(one.used())
            made = await self._make(planned, attempt, accounts, lessons, follows)
        return await self._finish(made)  # what is left to look at holds no window

    def _pair_of(self, view: WalkView) -> tuple[list[Account], list[Lesson]] | None:
        """The learners and lessons of a walk that is taken up again; None where the run has them no more."""
        assert view.plan is not None  # it is done
        accounts, lessons = {a.id: a for a in self.accounts}, {x.id: x for x in self.lessons}
        if not (set(view.plan.accounts) <= accounts.keys() and set(view.plan.lessons) <= lessons.keys()):
            return None
        return [accounts[name] for name in view.plan.accounts], [lessons[name] for name in view.plan.lessons]

    def _waiting(self, planned: PlannedWalk, attempt: int, what_for: str) -> None:
        self.on_event(Event("waiting", planned.spec.name, attempt, what_for))

    def _again_if_needed(self, planned: PlannedWalk, follows: WalkView | None = None) -> None:
        """Start a walk once more when its judges ask for it and no attempt of it is under way.

        What takes up study again is made again where it could not look; else that is studied anew, to be looked at
        again in a later stage.
        """
        name = planned.spec.name
        if self._running.get(name) or not self._must_repeat(planned):
            return
        studied = self._planned.get(planned.spec.follows)
        if studied is not None and _done(self._seen[name][-1]):
            if self._running.get(studied.spec.name) or any(one.spec.name == name for one, _ in self._untaken()):
                return  # it was studied anew already, and that is looked at first
            planned, follows = studied, None
        self.on_event(Event("repeated", planned.spec.name, self._attempts[planned.spec.name] + 1))
        self._start(planned, follows)

    def _comparing(self, name: str) -> list[PlannedWalk]:
        """Walks that are done and whose judges waited for this one to compare with."""
        names = {walk for _, j in self.selection.judgements if name in j.beside for walk in j.walks}
        return [self._planned[other] for other in sorted(names & self._planned.keys() & self._seen.keys())]

    def _note_unmade(self, planned: PlannedWalk, attempt: int) -> None:
        context = Context(probe=planned.probe.id, walk=planned.spec.name, attempt=attempt)
        message = (
            f"no fresh account and lesson left for {planned.spec.name}; "
            f"got {len(self.accounts)} accounts and {len(self.lessons)} lessons"
        )
        self.ledger.append(Fault(whose="profile", type="NoFreshPair", message=message), context)
        self.on_event(Event("finished", planned.spec.name, attempt, message))

    async def _make(
        self,
        planned: PlannedWalk,
        attempt: int,
        accounts: Sequence[Account],
        lessons: Sequence[Lesson],
        follows: WalkView | None,
    ) -> _Made:
        spec = planned.spec
        walk = Walk(
            spec,
            attempt,
            probe_id=planned.probe.id,
            platform=self.platform,
            ledger=self.ledger,
            clock=self.clock,
            setting=self.setting,
            seed=self.seed,
            accounts=accounts,
            lessons=lessons,
            takes_up=follows,
            on_segment=lambda name: self.on_event(Event("segment", spec.name, attempt, name)),
            exclusive=self._exclusive,
        )
        start = walk.now()
        walk.note(
            WalkStarted(
                purpose=spec.purpose,
                planned_s=planned.seconds,
                accounts=tuple(a.id for a in accounts),
                lessons=tuple(x.id for x in lessons),
                follows=None if follows is None else TakenUp(walk=follows.name, attempt=follows.attempt),
            )
        )
        self.on_event(Event("started", spec.name, attempt, "", planned.seconds, spec.screens))
        status: WalkStatus = "done"
        message = ""
        self._active.add(walk)
        try:
            async with asyncio.timeout(planned.seconds * TIMEOUT_FACTOR + TIMEOUT_EXTRA_S) as walk.deadline:
                await planned.probe.observer(spec)(walk)
        except Unsupported as error:
            status, message = "unsupported", str(error)
        except SubjectError as error:
            status, message = "subject_error", str(error)
            walk.note(Fault(whose="subject", type=type(error).__name__, message=str(error)))
        except NotDone as error:
            status, message = "not_done", str(error)
        except NotYet as error:
            status, message = "not_yet", str(error)
        except TimeoutError:
            status, message = "subject_error", f"not finished after {walk.now() - start:.0f} s"
            walk.note(Fault(whose="subject", type="Timeout", message=message))
        except Exception as error:
            status, message = "harness_error", self._broke(walk, error)
        finally:
            self._active.discard(walk)
            await self._close(walk)
        return _Made(walk, status, message, walk.now() - start)

    async def _finish(self, made: _Made) -> WalkView:
        walk, status, message = made.walk, made.status, made.message
        try:
            await walk.settle()
        except Exception as error:
            status, message = "harness_error", self._broke(walk, error)
        cpu_s, rss_mb = walk.cost
        walk.note(
            WalkFinished(
                status=status, message=message, took_s=made.took_s, cpu_s=round(cpu_s, 2), peak_rss_mb=round(rss_mb, 1)
            )
        )
        self.on_event(Event("finished", walk.spec.name, walk.attempt, message or status, made.took_s))
        return WalkView(walk.spec.name, walk.attempt, tuple(walk.seen))

    def _broke(self, walk: Walk, error: Exception) -> str:
        """Write down a fault of ours, and say it in one line."""
        where = "".join(traceback.format_exception(error)[-3:])[-1500:]
        walk.note(Fault(whose="harness", type=type(error).__name__, message=str(error), where=_relative(where)))
        log.exception("walk %s attempt %s broke", walk.spec.name, walk.attempt)
        return f"{type(error).__name__}: {error}"

    async def _close(self, walk: Walk) -> None:
        try:
            await self.platform.measure()
            await walk.close()
        except Exception:
            log.exception("closing %s", walk.spec.name)

    def _must_repeat(self, planned: PlannedWalk) -> bool:
        seen = self._seen[planned.spec.name]
        if any(other.spec.follows == planned.spec.name for other in self.plan.walks):
            # Nobody judges it before its record has settled; but it must have been made.
            return not any(map(_done, seen)) and len(seen) <= MOST_RETRIES
        for probe, judgement in self.selection.of(planned.spec.name):
            requirement = self.standard.get(judgement.requirement)
            lessons = {x.id: x.duration_s for x in self.lessons if x.duration_s is not None}
            beside = tuple(v for name in judgement.beside for v in self._seen.get(name, ()))
            case = Case(requirement, self.standard, self.setting, lessons, (*beside, *taken_up_by(seen, self._seen)))
            findings = [judge_attempt(probe, judgement, v, case) for v in seen]
            if again(findings):
                return True
        return False


def _done(view: WalkView) -> bool:
    return view.finished is not None and view.finished.status == "done"


@dataclass(frozen=True, slots=True)
class _Made:
    """A walk whose windows are closed, and how it went."""

    walk: Walk
    status: WalkStatus
    message: str
    took_s: float


class Slots:
    """Browser windows side by side, never more than the machine can play in time.

    In the plan's order, whenever they ask: a walk that had to wait for the administrator comes before those that are
    planned after it, and one that needs two windows is not overtaken by those that need one. Only who is urgent goes
    first: a walk that is made again, because another attempt may yet follow it.
    """

    def __init__(self, slots: int) -> None:
        self._free = self._all = slots
        self._turns = 0
        self._waiting: set[tuple[bool, int, int]] = set()
        self._held = False
        self._changed = asyncio.Condition()

    async def hold(self, held: bool) -> None:
        """Give nothing out until released, but to the first when all are free: somebody must always go on."""
        if held != self._held:
            async with self._changed:
                self._held = held
                self._changed.notify_all()

    async def take(self, count: int, *, urgent: bool = False, place: int = 0) -> None:
        """Wait for that many windows (a walk that wants more than there are gets them all); `place` is its place in
        the plan."""
        need = min(count, self._all)
        async with self._changed:
            turn = (not urgent, place, self._turns)
            self._turns += 1
            self._waiting.add(turn)
            try:
                await self._changed.wait_for(lambda: turn == min(self._waiting) and self._there(need))
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()
            self._free -= need

    def _there(self, need: int) -> bool:
        return self._free >= need and (not self._held or self._free == self._all)

    async def give_back(self, count: int) -> None:
        """Return them."""
        async with self._changed:
            self._free += min(count, self._all)
            self._changed.notify_all()


def _relative(text: str) -> str:
    """A traceback without the paths of this machine."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return text.replace(root + os.sep, "").replace(os.path.expanduser("~"), "~")


class _Watch:
    """Our own load, so that our slowness is never blamed on the platform."""

    def __init__(self, ledger: Ledger, family: Family) -> None:
        self._ledger, self._family = ledger, family
        self.peak_rss_mb = 0.0

    async def forever(self, clock: Clock) -> AsyncIterator[None]:
        """Write our load down again and again, and give a turn each time."""
        psutil.cpu_percent()
        while True:
            await clock.sleep(LOAD_EVERY_S)
            rss = await asyncio.to_thread(self._family.memory_mb)
            self.peak_rss_mb = max(self.peak_rss_mb, rss)
            self._ledger.append(OwnLoad(cpu_percent=psutil.cpu_percent(), rss_mb=rss))
            yield
