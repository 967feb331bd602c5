"""Traffic: what the learner's page sends, and which of it reports progress.

Progress reports are found without any vendor's script, by their rhythm (the same kind of request again and again)
and by the numbers in them that move with the media's position or with time.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from playwright.async_api import BrowserContext, Request, Response

from harness.model.values import MediaSample

KEPT_TYPES = frozenset({"xhr", "fetch", "ping", "document", "other", "websocket"})
CHANGING = re.compile(r"\b([0-9a-f]{8,}(-[0-9a-f]{4,})*|\d+)\b", re.I)
LEAST = 3
"""So many requests of one kind make a rhythm."""
FieldKind = Literal["position", "delta", "progress", "timestamp", "counter", "other"]


@dataclass(slots=True)
class Exchange:
    """One request and, once it came, the status of its answer."""

    t: float
    """Monotonic seconds."""
    method: str
    url: str
    headers: dict[str, str]
    body: str | None
    type: str
    status: int | None = None


class Traffic:
    """Requests of one context, kept in memory."""

    def __init__(self, context: BrowserContext) -> None:
        self._seen: list[Exchange] = []
        self._open: dict[Request, Exchange] = {}
        context.on("request", self._request)
        context.on("response", self._response)

    def _request(self, request: Request) -> None:
        if request.resource_type not in KEPT_TYPES:
            return
        try:
            body = request.post_data
        except UnicodeDecodeError:  # a binary upload; its text is of no use here
            body = None
        exchange = Exchange(
            time.monotonic(), request.method, request.url, dict(request.headers), body, request.resource_type
        )
        self._open[request] = exchange
        self._seen.append(exchange)

    def _response(self, response: Response) -> None:
        exchange = self._open.pop(response.request, None)
        if exchange is not None:
            exchange.status = response.status

    def mark(self) -> int:
        """A place to look back to."""
        return len(self._seen)

    def since(self, mark: int) -> list[Exchange]:
        """What was sent after a mark."""
        return self._seen[mark:]


@dataclass(frozen=True, slots=True)
class Field:
    """A number in a report that moves, or that measures time."""

    path: str
    """`json:a.b`, `form:name` or `query:name`."""
    kind: FieldKind


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


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """The leaves of a JSON value by dotted path."""
    if isinstance(value, dict):
        parts = ((f"{path}.{k}" if path else str(k), v) for k, v in value.items())
    elif isinstance(value, list):
        parts = ((f"{path}.{i}" if path else str(i), v) for i, v in enumerate(value))
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, inner in parts:
        found |= flatten(inner, name)
    return found


def fields_of(exchange: Exchange) -> dict[str, float]:
    """Every number in a request's query and body."""
    found: dict[str, Any] = {f"query:{k}": v for k, v in parse_qsl(urlsplit(exchange.url).query)}
    if exchange.body:
        try:
            found |= {f"json:{k}": v for k, v in flatten(json.loads(exchange.body)).items()}
        except ValueError:
            found |= {f"form:{k}": v for k, v in parse_qsl(exchange.body)}
    return {k: number for k, v in found.items() if (number := _number(v)) is not None}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def learn_reports(exchanges: Iterable[Exchange], samples: Sequence[tuple[float, MediaSample]]) -> list[ReportPattern]:
    """The progress reports among requests, likeliest first.

    `samples` are (monotonic seconds, media sample) of the same stretch.
    """
    kinds: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        if exchange.type == "document" or exchange.method in ("OPTIONS", "HEAD"):
            continue
        parts = urlsplit(exchange.url)
        kinds[exchange.method, f"{parts.scheme}://{parts.netloc}{CHANGING.sub('*', parts.path)}"].append(exchange)
    found = []
    for (method, url), sent in kinds.items():
        if len(sent) < LEAST:
            continue
        period = _median([b.t - a.t for a, b in itertools.pairwise(sent)])
        moving = _moving(sent, samples, period)
        if moving:
            found.append(ReportPattern(method, url, len(sent), period, moving, sent[-1], tuple(sent)))
    return sorted(found, key=lambda p: (p.method == "GET", -len(p.moving), -p.count))


def _moving(sent: Sequence[Exchange], samples: Sequence[tuple[float, MediaSample]], period: float) -> tuple[Field, ...]:
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for exchange in sent:
        for path, number in fields_of(exchange).items():
            series[path].append((exchange.t, number))
    fields = []
    for path, points in series.items():
        if len(points) >= LEAST:
            kind = _kind(points, samples, period)
            if kind is not None:
                fields.append(Field(path, kind))
    telling = {"position", "delta", "progress"}
    return tuple(fields) if any(f.kind in telling for f in fields) else ()


def _kind(
    points: Sequence[tuple[float, float]], samples: Sequence[tuple[float, MediaSample]], period: float
) -> FieldKind | None:
    values = [v for _, v in points]
    steps = [b - a for a, b in itertools.pairwise(values)]
    rising = all(s >= 0 for s in steps) and values[-1] > values[0]
    if rising and values[0] > 1e8:
        return "timestamp"
    if rising and values[0] >= 0 and values[-1] <= 1:
        return "progress"
    if rising and all(s in (0, 1) for s in steps) and period > 1.5:
        return "counter"
    if rising and _follows(points, samples):
        return "position"
    middle = _median(values)
    # What is reported each time and is about as long as the time between two reports: a share of the study time.
    if not rising and period > 0 and any(0.4 * period <= middle / unit <= 1.6 * period for unit in (1, 1000)):
        return "delta"
    if all(0 <= v <= 1 for v in values) and 0 < middle < 0.2:
        return "progress"
    if rising:
        return "position" if all(s >= 0 for s in steps) and steps and _median(steps) > 0 else "other"
    return None


def _follows(points: Sequence[tuple[float, float]], samples: Sequence[tuple[float, MediaSample]]) -> bool:
    """Does a series keep a constant distance, or a constant ratio, to the media position?"""
    pairs = [(v, _position_at(t, samples)) for t, v in points]
    known = [(v, p) for v, p in pairs if p is not None and p > 0.5]
    if len(known) < LEAST:
        return False
    differences = [v - p for v, p in known]
    ratios = [v / p for v, p in known]
    return max(differences) - min(differences) < 3 or max(ratios) - min(ratios) < 0.1 * max(ratios)


def _position_at(t: float, samples: Sequence[tuple[float, MediaSample]]) -> float | None:
    if not samples:
        return None
    at, sample = min(samples, key=lambda s: abs(s[0] - t))
    return sample.position_s if abs(at - t) < 5 else None


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
