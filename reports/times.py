"""When the walks behind a verdict ran and how long they took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from harness.model.finding import Verdict
from harness.model.run import RunResult, WalkSummary

BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Span:
    """Start and end in seconds since 1970 (UTC), and the seconds that the walks took together."""

    start: float
    stop: float
    took: float


def moment(utc: str) -> datetime | None:
    """A time stamp of a run as an aware datetime in UTC; None when it is empty or no time stamp."""
    try:
        read = datetime.fromisoformat(utc)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def beijing(utc: str) -> str:
    """A time stamp as people in China read it, to the second; as it stands when it is no time stamp."""
    read = moment(utc)
    return read.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S") if read else utc


def period(start: str, end: str) -> str:
    """From start to end; the date only once where it is the same day."""
    first, last = beijing(start), beijing(end)
    same = first[:11] == last[:11] and moment(start) is not None and moment(end) is not None
    return f"{first} – {last[11:] if same else last}"


def walks_of(verdict: Verdict, result: RunResult) -> tuple[WalkSummary, ...]:
    """The walks that a verdict's findings were judged on, each attempt once, in the order of the run."""
    wanted = {(finding.walk, finding.attempt) for finding in verdict.findings}
    return tuple(walk for walk in result.walks if (walk.walk, walk.attempt) in wanted)


def span(walks: Iterable[WalkSummary], result: RunResult) -> Span:
    """From the first start to the last end; nothing but the run's own start when no walk ran."""
    times = [(start.timestamp(), walk.took_s) for walk in walks if (start := moment(walk.started_utc))]
    if not times:
        begun = moment(result.started_utc)
        at = begun.timestamp() if begun else 0.0
        return Span(at, at, 0.0)
    return Span(
        min(start for start, _ in times), max(start + took for start, took in times), sum(took for _, took in times)
    )


def minutes(seconds: float) -> str:
    """Seconds for people: `12.3 s` below two minutes, else `30 min 35 s`."""
    if seconds < 120:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s"
