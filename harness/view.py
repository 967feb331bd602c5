"""What a judge sees of a walk: its segments, what the player really did, and what the record said before and after.

Pure: built from observations alone. A judge receives these and limits, nothing else.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from harness.model.observation import (
    CreditRead,
    Fact,
    Media,
    Observation,
    SegmentEnded,
    SegmentKind,
    SegmentStarted,
    StateSeen,
    Stimulus,
    WalkFinished,
    WalkStarted,
)
from harness.model.values import Credit, LessonState, MediaSample

F = TypeVar("F")

SETTLED = "settled"
"""Label of the readings that a later stage of a run makes."""
END_OF_RUN = "end_of_run"
"""Label of the readings that are made once every walk of a run is over."""

# Players report positions some tens of milliseconds apart from when we ask; less than this is not a jump.
JUMP_NOISE_S = 1.0
LATE_S = 3.0
"""A sample may be written down so long after it was taken, on a machine that is busy for a moment."""
PLAYED_NOISE_S = 0.3
"""What the player says that it played and where it stands differ by less, unless it jumped."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a player really did in a stretch of time, all in seconds."""

    wall_s: float
    """Length of the stretch."""
    valid_s: float
    """Wall time in which the media ran forward and visible: min(advance, elapsed)."""
    media_s: float
    """Media time that went by, at whatever rate."""
    unique_s: float
    """Length of the union of the media intervals played."""
    beyond_s: float
    """Media time played from beyond the furthest point reached honestly."""
    furthest_s: float
    """Furthest position seen."""
    frontier_s: float
    """Furthest position reached honestly, in this stretch or before it."""
    hidden_s: float
    paused_s: float
    samples: int

    @property
    def rate(self) -> float | None:
        """Media seconds per second of running; None when it hardly ran."""
        running = self.wall_s - self.paused_s
        return self.media_s / running if running > 1 else None

    @property
    def lost_s(self) -> float:
        """Seconds in which it was not paused and yet nobody could watch: a slow machine or network, a hidden window."""
        return max(0.0, self.wall_s - self.paused_s - self.valid_s) if self.samples > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A credit reading with the moment and line it was written."""

    at: str
    t: float
    seq: int
    credit: Credit | None
    total: Credit | None
    lesson: str
    account: str
    error: str = ""


@dataclass(frozen=True)
class SegmentView:
    """A named stretch of a walk."""

    name: str
    kind: SegmentKind
    means: str
    start: float
    end: float
    ended: bool
    observations: tuple[Observation, ...]
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]
    earlier: tuple[Observation, ...] = field(repr=False, default=())
    """Media observations of the walk before this segment."""
    since: tuple[SegmentView, ...] = field(repr=False, compare=False, default=())
    """Segments of the walk before this one, from its first attack on."""

    def facts(self, kind: type[F]) -> list[F]:
        """The facts of one type, in order."""
        return [o.data for o in self.observations if isinstance(o.data, kind)]

    @property
    def refs(self) -> tuple[int, ...]:
        """First and last ledger line, and those of its stimuli and credit readings."""
        lines = [o.seq for o in self.observations if isinstance(o.data, Stimulus | SegmentStarted | SegmentEnded)]
        return tuple(sorted({*lines, *(r.seq for r in (*self.before, *self.after))}))

    @property
    def read_s(self) -> float:
        """Seconds from its start to the reading after it: how long what it gained took to gain, where it played on."""
        return max((r.t for r in self.after), default=self.end) - self.start

    def gained_s(self, hour_s: float, lesson: str | None = None, *, total: bool = False) -> float | None:
        """Credit that the record gained over the segment, seconds; None when either reading is missing.

        `hour_s` is the length of a class hour, for platforms that show hours only. With `total`, the learner's
        total over all lessons; without, `lesson`, or all lessons that were read.
        """
        lessons = [lesson] if lesson is not None else list(dict.fromkeys(r.lesson for r in self.before))
        gains = [self._gained(each, hour_s, total) for each in (lessons[:1] if total else lessons)]
        known = [g for g in gains if g is not None]
        return sum(known) if known and len(known) == len(gains) else None

    def _gained(self, lesson: str, hour_s: float, total: bool) -> float | None:
        first, last = _pick(self.before, lesson), _pick(self.after, lesson)
        if first is None or last is None:
            return None
        a, b = (first.total, last.total) if total else (first.credit, last.credit)
        start, end = credit_s(a, hour_s), credit_s(b, hour_s)
        return None if start is None or end is None else end - start

    def completed_here(self, lesson: str | None = None) -> bool | None:
        """Did the record turn to completed in this segment; None when it doesn't say."""
        first, last = _pick(self.before, lesson), _pick(self.after, lesson)
        if first is None or last is None or first.credit is None or last.credit is None:
            return None
        if last.credit.completed is None:
            return None
        return bool(last.credit.completed) and not first.credit.completed

    def watched(self, screen: str | None = None, tolerance_s: float = 0.0) -> Watched:
        """The media truth of this segment, for one window or device, or all of its samples if there is one."""
        known = self._measured.get((screen, tolerance_s))
        if known is None:
            samples = _media(self.observations, screen)
            known = measure(samples, self.start, self.end, self.reached_s(screen, tolerance_s), tolerance_s)
            self._measured[screen, tolerance_s] = known
        return known

    def reached_s(self, screen: str | None = None, tolerance_s: float = 0.0) -> float:
        """The furthest position reached honestly before this segment: where an attack only jumped to is none."""
        until = self.since[0].observations[0].seq if self.since else self.observations[0].seq
        honest = _media((o for o in self.earlier if o.seq < until), screen)
        reached = max((m.sample.position_s for _, m in honest), default=0.0)
        return max([reached, *(s.watched(screen, tolerance_s).frontier_s for s in self.since)])

    @cached_property
    def _measured(self) -> dict[tuple[str | None, float], Watched]:
        """What was measured already: several judges ask for the same."""
        return {}

    @cached_property
    def states(self) -> tuple[tuple[float, LessonState], ...]:
        """The states that the learner's page showed, with their moments."""
        return tuple((o.t, o.data.state) for o in self.observations if isinstance(o.data, StateSeen))


