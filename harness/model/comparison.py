"""What changed between two runs, requirement by requirement, and what it is put down to."""

from __future__ import annotations

from typing import Literal

from harness.model.finding import Text
from harness.model.outcome import Decision, Level, Outcome
from harness.model.values import Frozen

Cause = Literal["subject", "profile", "standard", "harness", "conditions", "behaviour"]
"""`behaviour`: nothing that is known differs, so the platform behaved in another way."""


class Side(Frozen):
    """One of the two runs."""

    number: str
    subject: str
    version: str
    started_utc: str
    decision: Decision
    would_be: Decision


class Difference(Frozen):
    """Something that the runs do not have in common."""

    cause: Cause
    before: str
    after: str


class Change(Frozen):
    """A requirement that was executed in both and came out differently."""

    id: str
    title: Text
    level: Level
    mandatory: bool
    before: Outcome
    after: Outcome
    worse: bool
    causes: tuple[Cause, ...]
    """What it may be put down to; one where it could be told apart."""
    proven: bool = False
    """Shown by judging the first run's ledger again under the second's rules."""
    observed_before: Text
    observed_after: Text
    waived: str = ""
    """Owner, reason and last day of a waiver in force. It changes nothing but where the line is shown."""


class Comparison(Frozen):
    """The whole."""

    before: Side
    after: Side
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    same: int
    """Requirements that were executed in both and came out alike."""
    only_before: tuple[str, ...]
    """Ids that were executed in the first run only."""
    only_after: tuple[str, ...]
    notes: tuple[Text, ...] = ()

    @property
    def worse(self) -> tuple[Change, ...]:
        """What got worse and is not waived."""
        return tuple(c for c in self.changes if c.worse and not c.waived)
