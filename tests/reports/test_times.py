"""Times are true, and told as in China."""

from __future__ import annotations

import pytest

from reports import times
from tests.reports import sample


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-24T10:06:52.7Z", "2026-11-24 17:00:00 – 18:06:52"),
        ("2026-11-24T15:30:00Z", "2026-11-24T16:30:00Z", "2026-11-24 23:30:00 – 2026-11-25 00:30:00"),
        ("", "", " – "),
        ("soon", "later", "soon – later"),
    ],
)
def test_period(start: str, end: str, shown: str) -> None:
    assert times.period(start, end) == shown


def test_a_time_without_zone_is_utc() -> None:
    assert times.beijing("2026-11-24T09:00:00") == "2026-11-24 17:00:00"


def test_each_attempt_counts_once_and_the_wait_between_them_does_not() -> None:
    result = sample.build()
    verdict = next(v for v in result.requirements if v.id.endswith("F11-1"))
    walks = times.walks_of(verdict, result)
    assert [(w.walk, w.attempt) for w in walks] == [("f11.drag", 1), ("f11.drag", 2)]
    span = times.span(walks, result)
    assert span.took == pytest.approx(2 * 1835.4)
    assert span.stop - span.start == pytest.approx(31 * 60 + 2 + 1835.4)


def test_without_walks_the_run_began_and_nothing_took_time() -> None:
    result = sample.build()
    span = times.span((), result)
    assert span.took == 0
    assert span.start == span.stop == pytest.approx(1795510800.0)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0.0 s"), (119.94, "119.9 s"), (120, "2 min 00 s"), (3599.6, "60 min 00 s")]
)
def test_minutes(seconds: float, shown: str) -> None:
    assert times.minutes(seconds) == shown
