"""Where the lines, bars and marks of the report's drawings go: numbers only; the templates draw them as SVG.

Units are those of the drawing (`viewBox`), times are seconds since a walk's start.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.model.dossier import Hours, Mark, Shown, Track, WalkRecord

WIDTH = 760.0
LEFT, RIGHT = 58.0, 14.0
BAND_TOP, BAND_HEIGHT = 2.0, 15.0
PLOT_TOP, PLOT_HEIGHT = 22.0, 96.0
LANE = 13.0
TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)
"""Distances between ticks that a reader of clocks expects, seconds."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """A line through points, as an SVG `points` attribute, and the dots on it."""

    name: str
    points: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Box:
    """A rectangle in a lane."""

    x: float
    y: float
    width: float
    kind: str
    text: str


@dataclass(frozen=True)
class Sign:
    """A mark with its number; the caption below the drawing says what it is."""

    x: float
    number: int
    mark: Mark
    label: bool
    """False where the number would print over its neighbour's."""


@dataclass(frozen=True)
class Timeline:
    """One walk, drawn."""

    record: WalkRecord
    height: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: tuple[Box, ...]
    positions: tuple[Line, ...]
    credits: tuple[Line, ...]
    lanes: tuple[tuple[str, tuple[Box, ...]], ...]
    """One lane per window: what its page showed."""
    lanes_top: float
    signs: tuple[Sign, ...]
    signs_y: float
    axis_y: float


@dataclass(frozen=True)
class Bar:
    """Hours of one lesson: three lengths of at most 1, and their texts."""

    row: Hours
    promised: float
    studied: float
    credited: float


def timeline(record: WalkRecord) -> Timeline | None:
    """The drawing of a walk; None where nobody watched a player and nothing was credited."""
    if record.length_s <= 0 or not (record.positions or record.credits):
        return None
    x = _scale(record.length_s, LEFT, WIDTH - RIGHT)
    highest = max((v for track in (*record.positions, *record.credits) for _, v in track.points), default=0.0)
    y_step = step(max(highest, 1.0), 4)
    y = _scale(max(highest, y_step), PLOT_TOP + PLOT_HEIGHT, PLOT_TOP)
    screens = list(dict.fromkeys(shown.screen for shown in record.states))
    lanes_top = PLOT_TOP + PLOT_HEIGHT + 5
    signs_y = lanes_top + LANE * len(screens) + 9
    axis_y = signs_y + 10
    return Timeline(
        record=record,
        height=axis_y + 15,
        x_ticks=tuple(Tick(x(t), clock(t)) for t in ticks(record.length_s, 8)),
        y_ticks=tuple(Tick(y(v), clock(v)) for v in ticks(max(highest, y_step), 4)),
        bands=tuple(
            Box(x(b.start_s), BAND_TOP, max(x(b.end_s) - x(b.start_s), 0.8), f"{b.kind} {b.means}", b.name)
            for b in record.bands
        ),
        positions=tuple(_line(track, x, y) for track in record.positions),
        credits=tuple(_readings(track, x, y) for track in record.credits),
        lanes=tuple((s, _lane(record.states, s, x, lanes_top + LANE * n)) for n, s in enumerate(screens)),
        lanes_top=lanes_top,
        signs=tuple(_signs(record.marks, x)),
        signs_y=signs_y,
        axis_y=axis_y,
    )


def bars(rows: Sequence[Hours]) -> tuple[Bar, ...]:
    """All rows on one scale."""
    longest = max((v for r in rows for v in (r.promised_s, r.studied_s, r.credited_s) if v), default=1.0)
    return tuple(
        Bar(r, (r.promised_s or 0) / longest, r.studied_s / longest, (r.credited_s or 0) / longest) for r in rows
    )


def step(length: float, most: int) -> float:
    """The distance between ticks so that at most `most` fit into a length of seconds."""
    return next((float(s) for s in TICKS if length / s <= most), math.ceil(length / most / 86400) * 86400.0)


def ticks(length: float, most: int) -> Iterator[float]:
    """0 and every step up to the length."""
    distance = step(length, most)
    return (n * distance for n in range(int(length / distance) + 1))


def clock(seconds: float) -> str:
    """`1:05` minutes and seconds, `1:00:05` with hours."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


class _scale:
    """Maps 0..length to start..stop."""

    def __init__(self, length: float, start: float, stop: float) -> None:
        self._start, self._per = start, (stop - start) / length

    def __call__(self, value: float) -> float:
        return round(self._start + value * self._per, 1)


def _line(track: Track, x: _scale, y: _scale) -> Line:
    return Line(track.name, " ".join(f"{x(t)},{y(v)}" for t, v in track.points), ())


def _readings(track: Track, x: _scale, y: _scale) -> Line:
    """What the record showed whenever it was read: a dot for each reading, joined by straight lines."""
    dots = tuple((x(t), y(v)) for t, v in track.points)
    return Line(track.name, " ".join(f"{a},{b}" for a, b in dots), dots)


def _lane(states: Iterable[Shown], screen: str, x: _scale, top: float) -> tuple[Box, ...]:
    return tuple(
        Box(x(s.start_s), top, max(x(s.end_s) - x(s.start_s), 0.8), s.state.value, s.state.value)
        for s in states
        if s.screen == screen
    )


def _signs(marks: Sequence[Mark], x: _scale) -> Iterator[Sign]:
    last = -1e9
    for number, mark in enumerate(marks, 1):
        place = x(mark.at_s)
        label = place - last >= 11
        last = place if label else last
        yield Sign(place, number, mark, label)
