"""What a judge says of one walk, and what a requirement's verdict is made of."""

from __future__ import annotations

from typing import Literal

from harness.model.outcome import Level, Outcome, Reason
from harness.model.values import Frozen


class Text(Frozen):
    """A sentence in both languages of the report."""

    zh: str
    en: str


Told = Text | str
"""What a platform credited or did not: a sentence, or a text that begins with the name of a stimulus or of a stretch
of the walk (`seek_by_bar (31 s -> 501 s): 20 s recorded`), for which a report has the words."""


class Finding(Frozen):
    """One judge's reading of one attempt of one walk."""

    outcome: Outcome
    reason: Reason | None = None
    """Set exactly when the outcome is INCONCLUSIVE."""
    expected: Text
    observed: Text
    uncertainty: str = ""
    refs: tuple[int, ...] = ()
    """Sequence numbers of the ledger lines that carry the sentence."""
    evidence: tuple[str, ...] = ()
    """Files in evidence/."""
    accepted: tuple[Told, ...] = ()
    """Stimuli that the platform credited, honest ones first."""
    refused: tuple[Told, ...] = ()
    """Stimuli that it did not credit."""
    unearned: bool = False
    """The record shows credit that nobody earned: a FAIL that need not repeat (design.md section 4)."""
    settled: bool = False
    """Inconclusive, but for a reason that another attempt would only show again."""
    proviso: Literal["documentary", "not_applicable"] | None = None
    """The requirement's proviso holds, and this is what it then becomes."""
    walk: str = ""
    attempt: int = 1


class Verdict(Frozen):
    """The outcome of one requirement over all its walks and attempts."""

    id: str
    function: str
    level: Level
    mandatory: bool
    observe: str
    title: Text
    question: Text | None = None
    """What an assessor is asked, where the outcome waits for one."""
    outcome: Outcome
    reason: Reason | None = None
    expected: Text
    observed: Text
    uncertainty: str = ""
    repeated: str = ""
    """'2/2': how many of the attempts gave this outcome."""
    refs: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    clause: str = ""
    limit_from: str = ""
    """Which of base, overlay, declared policy or harness gave the limit."""
