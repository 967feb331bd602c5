"""Literal walks for judges: what was played and what the record said, second by second, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from harness.judge import Case
from harness.model.observation import (
    Context,
    CreditRead,
    Fact,
    Media,
    Observation,
    SegmentEnded,
    SegmentStarted,
    WalkFinished,
    WalkStarted,
)
from harness.model.values import Credit, MediaSample
from harness.settings import make_setting
from harness.standards import load_standard
from harness.view import WalkView

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


class WalkBuilder:
    """Builds one attempt. The clock moves only by `play`, `pause_for` and `wait`."""

    def __init__(self, name: str, lessons: tuple[str, ...] = ("L1",), *, resolution_s: float = 0.0) -> None:
        self.name = name
        self.t = 100.0
        self.position: dict[str, float] = {}
        self.credit = {lesson: 0.0 for lesson in lessons}
        self.completed = dict.fromkeys(lessons, False)
        self.hours: dict[str, float] = {}
        self.resolution_s = resolution_s
        self.lines: list[Observation] = []
        self.lessons = lessons
        self.add(WalkStarted(purpose="test", planned_s=1, accounts=("A",), lessons=lessons))

    def add(self, fact: Fact, lesson: str = "", seq: int | None = None) -> None:
        context = Context(probe=self.name.split(".")[0], walk=self.name, account="A", lesson=lesson)
        utc = START + timedelta(seconds=self.t)
        self.lines.append(
            Observation(
                **context.model_dump(),
                seq=seq or len(self.lines) + 1,
                prev="0" * 64,
                hash="0" * 64,
                utc=utc.isoformat().replace("+00:00", "Z"),
                mono_ns=int(self.t * 1e9),
                kind=fact.kind,
                data=fact,
            )
        )

    def read(self, at: str) -> None:
        for lesson in self.lessons:
            credit = Credit(
                credited_s=self.credit[lesson],
                hours=self.hours.get(lesson),
                completed=self.completed[lesson],
                resolution_s=self.resolution_s,
            )
            self.add(CreditRead(at=at, credit=credit), lesson)

    def sample(self, screen: str = "main", *, paused: bool = False, rate: float = 1.0, hidden: bool = False) -> None:
        sample = MediaSample(
            position_s=self.position.get(screen, 0.0),
            duration_s=1080.0,
            rate=rate,
            paused=paused,
            ended=False,
            seeking=False,
            hidden=hidden,
            ready=4,
        )
        self.add(Media(sample=sample, screen=screen))

    def play(
        self,
        seconds: float,
        *,
        screens: tuple[str, ...] = ("main",),
        rate: float = 1.0,
        hidden: bool = False,
        slow: float = 0.0,
    ) -> None:
        """`slow`: the share of the film that a slow machine does not show in time."""
        for screen in screens:
            self.sample(screen, rate=rate, hidden=hidden)
        for _ in range(int(seconds)):
            self.t += 1
            for screen in screens:
                self.position[screen] = self.position.get(screen, 0.0) + rate * (1 - slow)
                self.sample(screen, rate=rate, hidden=hidden)

    def stand(self, seconds: float, *, screen: str = "main", paused: bool = True) -> None:
        for _ in range(int(seconds)):
            self.sample(screen, paused=paused)
            self.t += 1
        self.sample(screen, paused=paused)

    def segment(self, name: str, kind: Any, means: Any = "ordinary", *, read_after_s: float = 0.0) -> _Segment:
        return _Segment(self, name, kind, means, read_after_s)

    def control(
        self, name: str, seconds: float = 60, *, credited: float | None = None, lesson: str | None = None
    ) -> None:
        with self.segment(name, "control"):
            self.play(seconds)
            self.credit[lesson or self.lessons[0]] += seconds if credited is None else credited

    def done(self, status: Any = "done", message: str = "") -> WalkView:
        self.add(WalkFinished(status=status, message=message, took_s=self.t))
        return WalkView(self.name, 1, tuple(self.lines))


class _Segment:
    def __init__(self, walk: WalkBuilder, name: str, kind: Any, means: Any, read_after_s: float) -> None:
        self.walk, self.name, self.kind, self.means, self.read_after_s = walk, name, kind, means, read_after_s

    def __enter__(self) -> WalkBuilder:
        self.walk.read(f"before:{self.name}")
        self.walk.add(SegmentStarted(segment=self.name, segment_kind=self.kind, means=self.means))
        return self.walk

    def __exit__(self, *error: object) -> None:
        self.walk.add(SegmentEnded(segment=self.name))
        self.walk.t += self.read_after_s
        self.walk.read(f"after:{self.name}")
        self.walk.t += 1


STANDARD = load_standard()


def case(requirement: str, *, scale: float = 1.0, lessons: dict[str, float] | None = None, **policy: float) -> Case:
    """A case in real time with the given declared policy (seconds)."""
    known = lessons if lessons is not None else {"L1": 1080.0, "L2": 1080.0}
    setting = make_setting({"report_interval_s": 5.0, **policy}, scale, STANDARD, known.values())
    return Case(STANDARD.get(requirement), STANDARD, setting, known)