def credit_s(credit: Credit | None, hour_s: float) -> float | None:
    """Credited seconds: the shown time, or the shown class hours times their length."""
    if credit is None:
        return None
    if credit.credited_s is not None:
        return credit.credited_s
    return None if credit.hours is None else credit.hours * hour_s


def whole_s(seconds: Iterable[float | None]) -> float:
    """A second where all that was read are whole seconds: they are rounded, whatever is declared."""
    known = [value for value in seconds if value is not None]
    return 1.0 if any(known) and all(value == int(value) for value in known) else 0.0


def _pick(readings: Sequence[Reading], lesson: str | None) -> Reading | None:
    chosen = [r for r in readings if lesson is None or r.lesson == lesson]
    return chosen[-1] if chosen else None


def _media(observations: Iterable[Observation], screen: str | None) -> list[tuple[float, Media]]:
    return [
        (o.t, o.data)
        for o in observations
        if o.kind == "media" and isinstance(o.data, Media) and (screen is None or o.data.screen == screen)
    ]


def measure(
    samples: Sequence[tuple[float, Media]], start: float, end: float, reached_s: float, tolerance_s: float
) -> Watched:
    """Turn samples into what was really watched.

    Between two samples the media counts as running unless both are paused; it advanced by the difference of
    positions, and a difference of more than elapsed time x rate was a jump, which is nobody's study. A sample that
    was written down late makes its own gap too long and the next too short; where the player itself says that all of
    the difference was played, what the gap before lacked is given to the next.
    """
    late = 0.0
    valid = media = beyond = hidden = paused = 0.0
    frontier = furthest = reached_s
    spans: list[tuple[float, float]] = []
    for (t0, a), (t1, b) in itertools.pairwise(samples):
        elapsed = t1 - t0
        x, y = a.sample, b.sample
        furthest = max(furthest, y.position_s)
        if x.paused or x.ended:
            paused += elapsed
        if x.hidden:
            hidden += elapsed
        step = y.position_s - x.position_s
        rate = max(x.rate, y.rate, 0.1)
        given = elapsed + (late if _played(x, y, step) else 0.0)
        most = given * rate + JUMP_NOISE_S
        late = 0.0
        if step > 0 and not x.ended and not (x.paused and y.paused):
            ran = step if step <= most else 0.0  # after a jump, what runs begins at its landing place
            media += ran
            if not x.hidden:
                valid += min(ran, given)
            if ran:
                late = min(LATE_S, max(0.0, given - max(ran / rate, min(ran, given))))
                spans.append((y.position_s - ran, y.position_s))
            if x.position_s > frontier + tolerance_s + JUMP_NOISE_S:
                beyond += ran
        if y.position_s <= frontier + tolerance_s + most:
            frontier = max(frontier, min(y.position_s, frontier + most))
    return Watched(
        wall_s=end - start,
        valid_s=valid,
        media_s=media,
        unique_s=_union(spans),
        beyond_s=beyond,
        furthest_s=furthest,
        frontier_s=frontier,
        hidden_s=hidden,
        paused_s=paused,
        samples=len(samples),
    )


def _played(x: MediaSample, y: MediaSample, step: float) -> bool:
    """Does the player say that it played all that lies between two samples?"""
    if x.played_s is None or y.played_s is None:
        return False
    return abs(y.played_s - x.played_s - step) <= PLAYED_NOISE_S


def _union(spans: list[tuple[float, float]]) -> float:
    total, end = 0.0, float("-inf")
    for a, b in sorted(spans):
        total += max(0.0, b - max(a, end))
        end = max(end, b)
    return total


