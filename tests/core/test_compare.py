"""A value is judged with its uncertainty: at the limit, just inside it, just beyond it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.compare import at_least, at_most
from harness.model.outcome import Outcome, Reason

LIMIT, U, TOLERANCE, HAIR = 1800.0, 2.0, 30.0, 1e-6
PASSED = (Outcome.PASS, None)
FAILED = (Outcome.FAIL, None)
UNTOLD = (Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE)
amounts = st.floats(-1e6, 1e6)
small = st.floats(0, 1e4)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (LIMIT - 60, PASSED),
        (LIMIT - HAIR, PASSED),
        (LIMIT, PASSED),
        (LIMIT + HAIR, UNTOLD),
        (LIMIT + U, UNTOLD),
        (LIMIT + U + HAIR, FAILED),
        (LIMIT + 600, FAILED),
    ],
)
def test_at_most_is_inclusive_and_grey_within_the_uncertainty(measured: float, expected: object) -> None:
    assert at_most(measured, LIMIT, U, TOLERANCE) == expected


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (LIMIT + 60, PASSED),
        (LIMIT, PASSED),
        (LIMIT - HAIR, UNTOLD),
        (LIMIT - U, UNTOLD),
        (LIMIT - U - HAIR, FAILED),
    ],
)
def test_at_least_is_inclusive_and_grey_within_the_uncertainty(measured: float, expected: object) -> None:
    assert at_least(measured, LIMIT, U, TOLERANCE) == expected


@pytest.mark.parametrize(("u", "expected"), [(10.0, PASSED), (10.0 + HAIR, UNTOLD)])
def test_a_pass_needs_an_uncertainty_of_at_most_a_third_of_the_tolerance(u: float, expected: object) -> None:
    assert at_most(LIMIT - 100, LIMIT, u, TOLERANCE) == expected
    assert at_least(LIMIT + 100, LIMIT, u, TOLERANCE) == expected


def test_a_coarse_measurement_can_still_show_a_gross_excess() -> None:
    assert at_most(LIMIT + 601, LIMIT, 600.0, TOLERANCE) == FAILED


def test_what_is_not_a_number_is_never_a_pass() -> None:
    assert at_most(math.nan, LIMIT, U, TOLERANCE) == UNTOLD
    assert at_least(math.nan, LIMIT, U, TOLERANCE) == UNTOLD


@given(measured=amounts, limit=amounts, u=small, tolerance=small)
def test_one_is_the_mirror_image_of_the_other(measured: float, limit: float, u: float, tolerance: float) -> None:
    assert at_least(measured, limit, u, tolerance) == at_most(-measured, -limit, u, tolerance)


@given(measured=amounts, more=small, limit=amounts, u=small, tolerance=small)
def test_more_never_looks_better_to_at_most(
    measured: float, more: float, limit: float, u: float, tolerance: float
) -> None:
    less, greater = at_most(measured, limit, u, tolerance), at_most(measured + more, limit, u, tolerance)
    assert greater[0].severity >= less[0].severity


@given(measured=amounts, limit=amounts, u=small, doubt=small, tolerance=small)
def test_more_doubt_never_turns_a_verdict_around(
    measured: float, limit: float, u: float, doubt: float, tolerance: float
) -> None:
    sure, unsure = at_most(measured, limit, u, tolerance)[0], at_most(measured, limit, u + doubt, tolerance)[0]
    assert unsure in (sure, Outcome.INCONCLUSIVE)
