"""What the runs of a self-test mean: killed, survived, false alarm, decoy failed, empty pass. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from harness.model.outcome import Outcome, Reason
from harness.model.values import Frozen
from harness.selftest.catalogue import Entry
from harness.selftest.job import JobResult

GOOD = ("PASS", "WARN", "REVIEW", "NOT_APPLICABLE")
"""Verdicts that an unusual but conforming platform must share with the clean one."""

NOT_OTHERWISE = {Outcome.FAIL.value, Outcome.INCONCLUSIVE.value}
"""What an attempt may show without contradicting a FAIL."""


class Row(Frozen):
    """One defect on one front end: a line of the matrix."""

    id: str
    function: str
    kind: str
    front: str
    violates: str
    implies: tuple[str, ...]
    status: Literal["killed", "survived", "not_run"]
    got: str = ""
    """The outcome of the requirement that it violates."""
    unsteady: str = ""
    """What the attempts showed that it FAILed in, where not all did."""
    failed: tuple[str, ...] = ()
    run: str = ""
    alone: bool = False
    statement_zh: str = ""
    statement_en: str = ""


class Alarm(Frozen):
    """A FAIL that no switched-on defect explains."""

    front: str
    defects: tuple[str, ...]
    requirement: str
    run: str = ""


class Summary(Frozen):
    """The self-test's result; the content of summary.json and of `--json`."""

    v: Literal[1] = 1
    harness: str
    standard: str
    subject: str
    scale: float
    full: bool
    complete: bool
    """Whether everything that the catalogue holds was tried, on both front ends, and every FAIL twice."""
    date: str
    seconds: float
    bound_s: float
    """What no schedule could beat, summed over the runs."""
    runs: int
    judged_anew: int = 0
    """How many of these were observed with the same code and judged by earlier judges, before those of now."""
    defects: int
    killed: int
    survived: tuple[str, ...]
    false_alarms: tuple[str, ...]
    decoys_failed: tuple[str, ...]
    null_passes: tuple[str, ...]
    broken: tuple[str, ...]
    """Runs without a result, and why."""
    unsteady: tuple[str, ...] = ()
    """Defects that were killed, but not in every attempt: another time they may survive. They fail nothing by it."""
    rows: tuple[Row, ...] = ()

    @property
    def passed(self) -> bool:
        """Everything killed, and nothing else."""
        wrong = self.survived, self.false_alarms, self.decoys_failed, self.null_passes, self.broken
        return not any(wrong) and self.killed == self.defects and self.runs > 0


