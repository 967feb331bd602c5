"""Which learners and lessons a walk gets: fresh ones, that nobody else has and that may still study today."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from harness.daily import Days
from harness.probe import WalkSpec

if TYPE_CHECKING:
    from harness.platform.profile import Account, Lesson


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
        self._given: Counter[str] = Counter()
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
        touched = self._touched()
        return [-1 if a.id in self._spent else len(self._lessons) - touched[a.id] for a in self._accounts]

    def _touched(self) -> Counter[str]:
        return Counter(account for account, _ in self._used)

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
                    self._given.update(a.id for a in accounts)
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
        touched = self._touched()
        # A walk without a lesson of its own may study one that it makes, which counts in its learner's total.
        free.sort(key=lambda a: max(touched[a.id], self._given[a.id]))
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
