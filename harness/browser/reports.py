"""Progress reports, found without any vendor's script: by their rhythm (the same kind of request again and again)
and by the numbers in them that move with the media's position or with time.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from harness.browser.exchange import Exchange, leaves
from harness.model.values import MediaSample

CHANGING = re.compile(r"\b([0-9a-f]{8,}(-[0-9a-f]{4,})*|\d+)\b", re.I)
WORD = re.compile(r"(?![0-9a-f]{8,}$)[A-Za-z_.-]{2,40}$")
NUMBER = re.compile(r"-?\d{1,18}(\.\d+)?$")
CLOCK = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d+)?)$")
DIGEST = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=-]{20,}$")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
_SETTINGS = "id|no|type|status|state|code|version|page|size|limit|index|interval|timeout"
SETTING = re.compile(rf"(^|[._:-])({_SETTINGS}|v)$|({'|'.join(w.title() for w in _SETTINGS.split('|'))})$")
"""Names of numbers that stay the same because they identify or configure."""
LEAST = 3
"""So many requests of one kind make a rhythm."""
UNITS = (1.0, 1000.0)
"""Study time is told in seconds or milliseconds."""
SLOPE = 0.25
"""How far a number's pace may be from the media's: reports are sent late, rounded and at odd moments."""
FieldKind = Literal["position", "delta", "progress", "timestamp", "counter", "other"]
TELLING: frozenset[FieldKind] = frozenset({"position", "delta", "progress"})
Samples = Sequence[tuple[float, MediaSample]]
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Field:
    """A number in a report that moves, or that measures time."""

    path: str
    """`json:a.b`, `form:name` or `query:name`."""
    kind: FieldKind
    unit: float = 1.0
    """Of position, delta and timestamp: how many make a second. Of progress: how many make the whole."""


@dataclass(frozen=True, slots=True)
class ReportPattern:
    """One kind of progress report, with its last example."""

    method: str
    url: str
    """With changing parts as `*`."""
    count: int
    period_s: float | None
    moving: tuple[Field, ...]
    example: Exchange = field(compare=False)
    examples: tuple[Exchange, ...] = field(compare=False, default=())
    signed: bool = False
    """Does something like a signature come with each, different every time?"""


def learn_reports(exchanges: Iterable[Exchange], samples: Samples) -> list[ReportPattern]:
    """The progress reports among requests, likeliest first.

    `samples` are (monotonic seconds, media sample) of the same stretch.
    """
    kinds: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        if exchange.type != "document" and exchange.method not in ("OPTIONS", "HEAD"):
            kinds[exchange.method, template(exchange.url)].append(exchange)
    found = []
    for (method, url), sent in kinds.items():
        if len(sent) < LEAST:
            continue
        period = _median([b.t - a.t for a, b in itertools.pairwise(sent)])
        moving = _moving(sent, samples, period)
        if moving:
            example = _fullest(sent, moving)
            found.append(ReportPattern(method, url, len(sent), period, moving, example, tuple(sent), _signed(sent)))
    return sorted(found, key=lambda p: (p.method == "GET", -len(p.moving), -p.count))


def template(url: str) -> str:
    """The address without what changes: numbers and ids in the path, and queries except words like `action=save`."""
    parts = urlsplit(url)
    words = "&".join(f"{k}={v}" for k, v in sorted(parse_qsl(parts.query)) if WORD.match(v))
    return f"{parts.scheme}://{parts.netloc}{CHANGING.sub('*', parts.path)}{'?' + words if words else ''}"


def numbers(exchange: Exchange) -> dict[str, float]:
    """Every number in a request's query and body; `00:12:30` is 750."""
    return {k: number for k, v in leaves(exchange).items() if (number := to_number(v)) is not None}