def survivors(result: JobResult, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Those whose requirement did not FAIL."""
    return tuple(e for e in entries if e.violates is not None and e.violates not in result.failed)


def alarms(result: JobResult, entries: Sequence[Entry]) -> tuple[Alarm, ...]:
    """The FAILs that none of them explains."""
    explained = frozenset().union(*(e.affected for e in entries)) if entries else frozenset()
    return tuple(
        Alarm(front=result.front, defects=result.defects, requirement=name, run=result.run)
        for name in sorted(result.failed - explained)
    )


def doubtful(result: JobResult, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Who must be run alone: those that were not caught; everybody after a FAIL that nobody explains, or no result.

    Who was caught by its own requirement, which nobody else in the pack explains, is caught; where no FAIL was tried
    once more, only if no attempt showed anything else.
    """
    if result.error or alarms(result, entries):
        return tuple(entries)
    missed = survivors(result, entries)
    if not result.once:
        return missed
    unsure = {name for name, seen in result.unsteady.items() if set(re.split("[,;] ", seen)) - NOT_OTHERWISE}
    return tuple(e for e in entries if e in missed or e.violates in unsure)


def void(result: JobResult, entries: Sequence[Entry], differing: Sequence[str]) -> bool:
    """Is all that is missing put down to ourselves, to a machine with too much to do at once or a run that broke?

    Then nothing was found out, for or against anybody. `differing`: of decoys, as `differences` names it.
    """
    if alarms(result, entries):
        return False
    missing = [*differing, *(result.outcomes.get(e.violates or "", "") for e in survivors(result, entries))]
    return bool(result.error) or (bool(missing) and all(Reason.HARNESS_ERROR in got for got in missing))


def row(entry: Entry, result: JobResult) -> Row:
    """The line of a defect, from the run that settled it."""
    got = result.outcomes.get(entry.violates or "", "INCONCLUSIVE(NOT_RUN)")
    killed = entry.violates in result.failed
    return Row(
        id=entry.id,
        function=entry.function,
        kind=entry.kind,
        front=result.front,
        violates=entry.violates or "",
        implies=entry.implies,
        status="killed" if killed else "not_run" if "NOT_RUN" in got or result.error else "survived",
        got=got,
        unsteady=result.unsteady.get(entry.violates or "", ""),
        failed=tuple(sorted(result.failed)),
        run=result.run,
        alone=len(result.defects) == 1,
        statement_zh=entry.statement.zh,
        statement_en=entry.statement.en,
    )


def differences(decoy: JobResult, clean: JobResult, asked: Collection[str]) -> tuple[str, ...]:
    """Requirements on which a decoy and the clean platform differ: a good verdict lost, or a FAIL that is new.

    `asked` are those that the decoy's run was to judge; the clean platform's may have judged more.
    """
    found = []
    for name, outcome in decoy.outcomes.items():
        was = clean.outcomes.get(name, "")
        lost = name in asked and was in GOOD and outcome != was
        if lost or (outcome == "FAIL" and was != "FAIL"):
            found.append(f"{name}: {was or 'nothing'} -> {outcome}")
    return tuple(found)


def null_passes(result: JobResult) -> tuple[str, ...]:
    """What a platform that does nothing must not get: a PASS, a conclusion that it conforms, a verdict unexplained."""
    found = [f"{name} PASS" for name, outcome in (result.outcomes | result.functions).items() if outcome == "PASS"]
    if result.decision == "CONFORMANT":
        found.append("CONFORMANT")
    found += [f"{name} without a reason" for name in result.unexplained]
    return tuple(found)


def summarize(
    *,
    harness: str,
    standard: str,
    subject: str,
    scale: float,
    full: bool,
    complete: bool,
    date: str,
    seconds: float,
    rows: Sequence[Row],
    alarmed: Sequence[Alarm],
    decoys: Mapping[str, tuple[str, ...]],
    nulls: Mapping[str, tuple[str, ...]],
    results: Sequence[JobResult],
) -> Summary:
    """Everything together; `decoys` and `nulls` by `front/name`, with what is wrong about them."""
    return Summary(
        harness=harness,
        standard=standard,
        subject=subject,
        scale=scale,
        full=full,
        complete=complete,
        date=date,
        seconds=round(seconds, 1),
        bound_s=round(sum(r.bound_s for r in results), 1),
        runs=len(results),
        judged_anew=sum(bool(r.under) for r in results),
        defects=len(rows),
        killed=sum(r.status == "killed" for r in rows),
        survived=tuple(f"{r.front}/{r.id}: {r.violates} {r.got}" for r in rows if r.status != "killed"),
        false_alarms=tuple(f"{a.front}/{'+'.join(a.defects) or 'clean'}: {a.requirement}" for a in alarmed),
        decoys_failed=tuple(f"{name}: {', '.join(wrong)}" for name, wrong in decoys.items() if wrong),
        null_passes=tuple(f"{name}: {', '.join(wrong)}" for name, wrong in nulls.items() if wrong),
        broken=tuple(f"{r.front}/{'+'.join(r.defects) or r.kind}: {r.error}" for r in results if r.error),
        unsteady=tuple(f"{r.front}/{r.id}: {r.violates} {r.unsteady}" for r in rows if r.unsteady),
        rows=tuple(rows),
    )
