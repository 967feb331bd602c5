"""Whether a conclusion sheet may be issued; in a file of its own, as most runs end without one and need no printing."""

from __future__ import annotations

from harness.model.outcome import Decision, Mode
from harness.model.run import RunResult

ISSUING = frozenset({"commissioned", "enforcement"})
"""Kinds of assessment that may end in a conclusion sheet; a self-check may not."""


def may_be_issued(result: RunResult) -> bool:
    """Only a full run in real time that conforms, on commission or in an inspection."""
    return (
        result.decision is Decision.CONFORMANT
        and result.mode is Mode.CERTIFICATION
        and result.subject.assessment in ISSUING
    )
