"""What a walk reads of the platform: credit, study records, tables. Never in the learner's own session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import ReadingFailed, SubjectError, Unsupported
from harness.model.observation import Context, CreditRead, Fact, Fault, Observation, RecordsRead, TableRead
from harness.model.values import Credit, Table
from harness.redact import redact_args, redact_table
from harness.view import SETTLED

if TYPE_CHECKING:
    from harness.learner import Learner
    from harness.platform.profile import Account, Lesson
    from harness.walk import Walk


def about(walk: Context, account: Account, lesson: Lesson) -> Context:
    """The context of a learner's record of a lesson, within a walk's."""
    whom = {"role": account.role, "account": account.id, "course": lesson.course or "", "lesson": lesson.id}
    return walk.model_copy(update=whom)


@dataclass(frozen=True, slots=True)
class Studied:
    """A learner's lesson whose record is read without a window of the learner's."""

    walk: Walk
    account: Account
    lesson: Lesson

    def note(self, fact: Fact) -> Observation:
        """Write a fact of this record."""
        return self.walk.write(fact, about(self.walk.context, self.account, self.lesson))


class Reader:
    """Reads for one walk and writes down what it read; a reading that failed is written down as unknown."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._settled: dict[tuple[str, str], Credit] = {}
        """By account and lesson: the last settled reading, as long as nothing was done since."""

    async def credit(self, at: str, learner: Learner) -> Credit | None:
        """Read a learner's credit once, as it stands; `at` labels the reading. None when it failed."""
        try:
            seen = await self._credit(learner)
        except SubjectError as error:
            learner.note(CreditRead(at=at, credit=None, error=str(error)))
            return None
        learner.note(CreditRead(at=at, credit=seen))
        return seen

    async def _credit(self, learner: Learner | Studied) -> Credit:
        credit: Credit = await self._walk.platform.read("credited_time", learner=learner.account, lesson=learner.lesson)
        return credit

    async def settled_credit(self, at: str, learner: Learner | Studied) -> Credit | None:
        """Read until the credit stands still for the walk's `settle_s`, then write the last value down.

        None when a reading failed.
        """
        walk = self._walk
        end = walk.now() + 4 * walk.settle_s + 10.0
        since, last = walk.now(), None
        while True:
            try:
                seen = await self._credit(learner)
            except SubjectError as error:
                learner.note(CreditRead(at=at, credit=None, error=str(error)))
                return None
            if last is None or seen != last:
                since, last = walk.now(), seen
            if walk.now() - since >= walk.settle_s or walk.now() >= end:
                learner.note(CreditRead(at=at, credit=seen))
                self._settled[learner.account.id, learner.lesson.id] = seen
                return seen
            await walk.clock.sleep(min(1.0, walk.settle_s / 3))

    async def credit_before(self, at: str, learner: Learner) -> None:
        """The settled credit before something is done: what was read last, where nothing was done since."""
        known = self._settled.get((learner.account.id, learner.lesson.id))
        if known is None:
            await self.settled_credit(at, learner)
        else:
            learner.note(CreditRead(at=at, credit=known))
        self.unsettle(learner)

    def unsettle(self, learner: Learner) -> None:
        """Something was done: the credit read last may not be the latest any more."""
        self._settled.pop((learner.account.id, learner.lesson.id), None)

    async def records(self, learner: Learner | Studied, *, lesson: Lesson | None = None) -> None:
        """Read the learner's study records, or those of one lesson."""
        try:
            only = {} if lesson is None else {"lesson": lesson}
            rows = await self._walk.platform.read("study_records", learner=learner.account, **only)
        except SubjectError as error:
            learner.note(RecordsRead(rows=None, error=str(error)))
            return
        learner.note(RecordsRead(rows=tuple(rows)))

    async def table(self, reading: str, **filters: Any) -> Table | None:
        """Read a table of the contract; None when it failed.

        Personal numbers are masked in what is written down, not in what is returned.
        """
        shown = redact_args({key: value for key, value in filters.items() if value is not None})
        try:
            table: Table = await self._walk.platform.read(reading, **filters)
        except Unsupported as error:  # nobody looked, so that nothing failed
            self._walk.note(Fault(whose="profile", type="Unsupported", message=str(error)))
            return None
        except SubjectError as error:
            self._walk.note(TableRead(reading=reading, filters=shown, table=None, error=str(error)))
            return None
        self._walk.note(TableRead(reading=reading, filters=shown, table=redact_table(table)))
        return table

    async def studied_earlier(self) -> None:
        """The settled credit and the rows of all that was studied in an earlier stage, without a window of a learner's.

        Raises ReadingFailed where the credit cannot be read: then this is tried again, and not the study.
        """
        walk = self._walk
        for studied in (Studied(walk, account, lesson) for account in walk.accounts for lesson in walk.lessons):
            if await self.settled_credit(SETTLED, studied) is None:
                raise ReadingFailed("the record could not be read", where="credited_time", got="no value")
            if walk.described("study_records"):
                await self.records(studied, lesson=studied.lesson)
