"""Rehearsals that are played: no browser, but a real run.json in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from harness.digest import harness_digest
from harness.model.finding import Finding, Text, Verdict
from harness.model.outcome import Decision, Level, Mode, Outcome, Reason
from harness.model.run import Cost, HarnessUsed, PlanFigures, RunResult, StandardUsed, Subject
from harness.selftest.job import Job, JobResult
from reports import json_run

ASKED = Text(zh="应当", en="it must")
SAW = Text(zh="所见", en="what was seen")

Told = tuple[Outcome, Reason | None]
PASS: Told = (Outcome.PASS, None)
FAIL: Told = (Outcome.FAIL, None)
UNSURE: Told = (Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE)
UNSTABLE: Told = (Outcome.INCONCLUSIVE, Reason.UNSTABLE)


def verdict(name: str, told: Told = PASS, attempts: Sequence[Told] = (PASS,), *, observe: str = "automatic") -> Verdict:
    """A requirement whose one walk had these attempts."""
    return Verdict(
        id=f"AQ8011-2023/{name}",
        function=name.split("-")[0],
        level=Level.BASE,
        mandatory=True,
        observe=observe,
        title=ASKED,
        outcome=told[0],
        reason=told[1],
        expected=ASKED,
        observed=SAW,
        findings=tuple(
            Finding(outcome=o, reason=r, expected=ASKED, observed=SAW, walk=f"{name}.walk", attempt=number)
            for number, (o, r) in enumerate(attempts, 1)
        ),
    )


def result(verdicts: Sequence[Verdict], run_id: str = "run-1", digest: str = "") -> RunResult:
    """A rehearsal with these verdicts."""
    open_or_failed = any(v.outcome is not Outcome.PASS for v in verdicts)
    decision = Decision.INCOMPLETE if open_or_failed else Decision.CONFORMANT
    return RunResult(
        run_id=run_id,
        mode=Mode.REHEARSAL,
        decision=Decision.INCOMPLETE,
        decision_extended=Decision.INCOMPLETE,
        would_be=decision,
        would_be_extended=decision,
        decision_why=SAW,
        subject=Subject(name="clean"),
        standard=StandardUsed(id="aq8011-2023", overlays=(), digest="s", title=ASKED),
        functions={},
        requirements=tuple(verdicts),
        plan=PlanFigures(critical_path_s=1, slot_s=1, bound_s=1),
        wall_s=1,
        cost=Cost(cpu_s=1, peak_rss_mb=1),
        harness=HarnessUsed(version="0", digest=digest or harness_digest()),
    )


class Played:
    """Stands in for `run_job`. `script` gives the verdicts of the n-th rehearsal (from 1), or why there are none."""

    def __init__(self, script: Callable[[int], Sequence[Verdict] | str], digest: str = "") -> None:
        self.script, self.digest = script, digest
        self.asked: list[Job] = []
        self.seeds: list[int | None] = []

    async def __call__(
        self, job: Job, runs: Path, *, timeout_s: float, seed: int | None, slots: int | None
    ) -> JobResult:
        self.asked.append(job)
        self.seeds.append(seed)
        made = self.script(len(self.asked))
        kept = JobResult(key=job.key, front=job.front, kind=job.kind, seconds=600 + len(self.asked))
        if isinstance(made, str):
            return kept.model_copy(update={"error": made})
        folder = runs / job.key
        run_id = f"run-{len(list(folder.glob('*'))) + 1}"
        (folder / run_id).mkdir(parents=True)
        played = result(made, run_id, self.digest)
        json_run.write(folder / run_id, played)
        return kept.model_copy(update={"run": run_id, "decision": played.would_be.value})
