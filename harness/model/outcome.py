"""The words of a verdict: outcomes, reason codes, levels, decisions (design.md section 4)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from harness.errors import NothingJudged


class Outcome(StrEnum):
    """What was found; worst wins: FAIL > INCONCLUSIVE > REVIEW > WARN > PASS > NOT_APPLICABLE."""

    NOT_APPLICABLE = "NOT_APPLICABLE"
    PASS = "PASS"
    WARN = "WARN"
    REVIEW = "REVIEW"
    INCONCLUSIVE = "INCONCLUSIVE"
    FAIL = "FAIL"

    @property
    def severity(self) -> int:
        """Position in the order of severity, 0 for NOT_APPLICABLE up to 5 for FAIL."""
        return _ORDER[self]


_ORDER = {outcome: place for place, outcome in enumerate(Outcome)}


class Reason(StrEnum):
    """Why an outcome is INCONCLUSIVE."""

    NOT_RUN = "NOT_RUN"
    PRECONDITION_UNMET = "PRECONDITION_UNMET"
    INSUFFICIENT_EVIDENCE = "INSUFFICIENT_EVIDENCE"
    UNSTABLE = "UNSTABLE"
    UNSUPPORTED = "UNSUPPORTED"
    HARNESS_ERROR = "HARNESS_ERROR"


class Level(StrEnum):
    """Whose rule it is (regulation.md section 5)."""

    BASE = "base"
    OVERLAY = "overlay"
    DEFAULT = "default"
    ADVISORY = "advisory"
    DOCUMENTARY = "documentary"
    LEGAL_NOTE = "legal_note"


class Decision(StrEnum):
    """检测结论: 通过 / 不通过 / 未完成."""

    CONFORMANT = "CONFORMANT"
    NONCONFORMANT = "NONCONFORMANT"
    INCOMPLETE = "INCOMPLETE"

    @property
    def exit_code(self) -> int:
        """0, 1 or 3 (design.md section 4)."""
        return {"CONFORMANT": 0, "NONCONFORMANT": 1, "INCOMPLETE": 3}[self.value]


class Mode(StrEnum):
    """What kind of run it was; only a certification can be CONFORMANT."""

    CERTIFICATION = "certification"
    REHEARSAL = "rehearsal"
    PARTIAL = "partial"


def worst(outcomes: Collection[Outcome]) -> Outcome:
    """The worst of some outcomes.

    Raises NothingJudged for an empty collection: nothing is not a pass.
    """
    if not outcomes:
        raise NothingJudged("no outcome to roll up", got="an empty set", expected="at least one verdict")
    return max(outcomes, key=lambda outcome: outcome.severity)
