"""A walk's reader waits until the record stands still, and writes down whatever it read or could not read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import ReadingFailed, Unsupported
from harness.learner import Learner
from harness.ledger import Ledger
from harness.model.observation import CreditRead, Fault, TableRead
from harness.model.values import Credit, Table
from harness.platform.profile import Account, Lesson
from harness.probe import WalkSpec
from harness.settings import make_setting
from harness.walk import Walk
from tests.probes.simulated import LeapClock
from tests.walkbuilder import STANDARD

pytestmark = pytest.mark.anyio
LEARNER, LESSON = Account("a", "learner", "a"), Lesson("l", duration_s=100.0)
NUMBER = "110101199003070011"
MASKED = "110101********0011"


class Record:
    """A platform whose record says one thing after the other."""

    studio = None

    def __init__(self, answers: Iterable[Any]) -> None:
        self.answers = iter(answers)
        self.read_so_far = 0

    async def read(self, reading: str, **filters: Any) -> Any:
        self.read_so_far += 1
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return Credit(credited_s=answer) if reading == "credited_time" else answer

    async def do(self, action: str, **args: Any) -> None:
        return None


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path, LeapClock())
    yield made
    made.close()


def made(ledger: Ledger, *answers: Any, last: Any = None) -> tuple[Walk, Learner, Record]:
    """A walk on a platform that answers so, then `last` for ever."""
    clock = LeapClock()
    record: Any = Record(itertools.chain(answers, itertools.repeat(last)))
    spec = WalkSpec(name="F05.a", purpose="p", seconds=lambda s: 1.0)
    setting = make_setting({"report_interval_s": 5.0}, 1.0, STANDARD)
    walk = Walk(spec, 1, probe_id="F05", platform=record, ledger=ledger, clock=clock, setting=setting, seed=1,
                accounts=[LEARNER], lessons=[LESSON])  # fmt: skip
    session: Any = SimpleNamespace(account=LEARNER, camera=None, screen=SimpleNamespace(url=""), do=record.do)
    return walk, Learner(walk, session, LESSON, "main"), record


def told(walk: Walk) -> list[tuple[str, float | None]]:
    """Label and credit of each line about credit."""
    return [
        (o.data.at, None if o.data.credit is None else o.data.credit.credited_s)
        for o in walk.seen
        if isinstance(o.data, CreditRead)
    ]


async def test_the_credit_is_read_until_it_stands_still(ledger: Ledger) -> None:
    walk, learner, _ = made(ledger, 1.0, 2.0, last=3.0)
    start = walk.now()
    assert await walk.reader.settled_credit("after:x", learner) == Credit(credited_s=3.0)
    assert told(walk) == [("after:x", 3.0)]
    assert walk.now() - start >= walk.settle_s


async def test_what_never_stands_still_is_not_waited_for_for_ever(ledger: Ledger) -> None:
    walk, learner, _ = made(ledger, *map(float, range(1000)))
    assert await walk.reader.settled_credit("after:x", learner) is not None
    assert len(told(walk)) == 1


@pytest.mark.parametrize("way", ["credit", "settled_credit"])
async def test_a_reading_that_failed_is_unknown(ledger: Ledger, way: str) -> None:
    walk, learner, _ = made(ledger, ReadingFailed("no table"))
    assert await getattr(walk.reader, way)("x", learner) is None
    (line,) = walk.seen
    assert isinstance(line.data, CreditRead)
    assert line.data.credit is None
    assert "no table" in (line.data.error or "")


async def test_what_was_read_last_stands_until_something_is_done(ledger: Ledger) -> None:
    walk, learner, record = made(ledger, last=3.0)
    await walk.reader.settled_credit("after:a", learner)
    before = record.read_so_far
    await walk.reader.credit_before("before:b", learner)
    assert record.read_so_far == before
    await walk.reader.settled_credit("after:b", learner)
    before = record.read_so_far
    await learner.do("pause")
    await walk.reader.credit_before("before:c", learner)
    assert record.read_so_far > before
    before = record.read_so_far
    await walk.reader.credit_before("before:d", learner)  # a stretch lay between the two
    assert record.read_so_far > before
    assert told(walk) == [(at, 3.0) for at in ("after:a", "before:b", "after:b", "before:c", "before:d")]


async def test_a_table_is_masked_in_the_ledger_only(ledger: Ledger) -> None:
    table = Table(columns=("number",), rows=({"number": NUMBER},))
    walk, _, _ = made(ledger, table, ReadingFailed("no table"))
    assert await walk.reader.table("learners", token="t", number=NUMBER, course=None) == table
    assert await walk.reader.table("learners") is None
    known, unknown = (o.data for o in walk.seen)
    assert isinstance(known, TableRead)
    assert known.filters == {"token": "***", "number": MASKED}
    assert known.table == Table(columns=("number",), rows=({"number": MASKED},))
    assert isinstance(unknown, TableRead)
    assert unknown.table is None
    assert "no table" in (unknown.error or "")


async def test_what_the_profile_does_not_describe_is_no_reading_that_failed(ledger: Ledger) -> None:
    """Nobody looked: a table that failed would count against the platform beside another way that failed."""
    walk, _, _ = made(ledger, Unsupported("the profile does not describe archives of one learner"))
    assert await walk.reader.table("archives", learner=LEARNER) is None
    (line,) = walk.seen
    assert isinstance(line.data, Fault)
    assert (line.data.whose, line.data.type) == ("profile", "Unsupported")
