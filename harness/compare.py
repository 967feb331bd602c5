"""Deciding on a measured value with its uncertainty (design.md section 4), in one place for every judge."""

from __future__ import annotations

from harness.model.outcome import Outcome, Reason


def at_most(measured: float, limit: float, u: float, tolerance: float) -> tuple[Outcome, Reason | None]:
    """Judge `measured <= limit`, all in one unit.

    FAIL beyond limit + u; PASS at or below the limit if u is at most a third of the tolerance (or of the
    stimulus's distance from the limit); what lies between cannot be told.
    """
    if measured > limit + u:
        return Outcome.FAIL, None
    if measured <= limit and u <= tolerance / 3:
        return Outcome.PASS, None
    return Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE


def at_least(measured: float, limit: float, u: float, tolerance: float) -> tuple[Outcome, Reason | None]:
    """Judge `measured >= limit`; the mirror image of `at_most`."""
    return at_most(-measured, -limit, u, tolerance)
