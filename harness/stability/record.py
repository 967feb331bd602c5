"""What is kept of each rehearsal, one line of JSON, appended as it ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from harness.judge import combine
from harness.lines import Lines
from harness.model.finding import Finding, Text, Verdict
from harness.model.outcome import Reason
from harness.model.run import RunResult
from harness.model.values import Frozen

RESULTS = "results.jsonl"
PLAIN = ("PASS", "NOT_APPLICABLE")
"""Nobody asks why."""


class Repeated(Frozen):
    """A walk that was made more than once for a requirement."""

    walk: str
    attempts: tuple[str, ...]
    """What each attempt showed, in order: `INCONCLUSIVE(INSUFFICIENT_EVIDENCE)`, `PASS`."""
    stands: str
    """What all of them together are worth."""

    @property
    def uncertain_first(self) -> bool:
        """Whether the first attempt alone would have left it open, or would have been a FAIL."""
        return not _told(self.attempts[0])

    @property
    def settled(self) -> bool:
        """Whether a later attempt told what the first could not."""
        return self.uncertain_first and _told(self.stands)


class Seen(Frozen):
    """One requirement in one rehearsal."""

    outcome: str
    """`PASS`, `INCONCLUSIVE(UNSTABLE)`"""
    attempts: int = 0
    """Of the walk that was made most often; 0 where no walk was judged."""
    repeated: tuple[Repeated, ...] = ()
    why: Text | None = None
    """What was observed; None for a PASS."""

    @property
    def failed(self) -> bool:
        """A FAIL: on a platform without defects a false one."""
        return self.outcome == "FAIL"

    @property
    def open(self) -> bool:
        """Could not be told."""
        return self.outcome.startswith("INCONCLUSIVE")


class Rehearsal(Frozen):
    """One rehearsal, or that it broke. It counts for exactly the code and the order in `key`."""

    key: str
    observed: str = ""
    """Equal for rehearsals that were made with the same code and order, however they were judged."""
    front: str
    busy: bool
    """Whether every core had something else to do all the while."""
    begun: str = ""
    """UTC, ISO 8601."""
    seconds: float = 0.0
    """Wall time of the whole certification, its start and its subject's included."""
    bound_s: float = 0.0
    """What no schedule could beat."""
    run: str = ""
    """The run's folder, below the folder of results."""
    would_be: str = ""
    requirements: dict[str, Seen] = Field(default_factory=dict)
    """By short id."""
    error: str = ""
    """Why nothing was found out."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Requirements that FAIL."""
        return tuple(name for name, seen in self.requirements.items() if seen.failed)


def seen_in(result: RunResult, *, partial: bool = False) -> dict[str, Seen]:
    """Each requirement of a finished run by its short id, without what waits for an assessor's papers anyway.

    `partial`: only some were asked for, and what did not run is left out.
    """
    return {
        v.id.rsplit("/", 1)[-1]: _seen(v)
        for v in result.requirements
        if v.observe == "automatic" and not (partial and v.reason is Reason.NOT_RUN)
    }


def _seen(verdict: Verdict) -> Seen:
    by_walk: dict[str, list[Finding]] = defaultdict(list)
    for finding in verdict.findings:
        if finding.walk:
            by_walk[finding.walk].append(finding)
    ordered = {walk: sorted(made, key=lambda f: f.attempt) for walk, made in by_walk.items()}
    return Seen(
        outcome=_word(verdict),
        attempts=max(map(len, ordered.values()), default=0),
        repeated=tuple(
            Repeated(walk=walk, attempts=tuple(map(_word, made)), stands=_word(combine(made)[0]))
            for walk, made in ordered.items()
            if len(made) > 1
        ),
        why=None if verdict.outcome.value in PLAIN else verdict.observed,
    )


def _word(found: Finding | Verdict) -> str:
    return found.outcome.value + (f"({found.reason.value})" if found.reason else "")


def _told(outcome: str) -> bool:
    return not outcome.startswith(("INCONCLUSIVE", "FAIL"))


class Kept(Lines[Rehearsal]):
    """The rehearsals of a folder: those of other versions stay, and don't count."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError when there is another file in the place of results."""
        super().__init__(folder / RESULTS, Rehearsal)

    def of(self, keys: Iterable[str]) -> tuple[Rehearsal, ...]:
        """Those that count for these keys, oldest first."""
        wanted = frozenset(keys)
        return tuple(r for r in self.all if r.key in wanted)