@dataclass(frozen=True)
class WalkView:
    """One attempt of one walk."""

    name: str
    attempt: int
    observations: tuple[Observation, ...]
    afterwards: tuple[Observation, ...] = ()
    """What was read of its record once every walk of the run was over."""

    @property
    def started(self) -> Observation:
        """Its first line."""
        return self.observations[0]

    @cached_property
    def plan(self) -> WalkStarted | None:
        """What it set out to do."""
        return next((o.data for o in self.observations if isinstance(o.data, WalkStarted)), None)

    @cached_property
    def finished(self) -> WalkFinished | None:
        """How it ended; None when it was cut off."""
        return next((o.data for o in reversed(self.observations) if isinstance(o.data, WalkFinished)), None)

    @property
    def done(self) -> bool:
        """It came to its end as planned."""
        return self.finished is not None and self.finished.status == "done"

    @property
    def too_early(self) -> bool:
        """It looked for what had not come yet."""
        return self.finished is not None and self.finished.status == "not_yet"

    @property
    def lesson(self) -> str:
        """The first lesson it was given."""
        return self.plan.lessons[0] if self.plan and self.plan.lessons else ""

    def facts(self, kind: type[F]) -> list[F]:
        """The facts of one type, in order."""
        return [o.data for o in self.observations if isinstance(o.data, kind)]

    def readings(self, at: str | None = None) -> list[Reading]:
        """Credit readings, all or those with one label."""
        return [r for r in self._readings if at is None or r.at == at]

    @cached_property
    def _readings(self) -> tuple[Reading, ...]:
        return _credit_readings(self.observations)

    @cached_property
    def read_later(self) -> tuple[Reading, ...]:
        """Credit readings made once every walk of the run was over."""
        return _credit_readings(self.afterwards)

    @cached_property
    def segments(self) -> dict[str, SegmentView]:
        """Segments by name, in order."""
        found: dict[str, SegmentView] = {}
        for place in self._starts:
            o = self.observations[place]
            assert isinstance(o.data, SegmentStarted)
            name = o.data.segment
            stop = next(
                (
                    i
                    for i in range(place + 1, len(self.observations))
                    if self.observations[i].kind == "segment_ended"
                    and _is(self.observations[i].data, SegmentEnded, name)
                ),
                None,
            )
            inside = self.observations[place : (stop + 1) if stop is not None else len(self.observations)]
            found[name] = SegmentView(
                name=name,
                kind=o.data.segment_kind,
                means=o.data.means,
                start=o.t,
                end=inside[-1].t,
                ended=stop is not None,
                observations=tuple(inside),
                before=tuple(r for r in self._readings if r.at == f"before:{name}"),
                after=tuple(r for r in self._readings if r.at == f"after:{name}"),
                earlier=tuple(x for x in self.observations[:place] if isinstance(x.data, Media)),
                since=tuple(itertools.dropwhile(lambda s: s.kind != "attack", found.values())),
            )
        return found

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(i for i, o in enumerate(self.observations) if o.kind == "segment_started")

    def of_kind(self, kind: SegmentKind) -> list[SegmentView]:
        """The segments of one kind."""
        return [s for s in self.segments.values() if s.kind == kind]


def _credit_readings(observations: Iterable[Observation]) -> tuple[Reading, ...]:
    return tuple(
        Reading(o.data.at, o.t, o.seq, o.data.credit, o.data.total, o.lesson, o.account, o.data.error)
        for o in observations
        if isinstance(o.data, CreditRead)
    )


def taken_up(walk: WalkView, others: Iterable[WalkView]) -> WalkView | None:
    """The attempt that a walk takes up again; None where it takes up none, or that is not among `others`."""
    told = walk.plan.follows if walk.plan is not None else None
    if told is None:
        return None
    return next((o for o in others if (o.name, o.attempt) == (told.walk, told.attempt)), None)


def joined(walk: WalkView, others: Iterable[WalkView]) -> WalkView:
    """A walk with what it takes up again before it, as one; the walk itself where that is nothing.

    Between the two lies another start of our machine's monotonic clock: only times on one side can be compared.
    """
    before = taken_up(walk, others)
    return walk if before is None else WalkView(walk.name, walk.attempt, (*before.observations, *walk.observations))


def _is(fact: Fact, kind: type[SegmentEnded], name: str) -> bool:
    return isinstance(fact, kind) and fact.segment == name


def walks(observations: Iterable[Observation]) -> Iterator[WalkView]:
    """Split a ledger into its walks and attempts, in the order in which they began."""
    lines: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    later: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    for o in observations:
        if o.walk:
            after = isinstance(o.data, CreditRead) and o.data.at == END_OF_RUN
            (later if after else lines)[o.walk, o.attempt].append(o)
    for (name, attempt), seen in lines.items():
        yield WalkView(name, attempt, tuple(seen), tuple(later[name, attempt]))
