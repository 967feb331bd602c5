"""Verdicts in; an outcome per function and a decision out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.model.finding import Text, Verdict
from harness.model.outcome import Decision, Level, Mode, Outcome, worst
from harness.model.requirement import Standard
from harness.model.run import FunctionResult

MAY_NOT_APPLY = frozenset({"H02"})
"""Functions that may not apply to a platform as a whole (design.md section 4): F01 to F13 and H01 always do."""
ALL_MET = Text(zh="各项要求均符合", en="every requirement is met")


def roll_up(verdicts: Sequence[Verdict], standard: Standard) -> dict[str, FunctionResult]:
    """The fifteen rows. `outcome` is of what is mandatory, `outcome_extended` also of our own limits."""
    rows = {}
    for function in standard.functions:
        of = [v for v in verdicts if v.function == function.id]
        must = [v for v in of if v.mandatory]
        more = [v for v in of if v.mandatory or v.level in (Level.DEFAULT, Level.ADVISORY)]
        outcome = worst([v.outcome for v in must])
        reason = next((v for v in must if v.outcome is outcome), must[0])
        why = reason.observed if outcome is not Outcome.PASS else ALL_MET
        rows[function.id] = FunctionResult(
            zh=function.zh,
            en=function.en,
            outcome=outcome,
            outcome_extended=worst([v.outcome for v in more]),
            requirements=tuple(v.id for v in of),
            why=why,
        )
    return rows


def decide(verdicts: Iterable[Verdict], *, extended: bool = False) -> Decision:
    """The decision on findings alone (`would_be`): FAIL beats what is open, what is open beats conformity.

    With `extended`, limits and hardenings of our own count too. A function of which nothing applies was not tested,
    whoever says that it doesn't. Raises NothingJudged for an empty set.
    """
    every = list(verdicts)
    severest = worst([v.outcome for v in every if v.mandatory or (extended and v.level is Level.DEFAULT)])
    if severest is Outcome.FAIL:
        return Decision.NONCONFORMANT
    if severest.severity > Outcome.WARN.severity or set_aside(every):
        return Decision.INCOMPLETE
    return Decision.CONFORMANT


def set_aside(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Functions that must apply and of which nothing mandatory was said to."""
    applies: dict[str, bool] = {}
    for v in verdicts:
        if v.mandatory and v.function not in MAY_NOT_APPLY:
            applies[v.function] = applies.get(v.function, False) or v.outcome is not Outcome.NOT_APPLICABLE
    return tuple(name for name, some in applies.items() if not some)


def binding(would_be: Decision, mode: Mode, *, selftest_passed: bool, all_channels: bool) -> Decision:
    """The decision that may be issued. Only CONFORMANT can be held back, and only a full run in real time has one.

    A missing or stale self-test and an untested channel leave it INCOMPLETE; a violation that was seen stays one.
    """
    if mode is not Mode.CERTIFICATION:
        return Decision.NONCONFORMANT if would_be is Decision.NONCONFORMANT else Decision.INCOMPLETE
    if would_be is Decision.CONFORMANT and not (selftest_passed and all_channels):
        return Decision.INCOMPLETE
    return would_be
