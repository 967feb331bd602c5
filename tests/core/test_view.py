"""What a player really did, measured on literal samples."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.observation import Media
from harness.model.values import MediaSample
from harness.view import Watched, measure


def media(
    position: float, *, rate: float = 1.0, paused: bool = False, hidden: bool = False, ended: bool = False
) -> Media:
    return Media(
        sample=MediaSample(
            position_s=position,
            duration_s=600.0,
            rate=rate,
            paused=paused,
            ended=ended,
            seeking=False,
            hidden=hidden,
            ready=4,
        )
    )


def look(samples: Sequence[Media], *, reached: float = 0.0, tolerance: float = 0.0) -> Watched:
    """Measure samples that are one second apart."""
    timed = [(float(t), sample) for t, sample in enumerate(samples)]
    return measure(timed, 0.0, float(len(samples) - 1), reached, tolerance)


def test_honest_play_counts_second_for_second() -> None:
    seen = look([media(float(t)) for t in range(31)])
    assert (seen.wall_s, seen.valid_s, seen.media_s, seen.unique_s) == (30, 30, 30, 30)
    assert (seen.beyond_s, seen.hidden_s, seen.paused_s) == (0, 0, 0)
    assert (seen.furthest_s, seen.rate, seen.samples) == (30, 1, 31)


def test_a_pause_earns_nothing() -> None:
    play = [media(float(t)) for t in range(10)]
    seen = look([*play, *[media(10.0, paused=True)] * 20, media(10.0), media(11.0)])
    assert seen.valid_s == 11
    assert seen.paused_s == 20
    assert seen.rate == pytest.approx(1.0, abs=0.1)


def test_a_jump_is_not_time_watched_and_what_follows_lies_beyond() -> None:
    seen = look([*[media(float(t)) for t in range(11)], *[media(300.0 + t) for t in range(11)]])
    assert seen.valid_s == 20
    assert seen.media_s == 20
    assert seen.unique_s == 20
    assert seen.beyond_s == 10
    assert seen.furthest_s == 310


def test_a_jump_that_the_page_sets_back_leaves_nothing_beyond() -> None:
    seen = look([media(9.0), media(10.0), media(300.0), media(10.0), media(11.0), media(12.0)], reached=9.0)
    assert seen.valid_s == 3
    assert seen.beyond_s == 0
    assert seen.furthest_s == 300


def test_what_was_reached_before_is_not_beyond() -> None:
    replayed = [media(100.0 + t) for t in range(11)]
    assert look(replayed, reached=120.0).beyond_s == 0
    assert look(replayed, reached=50.0).beyond_s == 10
    assert look(replayed, reached=50.0, tolerance=60.0).beyond_s == 0


def test_twice_the_rate_is_twice_the_media_but_no_more_time() -> None:
    seen = look([media(2.0 * t, rate=2.0) for t in range(31)])
    assert (seen.valid_s, seen.media_s, seen.unique_s) == (30, 60, 60)
    assert seen.beyond_s == 0
    assert seen.rate == 2


def test_hidden_time_is_not_valid_though_the_media_ran() -> None:
    seen = look(
        [*[media(float(t)) for t in range(10)], *[media(10.0 + t, hidden=True) for t in range(10)], media(20.0)]
    )
    assert (seen.valid_s, seen.hidden_s, seen.media_s) == (10, 10, 20)


def test_seeing_a_part_again_is_time_but_not_new_media() -> None:
    once = [media(float(t)) for t in range(11)]
    seen = look([*once, *once])
    assert (seen.valid_s, seen.media_s, seen.unique_s) == (20, 20, 10)


def test_after_the_end_nothing_runs() -> None:
    seen = look([media(599.0), *[media(600.0, ended=True)] * 10])
    assert (seen.valid_s, seen.paused_s) == (1, 9)


def test_a_picture_that_stands_still_earns_nothing() -> None:
    assert look([media(5.0)] * 10).valid_s == 0


def test_the_first_place_seen_is_not_taken_for_reached_honestly() -> None:
    assert look([media(200.0 + t) for t in range(11)]).beyond_s == 10


def test_without_samples_nothing_is_claimed() -> None:
    seen = measure([], 0.0, 60.0, 0.0, 0.0)
    assert (seen.wall_s, seen.valid_s, seen.samples) == (60, 0, 0)


positions = st.lists(st.tuples(st.floats(0, 600), st.floats(0.25, 16), st.booleans(), st.booleans()), max_size=30)


@given(positions)
def test_no_behaviour_earns_more_than_the_wall_clock(seen: list[tuple[float, float, bool, bool]]) -> None:
    watched = look([media(p, rate=r, paused=still, hidden=away) for p, r, still, away in seen] or [media(0.0)])
    assert 0 <= watched.valid_s <= watched.wall_s + 1e-9
    assert watched.unique_s <= watched.media_s + 1e-9
    assert watched.beyond_s <= watched.media_s + 1e-9


def written(*rows: tuple[float, float, float | None], rate: float = 1.0) -> Watched:
    """Samples as (seconds, position, played)."""
    made = [media(position, rate=rate) for _, position, _ in rows]
    timed = [
        (t, one.model_copy(update={"sample": one.sample.model_copy(update={"played_s": played})}))
        for one, (t, _, played) in zip(made, rows, strict=True)
    ]
    return measure(timed, rows[0][0], rows[-1][0], 0.0, 2.0)


def test_a_sample_that_was_written_down_late_costs_nothing() -> None:
    """Seen in the field: gaps of 2.01 s and 0.78 s, in which the player played 0.51 s and 2.25 s."""
    seen = written((0, 10, 10), (0.5, 10.5, 10.5), (2.51, 11.01, 11.01), (3.29, 13.26, 13.26), (3.8, 13.77, 13.77))
    assert seen.valid_s == pytest.approx(3.77)
    assert seen.media_s == pytest.approx(3.77)
    assert seen.unique_s == pytest.approx(3.77)


@pytest.mark.parametrize("played", [11.79, None])
def test_a_jump_after_a_standstill_is_still_a_jump(played: float | None) -> None:
    """The player was moved: it did not play what it passed over, or does not say so."""
    seen = written((0, 10, 10), (0.5, 10.5, 10.5), (2.51, 11.01, 11.01), (3.29, 13.26, played))
    assert seen.valid_s == pytest.approx(1.01)


def test_what_was_watched_is_never_more_than_the_time_that_went_by() -> None:
    seen = written((0, 0, 0), (2, 1, 1), (2.5, 5, 5), (3, 9, 9), rate=2.0)
    assert seen.valid_s <= 3.0
    slow = written((0, 0, 0), (2, 1, 1), (4, 2, 2), (4.1, 4, 4), rate=0.5)
    assert slow.valid_s <= 4.1
