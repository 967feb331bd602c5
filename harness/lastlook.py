"""The record of what was attacked, read once more when every walk is over: some platforms pay late, some take back."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from harness.clock import Clock
from harness.errors import SubjectError
from harness.ledger import Ledger
from harness.model.observation import Context, CreditRead, Fault
from harness.reader import about
from harness.view import END_OF_RUN, WalkView

if TYPE_CHECKING:
    from harness.platform.declarative import DeclarativePlatform
    from harness.platform.profile import Account, Lesson

log = logging.getLogger("xunjian")

MOST_FAILED = 3
"""After so many failed readings in a row nothing more is read: a platform that is gone must not hold the run."""


@dataclass(frozen=True)
class LastLook:
    """Reads in the reader's session, and writes down what it read as part of the walk in question."""

    platform: DeclarativePlatform
    ledger: Ledger
    clock: Clock
    settle_s: float
    """How long a record must have been left alone."""
    accounts: Sequence[Account]
    lessons: Sequence[Lesson]

    async def look(self, views: Sequence[WalkView]) -> None:
        """Read what the attacked among these walks studied, but for what was read again before the run was taken up.

        Whatever goes wrong is written down and raises nothing: the walks are made.
        """
        if not self.platform.described("credited_time"):
            return
        try:
            await self._look(views)
        except Exception as error:
            self.ledger.append(Fault(whose="harness", type=type(error).__name__, message=str(error)))
            log.exception("reading again at the end of the run")

    async def _look(self, views: Sequence[WalkView]) -> None:
        attacked = [view for view in views if view.of_kind("attack") and not view.afterwards]
        if not attacked:
            return
        ended = max(datetime.fromisoformat(view.observations[-1].utc) for view in attacked)
        await self.clock.sleep(max(0.0, self.settle_s - (self.clock.utc() - ended).total_seconds()))
        failed = 0
        for view, account, lesson in self._studied(attacked, views):
            read = await self._read(account, lesson)
            walk = Context(probe=view.started.probe, walk=view.name, attempt=view.attempt)
            self.ledger.append(read, about(walk, account, lesson))
            failed = 0 if read.credit is not None else failed + 1
            if failed == MOST_FAILED:
                return

    def _studied(
        self, attacked: Sequence[WalkView], every: Sequence[WalkView]
    ) -> Iterator[tuple[WalkView, Account, Lesson]]:
        """What can be read again. A record of all of a learner's lessons tells nothing where others studied on."""
        accounts, lessons = {a.id: a for a in self.accounts}, {x.id: x for x in self.lessons}
        users = Counter(name for view in every if view.plan is not None for name in view.plan.accounts)
        by_lesson = self.platform.profile.uses("credited_time", "lesson")
        for view in attacked:
            for name, lesson in dict.fromkeys((r.account, r.lesson) for r in view.readings() if r.credit is not None):
                if name in accounts and lesson in lessons and (by_lesson or users[name] == 1):
                    yield view, accounts[name], lessons[lesson]

    async def _read(self, account: Account, lesson: Lesson) -> CreditRead:
        try:
            credit = await self.platform.read("credited_time", learner=account, lesson=lesson)
        except SubjectError as error:
            return CreditRead(at=END_OF_RUN, credit=None, error=str(error))
        return CreditRead(at=END_OF_RUN, credit=credit)