def to_number(value: Any) -> float | None:
    """A plain finite number, or seconds from a clock reading; None for anything else (a digest isn't a number)."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    text = str(value)
    if NUMBER.match(text):
        return float(text)
    clock = CLOCK.match(text)
    return None if clock is None else int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3])


def _moving(sent: Sequence[Exchange], samples: Samples, period: float) -> tuple[Field, ...]:
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for exchange in sent:
        for path, number in numbers(exchange).items():
            series[path].append((exchange.t, number))
    fields = []
    changing = set()
    for path, points in series.items():
        if len(points) >= LEAST and (seen := _kind(path, points, samples, period)) is not None:
            fields.append(Field(path, *seen))
            if len({v for _, v in points}) > 1:
                changing.add(path)
    # Sent once a second, a sequence number moves just as a position in whole seconds does: what else moves decides.
    numbered = {path for path, points in series.items() if all(b[1] - a[1] == 1 for a, b in itertools.pairwise(points))}
    if any(f.kind in TELLING and f.path not in numbered for f in fields):
        fields = [Field(f.path, "counter") if f.path in numbered and f.kind in TELLING else f for f in fields]
    telling = [f for f in fields if f.kind in TELLING]
    if sent[0].method == "GET":  # a poll may well carry a number that is like its rhythm
        telling = [f for f in telling if f.path in changing]
    return tuple(fields) if telling else ()


def _kind(path: str, points: Points, samples: Samples, period: float) -> tuple[FieldKind, float] | None:
    values = [v for _, v in points]
    steps = [b - a for a, b in itertools.pairwise(values)]
    rising = min(steps) >= 0 and values[-1] > values[0]
    if values[0] > 1e8:
        return _timestamp(points) if rising else None
    if rising and period > 1.5 and all(s == 1 for s in steps):
        return "counter", 1.0
    media = [(p, v) for t, v in points if (p := _position_at(t, samples)) is not None]
    duration = next((s.duration_s for _, s in reversed(samples) if s.duration_s), None)
    if rising and (moved := _with_media(media, duration) or _with_time(points)):
        return moved
    if rising and period > 1.5 and all(s in (0, 1) for s in steps):
        return "counter", 1.0
    if (share := _share(path, values, period, duration)) is not None:
        return share
    if rising and values[0] >= 0 and values[-1] <= 1 and len(set(values)) >= LEAST and not media:
        return "progress", 1.0
    return ("other", 1.0) if rising else None


def _timestamp(points: Points) -> tuple[FieldKind, float]:
    pace = _pace(points)
    unit = next((u for u in UNITS if pace is not None and abs(pace / u - 1) < SLOPE), None)
    return ("other", 1.0) if unit is None else ("timestamp", unit)


def _with_media(points: Points, duration: float | None) -> tuple[FieldKind, float] | None:
    """Does it move as the media does: in seconds, milliseconds, as a share or as percent?"""
    pace = _pace(points)
    if pace is None:
        return None
    for unit in UNITS:
        if abs(pace / unit - 1) < SLOPE:
            return "position", unit
    if duration:
        for whole in (1.0, 100.0):
            # A percentage is rounded to a whole number: over a short stretch its pace is coarse.
            coarse = whole / 100 / (points[-1][0] - points[0][0])
            if abs(pace - whole / duration) < SLOPE * whole / duration + coarse:
                return "progress", whole
    return None


def _with_time(points: Points) -> tuple[FieldKind, float] | None:
    """Does it grow by a second each second, as study time does even when the media is elsewhere?"""
    pace = _pace(points)
    unit = next((u for u in UNITS if pace is not None and abs(pace / u - 1) < SLOPE), None)
    return None if unit is None else ("position", unit)


def _share(path: str, values: Sequence[float], period: float, duration: float | None) -> tuple[FieldKind, float] | None:
    """What is reported each time and is as long as the time between two reports: a share of the study time."""
    middle = _median(values)
    constant = len(set(values)) == 1
    if period <= 0 or middle <= 0 or (constant and SETTING.search(path)):
        return None
    if sum(1 for v in values if 0.5 * middle <= v <= 1.5 * middle) < 0.6 * len(values):
        return None  # a share is much the same each time; a random number is not
    least, most = (0.8, 1.2) if constant else (0.4, 1.6)  # what is always the same is the intended rhythm, or no share
    for unit in UNITS:
        if least * period <= middle / unit <= most * period:
            return "delta", unit
    if duration and not constant and period / duration / 3 <= middle <= 3 * period / duration and max(values) <= 1:
        return "progress", 1.0
    if not duration and not constant and middle < 0.2 and min(values) >= 0 and max(values) <= 1:
        return "progress", 1.0
    return None


def _pace(points: Points) -> float | None:
    """Slope of a straight line through the points; None when they are few or far from any."""
    if len(points) < LEAST:
        return None
    mx = sum(x for x, _ in points) / len(points)
    my = sum(y for _, y in points) / len(points)
    wide = sum((x - mx) ** 2 for x, _ in points)
    if max(x for x, _ in points) - min(x for x, _ in points) < 1.0:
        return None
    slope = sum((x - mx) * (y - my) for x, y in points) / wide
    off = max(abs(y - my - slope * (x - mx)) for x, y in points)
    span = max(y for _, y in points) - min(y for _, y in points)
    return slope if slope > 0 and off <= max(0.15 * span, 2.0 * slope) else None


def _position_at(t: float, samples: Samples) -> float | None:
    """Where the media was, from the two looks around a moment."""
    if not samples:
        return None
    at, sample = min(samples, key=lambda s: abs(s[0] - t))
    return sample.position_s if abs(at - t) < 5 else None


def _fullest(sent: Sequence[Exchange], moving: Sequence[Field]) -> Exchange:
    """The last report that has every moving number; the one sent on leaving often has fewer."""
    paths = {f.path for f in moving}
    return max(reversed(sent), key=lambda e: len(paths & numbers(e).keys()))


def _signed(sent: Sequence[Exchange]) -> bool:
    seen: dict[str, set[str]] = defaultdict(set)
    for exchange in sent:
        for name, value in {**exchange.headers, **leaves(exchange)}.items():
            if isinstance(value, str) and DIGEST.match(value) and not UUID.match(value):
                seen[name].add(value)
    return any(len(values) == len(sent) for values in seen.values())


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
