"""Who sets the limit that applies, and what a rehearsal makes of it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import StandardError
from harness.model.finding import Text
from harness.model.outcome import Level
from harness.model.requirement import Limit, Requirement, Standard, Tightened

VALUES = st.floats(min_value=0.1, max_value=1e5)
BETTER = st.sampled_from(["lower", "higher"])


def make(value: float, better: str, overlays: dict[str, float] | None = None, **more: object) -> Requirement:
    base = Limit.model_validate(
        {"name": "x", "value": value, "unit": "second", "kind": "cap", "source": "standard", "better": better, **more}
    )
    own = tuple(
        Tightened(overlay=name, limit=base.model_copy(update={"value": v, "source": "overlay"}))
        for name, v in (overlays or {}).items()
    )
    both = Text(zh="应", en="shall")
    return Requirement(
        id="S/F13-1",
        function="F13",
        level=Level.BASE,
        origin="base",
        observe="automatic",
        title=both,
        statement=both,
        clause="c",
        limits={"x": base},
        tightened={"x": own} if own else {},
    )


@pytest.mark.parametrize(
    ("declared", "value", "winner"),
    [
        (None, 600, "harness"),
        (599, 599, "declared"),
        (600, 600, "harness"),
        (601, 600, "harness"),
        (300, 300, "declared"),
    ],
)
def test_a_declared_idle_time_inside_at_and_beyond_the_cap(
    standard: Standard, declared: float | None, value: float, winner: str
) -> None:
    found = standard.limit("F13-1v", "idle_cap", declared=declared)
    assert (found.value, found.winner, found.unit) == (value, winner, "second")


@pytest.mark.parametrize(
    ("declared", "value", "winner"),
    [(1799, 1800, "base"), (1800, 1800, "base"), (1801, 1801, "declared"), (2700, 2700, "declared")],
)
def test_a_class_hour_may_be_declared_longer_never_shorter(
    standard: Standard, declared: float, value: float, winner: str
) -> None:
    found = standard.limit(standard.get("H01-1"), "online_hour", declared=declared)
    assert (found.value, found.winner) == (value, winner)


@pytest.mark.parametrize(
    ("own", "value", "winner"),
    [(599.0, 599, "overlay:P"), (600.0, 600, "base"), (601.0, 600, "base")],
)
def test_an_overlay_at_inside_and_beyond(own: float, value: float, winner: str) -> None:
    found = make(600, "lower", {"P": own}).limit("x")
    assert (found.value, found.winner) == (value, winner)


@pytest.mark.parametrize(
    ("id", "name", "scale", "value", "scaled"),
    [
        ("F05-1", "session_tolerance", 10, 3, True),
        ("F05-1", "session_tolerance", 15, 2, True),
        ("F05-1", "session_tolerance", 60, 2, True),  # never below what polling tells apart
        ("F11-1", "seek_tolerance", 1, 5, False),
        ("F13-1", "idle_cap", 60, 10, True),
        ("H01-1", "online_hour", 60, 30, True),
        ("H01-2", "offline_hour", 60, 2700, False),  # attendance has real time stamps
        ("F10-3v", "answer_within", 60, 60, False),  # people answer no faster in a rehearsal
        ("F10-3v", "tries", 60, 3, False),
        ("F11-2", "credit_ratio", 60, 1.02, False),
        ("H02-1", "offline_share", 60, 0.3, False),
    ],
)
def test_what_a_rehearsal_shortens(
    standard: Standard, id: str, name: str, scale: float, value: float, scaled: bool
) -> None:
    found = standard.limit(id, name, scale=scale)
    assert found.value == pytest.approx(value)
    assert found.scaled is scaled


def test_the_declared_value_is_written_unscaled(standard: Standard) -> None:
    assert standard.limit("F13-1v", "idle_cap", declared=300, scale=10).value == 30


def test_the_offline_share_is_exact(standard: Standard) -> None:
    share = standard.limit("H02-1", "offline_share").exact
    assert share == Fraction(3, 10)
    assert Fraction("14.4") / 48 >= share
    assert Fraction(14) / 48 < share


def test_an_unknown_limit_or_requirement_names_what_there_is(standard: Standard) -> None:
    with pytest.raises(StandardError, match="expected seek_tolerance"):
        standard.limit("F11-1", "seek")
    with pytest.raises(StandardError, match="expected F11-"):
        standard.get("F11-l")
    assert standard.find("F03-2") is None
    assert standard.get("AQ8011-2023/F11-1") is standard.get("F11-1")


@given(base=VALUES, own=st.dictionaries(st.sampled_from("PQR"), VALUES), declared=st.none() | VALUES, better=BETTER)
def test_the_strictest_wins_and_is_named(
    base: float, own: dict[str, float], declared: float | None, better: str
) -> None:
    found = make(base, better, own).limit("x", declared=declared)
    everyone = {"base": base, **{f"overlay:{k}": v for k, v in own.items()}}
    if declared is not None:
        everyone["declared"] = declared
    assert found.value == (min if better == "lower" else max)(everyone.values())
    assert everyone[found.winner] == found.value
    if base == found.value:
        assert found.winner == "base"  # on a tie nobody has tightened anything


@given(base=VALUES, declared=VALUES, looser=VALUES, better=BETTER)
def test_a_looser_voice_changes_nothing(base: float, declared: float, looser: float, better: str) -> None:
    without = make(base, better).limit("x", declared=declared)
    beyond = base + looser if better == "lower" else base - looser
    assert make(base, better, {"P": beyond}).limit("x", declared=declared) == without


@given(
    base=VALUES,
    declared=VALUES,
    scale=st.floats(min_value=1.001, max_value=1000),
    better=BETTER,
    kind=st.sampled_from(["cap", "limit"]),
)
def test_scaling_never_changes_who_wins(base: float, declared: float, scale: float, better: str, kind: str) -> None:
    of = make(base, better, kind=kind, scaled=True)
    real, rehearsed = of.limit("x", declared=declared), of.limit("x", declared=declared, scale=scale)
    assert rehearsed.winner == real.winner
    assert rehearsed.value == pytest.approx(real.value / scale)


@given(value=VALUES, scale=st.floats(min_value=1.001, max_value=1000))
def test_a_tolerance_is_never_shortened_below_two_seconds(value: float, scale: float) -> None:
    found = make(value, "lower", kind="tolerance", scaled=True).limit("x", scale=scale)
    assert found.value == max(value / scale, 2.0)
