"""The bound of a rate: against its closed form, against published values, and at its edges."""

from __future__ import annotations

import pytest

from harness.rates import upper_bound


@pytest.mark.parametrize(("tries", "bound"), [(1, 0.95), (3, 0.6316), (10, 0.2589), (30, 0.0950), (300, 0.0099)])
def test_of_none_in_n(tries: int, bound: float) -> None:
    assert upper_bound(0, tries) == pytest.approx(bound, abs=1e-4)
    assert upper_bound(0, tries) == pytest.approx(1 - 0.05 ** (1 / tries))


@pytest.mark.parametrize(
    ("happened", "tries", "bound"), [(1, 10, 0.3942), (1, 20, 0.2161), (2, 20, 0.2826), (5, 10, 0.7776)]
)
def test_of_some_in_n_as_tables_have_it(happened: int, tries: int, bound: float) -> None:
    assert upper_bound(happened, tries) == pytest.approx(bound, abs=1e-4)


@pytest.mark.parametrize(("happened", "tries"), [(0, 0), (1, 1), (20, 20)])
def test_nothing_is_bounded_by_nothing_or_by_always(happened: int, tries: int) -> None:
    assert upper_bound(happened, tries) == 1.0


@pytest.mark.parametrize(("happened", "tries"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(happened: int, tries: int) -> None:
    with pytest.raises(ValueError, match=r"in 3 tries"):
        upper_bound(happened, tries)
