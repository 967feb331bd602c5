"""Runs a plan on one event loop: walks side by side as accounts and slots allow, one failing never harms another."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from harness.attempt import Attempt
from harness.clock import Clock
from harness.daily import Days
from harness.door import Door
from harness.events import Event
from harness.exclusive import Exclusive
from harness.family import Family
from harness.judge import MOST_RETRIES, Case, again, judge_attempt, taken_up_by
from harness.lastlook import LastLook
from harness.ledger import Ledger
from harness.machine import Pace, slowest_rate, too_busy
from harness.model.observation import Context, Fault, Wait
from harness.model.requirement import Standard
from harness.ownload import LoadWatch
from harness.pairs import DayIsFull, Pairs
from harness.plan import Plan, PlannedWalk, Selection
from harness.probe import Setting, WalkSpec
from harness.slots import Slots
from harness.stages import MOST_LOOKS, another_day, put_off, ready_from, waits_of
from harness.view import WalkView
from harness.walk import Walk

if TYPE_CHECKING:
    from harness.platform.declarative import DeclarativePlatform
    from harness.platform.profile import Account, Lesson
    from harness.sharing import MachineWindows


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
    once: bool = False
    """Whether what fails is not tried once more, and stays undecided."""
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
            if view.done and (planned.spec.name, view.attempt) not in self._taken
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
        self._door = Door()
        self._own = LoadWatch(self.ledger, self.family)
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
            if not self.waits:  # else its last stage does
                await self._look_once_more()
        finally:
            load.cancel()

    async def _look_once_more(self) -> None:
        """Read again what was attacked, but for learners whose hours were entered by hand."""
        look = LastLook(
            self.platform, self.ledger, self.clock, self.setting.settle_s, accounts=self.accounts, lessons=self.lessons
        )
        await look.look([view for name, seen in self._seen.items() if name not in self._spending for view in seen])

    @property
    def _spending(self) -> set[str]:
        return {spec.name for _, spec in self.selection.walks if spec.spends}

    async def _look_at_load(self) -> None:
        """Watch our own machine, and begin nothing more while it is too busy to play what runs in time."""
        pace = Pace()
        async for _ in self._own.forever(self.clock):
            now = self.clock.mono_ns() / 1e9
            change = pace.look(too_busy(slowest_rate(walk.seen, now) for walk in self._active))
            if change == "held":
                await self._slots.hold(True)
                self.on_event(Event("held", message=pace.busy))
            elif change == "released":
                await self._slots.hold(False)
                self.on_event(Event("released", message=f"{self._slots.most} windows"))
            elif change == "kept up":
                await self._slots.widen()

    def _keep(self, view: WalkView) -> None:
        self._attempts[view.name] = max(self._attempts.get(view.name, 0), view.attempt)
        if view.plan is not None:
            for account in view.plan.accounts:
                if view.name in self._spending:
                    self._pairs.spend(account)
                for lesson in view.plan.lessons:
                    self._pairs.use(account, lesson)
        if view.finished is not None and view.plan is not None and view.plan.follows is not None:
            self._taken.add((view.name, view.plan.follows.attempt))
            self._look_again(view)
        if view.done:
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
        self._door.watch(view)
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
        """Wait for what a walk needs, and make it; None when there is no fresh pair for it, or nobody gets in."""
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
            if why := self._door.shut(walk.seen for walk in self._active):
                self._note_unmade(planned, attempt, Fault(whose="subject", type="NobodyGetsIn", message=why))
                return None
            self._waiting(planned, attempt, "account")
            pair = await self._pairs.take(spec, planned.seconds) if follows is None else self._pair_of(follows)
            if pair is None:
                self._note_unmade(planned, attempt, self._no_fresh_pair(spec))
                return None
            accounts, lessons = pair
            if follows is None:  # what another studied is only looked at: its learners may study on elsewhere
                held.push_async_callback(self._pairs.give_back, accounts)
            for account in accounts if spec.spends else ():
                self._pairs.spend(account.id)
            for one in wanted:
                await held.enter_async_context(one.used())
            made = Attempt(planned, self._walk(planned, attempt, accounts, lessons, follows), self.on_event)
            self._active.add(made.walk)
            try:
                await made.observe()
            finally:
                self._active.discard(made.walk)
                await made.close()
        return await made.finish()  # what is left to look at holds no window

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
        if studied is not None and self._seen[name][-1].done:
            if self._running.get(studied.spec.name) or any(one.spec.name == name for one, _ in self._untaken()):
                return  # it was studied anew already, and that is looked at first
            planned, follows = studied, None
        self.on_event(Event("repeated", planned.spec.name, self._attempts[planned.spec.name] + 1))
        self._start(planned, follows)

    def _comparing(self, name: str) -> list[PlannedWalk]:
        """Walks that are done and whose judges waited for this one to compare with."""
        names = {walk for _, j in self.selection.judgements if name in j.beside for walk in j.walks}
        return [self._planned[other] for other in sorted(names & self._planned.keys() & self._seen.keys())]

    def _note_unmade(self, planned: PlannedWalk, attempt: int, why: Fault) -> None:
        self.ledger.append(why, Context(probe=planned.probe.id, walk=planned.spec.name, attempt=attempt))
        self.on_event(Event("finished", planned.spec.name, attempt, why.message))

    def _no_fresh_pair(self, spec: WalkSpec) -> Fault:
        message = (
            f"no fresh account and lesson left for {spec.name}; "
            f"got {len(self.accounts)} accounts and {len(self.lessons)} lessons"
        )
        return Fault(whose="profile", type="NoFreshPair", message=message)

    def _walk(
        self,
        planned: PlannedWalk,
        attempt: int,
        accounts: Sequence[Account],
        lessons: Sequence[Lesson],
        follows: WalkView | None,
    ) -> Walk:
        name = planned.spec.name
        return Walk(
            planned.spec,
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
            on_segment=lambda segment: self.on_event(Event("segment", name, attempt, segment)),
            exclusive=self._exclusive,
        )

    def _must_repeat(self, planned: PlannedWalk) -> bool:
        seen = self._seen[planned.spec.name]
        if any(other.spec.follows == planned.spec.name for other in self.plan.walks):
            # Nobody judges it before its record has settled; but it must have been made.
            return not any(view.done for view in seen) and len(seen) <= MOST_RETRIES
        # Another walk's judge may compare with this one's verdict, which takes every FAIL twice.
        compared = any(planned.spec.name in j.beside for _, j in self.selection.judgements)
        for probe, judgement in self.selection.of(planned.spec.name):
            requirement = self.standard.get(judgement.requirement)
            lessons = {x.id: x.duration_s for x in self.lessons if x.duration_s is not None}
            beside = tuple(v for name in judgement.beside for v in self._seen.get(name, ()))
            case = Case(requirement, self.standard, self.setting, lessons, (*beside, *taken_up_by(seen, self._seen)))
            findings = [judge_attempt(probe, judgement, v, case) for v in seen]
            if again(findings, once=self.once and not compared):
                return True
        return False
