"""The offset to a server's clock is bracketed, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.clock import DateSample, server_offset

START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@given(
    true=st.floats(-100_000, 100_000),
    fractions=st.lists(st.floats(0, 5), min_size=1, max_size=12),
    delay=st.floats(0, 0.4),
)
def test_the_true_offset_is_inside_the_stated_uncertainty(true: float, fractions: list[float], delay: float) -> None:
    samples = []
    for fraction in fractions:
        sent = START + timedelta(seconds=fraction)
        server = sent + timedelta(seconds=true + delay / 2)
        samples.append(DateSample(sent, sent + timedelta(seconds=delay), server.replace(microsecond=0)))
    found = server_offset(samples)
    assert found is not None
    assert abs(found.offset_s - true) <= found.u_s + 1e-5


def test_more_samples_narrow_it() -> None:
    def at(fraction: float) -> DateSample:
        sent = START + timedelta(seconds=fraction)
        return DateSample(sent, sent, sent.replace(microsecond=0))

    one, many = server_offset([at(0.5)]), server_offset([at(x / 10) for x in range(10)])
    assert one is not None
    assert many is not None
    assert one.u_s == 0.5
    assert many.u_s < 0.06


def test_no_sample_no_offset() -> None:
    assert server_offset([]) is None
