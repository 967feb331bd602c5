"""When every walk is over the records of the attacked are read once more; nothing that goes wrong then is raised."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import ReadingFailed
from harness.lastlook import MOST_FAILED, LastLook
from harness.ledger import Ledger, read
from harness.model.observation import Context, CreditRead, Fault, SegmentStarted, WalkFinished, WalkStarted
from harness.model.values import Credit
from harness.platform.profile import Account, Lesson
from harness.view import END_OF_RUN, WalkView, walks
from tests.probes.simulated import LeapClock

pytestmark = pytest.mark.anyio
ACCOUNTS = [Account(id=f"a{n}", role="learner", username=f"a{n}") for n in range(4)]
LESSONS = [Lesson(id="l0", duration_s=100.0), Lesson(id="l1", duration_s=100.0)]


class Platform:
    """Its records stand still; `broken`: nobody reads them. `by_lesson`: each lesson has one of its own."""

    def __init__(
        self, *, by_lesson: bool = True, broken: type[Exception] | None = None, described: bool = True
    ) -> None:
        self.broken, self.known = broken, described
        self.asked: list[tuple[str, str]] = []
        self.profile = SimpleNamespace(uses=lambda reading, argument: by_lesson)

    def described(self, name: str) -> bool:
        return self.known

    async def read(self, reading: str, *, learner: Account, lesson: Lesson) -> Credit:
        assert reading == "credited_time"
        self.asked.append((learner.id, lesson.id))
        if self.broken is not None:
            raise self.broken("gone")
        return Credit(credited_s=60.0)


class Run:
    """A ledger with walks in it, and the look at its end."""

    def __init__(self, folder: Path, platform: Platform) -> None:
        self.folder, self.platform = folder, platform
        self.clock = LeapClock()
        self.ledger = Ledger(folder, self.clock)

    def walk(self, name: str, account: str = "a0", lesson: str = "l0", kind: Any = "attack") -> None:
        about = Context(probe=name.split(".")[0], walk=name)
        self.ledger.append(WalkStarted(purpose="", planned_s=1, accounts=(account,), lessons=(lesson,)), about)
        self.ledger.append(SegmentStarted(segment="it", segment_kind=kind, means="ordinary"), about)
        learner = about.model_copy(update={"account": account, "lesson": lesson})
        self.ledger.append(CreditRead(at="before:it", credit=Credit(credited_s=60.0)), learner)
        self.ledger.append(WalkFinished(status="done", message="", took_s=1), about)

    async def look(self) -> list[WalkView]:
        await LastLook(self.platform, self.ledger, self.clock, 12.0, ACCOUNTS, LESSONS).look(self.views)  # type: ignore[arg-type]
        return self.views

    @property
    def views(self) -> list[WalkView]:
        return list(walks(read(self.folder)))


async def test_every_attacked_record_is_read_once_more_as_part_of_its_walk(tmp_path: Path) -> None:
    run = Run(tmp_path, Platform())
    run.walk("F11.seek")
    run.walk("F05.honest", "a1", kind="control")
    run.walk("F13.idle", "a2", "l1")
    began = run.clock.now_s
    views = await run.look()
    assert run.platform.asked == [("a0", "l0"), ("a2", "l1")]
    assert [[r.at for r in view.read_later] for view in views] == [[END_OF_RUN], [], [END_OF_RUN]]
    assert {(o.probe, o.account, o.lesson) for o in views[2].afterwards} == {("F13", "a2", "l1")}
    assert run.clock.now_s == began + 12  # the last walk's record has had its time to settle


async def test_a_run_that_is_taken_up_again_reads_nothing_twice(tmp_path: Path) -> None:
    run = Run(tmp_path, Platform())
    run.walk("F11.seek")
    await run.look()
    run.walk("F13.idle", "a2")
    await run.look()
    assert run.platform.asked == [("a0", "l0"), ("a2", "l0")]


async def test_a_record_of_the_whole_course_is_read_only_where_nobody_studied_on(tmp_path: Path) -> None:
    run = Run(tmp_path, Platform(by_lesson=False))
    run.walk("F11.seek")
    run.walk("F13.idle", "a2")
    run.walk("F05.honest", "a0", "l1", kind="control")
    await run.look()
    assert run.platform.asked == [("a2", "l0")]


async def test_who_is_gone_holds_no_run(tmp_path: Path) -> None:
    run = Run(tmp_path, Platform(broken=ReadingFailed))
    for n in range(6):
        run.walk(f"F11.walk{n}", f"a{n % 3}", f"l{n // 3}")
    views = await run.look()
    assert len(run.platform.asked) == MOST_FAILED
    later = [r for view in views for r in view.read_later]
    assert [(r.credit, r.error) for r in later] == [(None, "gone")] * MOST_FAILED


async def test_a_fault_of_ours_is_written_down(tmp_path: Path) -> None:
    run = Run(tmp_path, Platform(broken=ZeroDivisionError))
    run.walk("F11.seek")
    (view,) = await run.look()
    assert view.afterwards == ()
    assert [o.data.whose for o in read(tmp_path) if isinstance(o.data, Fault)] == ["harness"]


async def test_without_a_record_there_is_nothing_to_read(tmp_path: Path) -> None:
    run = Run(tmp_path, Platform(described=False))
    run.walk("F11.seek")
    await run.look()
    assert run.platform.asked == []
