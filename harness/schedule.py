"""When what a run will do can be done: jobs with exclusive needs, laid out in time. Pure; all times in seconds.

A job needs browser windows, learners with lessons that they have not touched, and what only one may hold at a time
(the administrator); and it comes after others. Jobs begin in the order of what depends on them, the longest chain
first, each as soon as it has everything. One that lacks nothing but windows is not overtaken, as in the engine.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.errors import HarnessError


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done without interruption."""

    name: str
    seconds: float
    windows: int = 1
    accounts: int = 0
    lessons: int = 0
    """Untouched lessons that each of its accounts needs."""
    spends: bool = False
    """Whether nothing else can be done with its accounts afterwards."""
    exclusive: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    """Jobs that must have ended; names of jobs that are not there are passed over."""
    urgency: float = 1.0
    """Jobs that are likely to be made again begin as if they took so many times as long."""

    @property
    def study_s(self) -> float:
        """What each of its accounts studies, at most."""
        return self.seconds if self.lessons else 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A job with its time and its learners."""

    job: Job
    start: float
    accounts: tuple[int, ...]

    @property
    def end(self) -> float:
        """When it is over."""
        return self.start + self.job.seconds


@dataclass(frozen=True, slots=True)
class Schedule:
    """Jobs in the order in which they begin."""

    placed: tuple[Placed, ...]
    unplaced: tuple[Job, ...] = ()
    """Jobs for which the accounts and lessons do not suffice, or their day, and those that come after them."""
    left: tuple[int, ...] = ()
    """Lessons that each account has not touched at the end; -1: spent."""

    @property
    def span_s(self) -> float:
        """From the beginning to the end of the last."""
        return max((p.end for p in self.placed), default=0.0)

    @property
    def accounts(self) -> int:
        """Learners that are really used."""
        return len({a for p in self.placed for a in p.accounts})


@dataclass
class _State:
    slots: int
    lessons: int
    left: list[int]
    """Untouched lessons of each account; -1: spent."""
    day: list[float]
    """Seconds that each account may still study."""
    busy: set[int] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    def learners(self, job: Job) -> tuple[int, ...] | None:
        """The learners for a job, those with most lessons left; None when there are not enough free ones."""
        if not job.accounts:
            return ()
        free = [
            a
            for a, left in enumerate(self.left)
            if a not in self.busy and left >= job.lessons and self.day[a] >= job.study_s
        ]
        free.sort(key=lambda a: -self.left[a])
        return tuple(free[: job.accounts]) if len(free) >= job.accounts else None

    def may_spend(self, job: Job, waiting: Iterable[Job]) -> bool:
        """Whether others would still find their day without the accounts that a job spends. Where they would not, it
        waits for a day on which they are done: what is spent studies no more.
        """
        wanted = [j for j in waiting if not j.spends and self._possible(j)]
        rooms = sorted(day for day, left in zip(self.day, self.left, strict=True) if left >= 0)
        return sum(j.study_s * j.accounts for j in wanted) <= sum(rooms[: len(rooms) - job.accounts])

    def _possible(self, job: Job) -> bool:
        return sum(left >= job.lessons for left in self.left) >= job.accounts


def schedule(
    jobs: Iterable[Job],
    *,
    slots: int,
    accounts: int | None = None,
    lessons: int | None = None,
    day_s: float | None = None,
    left: Sequence[int] | None = None,
) -> Schedule:
    """Lay the jobs out. Without `accounts` or `lessons` there are enough of them.

    No account studies longer than `day_s`; what would make it do so stays unplaced. `left` are the lessons that each
    account has not touched, where an earlier schedule ended: it takes the place of `accounts` and `lessons`.
    A job that wants more windows than there are gets them all. Raises HarnessError for jobs that wait for one another.
    """
    every = list(jobs)
    waiting = in_order(every)
    names = {j.name for j in every}
    plenty = sum(j.lessons for j in every) + 1
    count = sum(j.accounts for j in every) if accounts is None else accounts
    untouched = [plenty if lessons is None else lessons] * count if left is None else list(left)
    state = _State(slots, plenty, untouched, [math.inf if day_s is None else day_s] * len(untouched))
    running: list[tuple[float, int, Placed]] = []
    placed: list[Placed] = []
    now = 0.0
    while waiting:
        for job in list(waiting):
            found = state.learners(job)
            if found is None or job.exclusive & state.held or (job.after & names) - state.done:
                continue
            if day_s is not None and job.spends and not state.may_spend(job, waiting):
                continue
            if min(job.windows, slots) > state.slots:
                break
            one = Placed(job, now, found)
            waiting.remove(job)
            placed.append(one)
            _begin(state, one, slots)
            heapq.heappush(running, (one.end, len(placed), one))
        if not running:
            return Schedule(tuple(placed), tuple(waiting), tuple(state.left))
        now = running[0][0]
        while running and running[0][0] <= now:
            _end(state, heapq.heappop(running)[2], slots)
    return Schedule(tuple(placed), left=tuple(state.left))


def in_order(jobs: Iterable[Job]) -> list[Job]:
    """Jobs in the order in which they begin where everything is there: the longest chain first.

    What only one may hold at a time makes a chain too: the jobs that wait for it come one after another.
    """
    every = list(jobs)
    tails = _tails(every)
    weight = {j.name: tails[j.name] * j.urgency for j in every}
    for name in {name for j in every for name in j.exclusive}:
        rest = 0.0
        for job in sorted((j for j in every if name in j.exclusive), key=lambda j: (tails[j.name], j.name)):
            rest += job.seconds
            weight[job.name] = max(weight[job.name], rest)
    return sorted(every, key=lambda j: (-weight[j.name], j.name))


def _begin(state: _State, one: Placed, slots: int) -> None:
    state.slots -= min(one.job.windows, slots)
    state.held |= one.job.exclusive
    state.busy |= set(one.accounts)
    for account in one.accounts:
        state.day[account] -= one.job.study_s
        state.left[account] = -1 if one.job.spends else state.left[account] - one.job.lessons


def _end(state: _State, one: Placed, slots: int) -> None:
    state.slots += min(one.job.windows, slots)
    state.held -= one.job.exclusive
    state.busy -= set(one.accounts)
    state.done.add(one.job.name)


def _tails(jobs: Sequence[Job]) -> dict[str, float]:
    """For each job, the longest chain that begins with it."""
    by_name = {j.name: j for j in jobs}
    followers: dict[str, list[str]] = {j.name: [] for j in jobs}
    for job in jobs:
        for earlier in job.after & by_name.keys():
            followers[earlier].append(job.name)
    tails: dict[str, float] = {}
    path: set[str] = set()

    def tail(name: str) -> float:
        if name in path:
            raise HarnessError("walks wait for one another", got=", ".join(sorted(path)))
        if name not in tails:
            path.add(name)
            tails[name] = by_name[name].seconds + max((tail(f) for f in followers[name]), default=0.0)
            path.remove(name)
        return tails[name]

    return {name: tail(name) for name in by_name}


def critical_path(jobs: Iterable[Job]) -> float:
    """The longest chain of jobs that come after one another."""
    return max(_tails(list(jobs)).values(), default=0.0)


def busiest(jobs: Iterable[Job]) -> float:
    """How long the busiest exclusive resource is held, by one job after another."""
    held: dict[str, float] = {}
    for job in jobs:
        for name in job.exclusive:
            held[name] = held.get(name, 0.0) + job.seconds
    return max(held.values(), default=0.0)


def bound(jobs: Iterable[Job], slots: int) -> float:
    """What no schedule can beat: longest chain, busiest exclusive resource, all window seconds over the slots."""
    every = list(jobs)
    work = sum(j.seconds * min(j.windows, slots) for j in every)
    return max(critical_path(every), busiest(every), work / slots)


def by_accounts(
    jobs: Iterable[Job], *, slots: int, lessons: int | None, most: int, day_s: float | None = None
) -> Mapping[int, Schedule]:
    """A schedule for each number of accounts up to `most`, or up to the number beyond which nothing gets shorter."""
    every = list(jobs)
    found: dict[int, Schedule] = {}
    best = schedule(every, slots=slots, lessons=lessons, day_s=day_s)
    for count in range(max((j.accounts for j in every), default=0), most + 1):
        found[count] = schedule(every, slots=slots, accounts=count, lessons=lessons, day_s=day_s)
        if not found[count].unplaced and found[count].span_s <= best.span_s:
            break
    return found


def fewest_accounts(jobs: Iterable[Job], *, slots: int, lessons: int | None = None, day_s: float | None = None) -> int:
    """The fewest accounts that make everything as early as any number of accounts does."""
    every = list(jobs)
    found = by_accounts(every, slots=slots, lessons=lessons, most=sum(j.accounts for j in every), day_s=day_s)
    return max(found, default=0)
