"""run.json: the one result that every reporter reads. Its JSON Schema is kept in run.schema.json."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from harness.model.finding import Text, Verdict
from harness.model.observation import Wait
from harness.model.outcome import Decision, Mode, Outcome
from harness.model.values import Frozen


class FunctionResult(Frozen):
    """One of the fifteen rows."""

    zh: str
    en: str
    outcome: Outcome
    outcome_extended: Outcome
    """Including limits and hardenings of our own."""
    requirements: tuple[str, ...]
    why: Text


class StandardUsed(Frozen):
    """Which text was judged against."""

    id: str
    overlays: tuple[str, ...]
    digest: str
    title: Text


class HarnessUsed(Frozen):
    """Which code observed and judged."""

    version: str
    digest: str


class PlanFigures(Frozen):
    """Design.md section 7, in seconds."""

    critical_path_s: float
    slot_s: float
    bound_s: float
    slots: int | None = None
    """Windows side by side."""


class Cost(Frozen):
    """What the run cost this machine."""

    cpu_s: float
    peak_rss_mb: float
    watched_min: float = 0.0
    cpu_s_per_watched_min: float | None = None


class Subject(Frozen):
    """What was tested."""

    name: str
    vendor: str = ""
    version: str = ""
    base_url: str = ""
    object: str = ""
    assessment: str = ""
    profile_digest: str = ""


class WalkSummary(Frozen):
    """One attempt of one walk, for the report's table of what was done."""

    walk: str
    attempt: int
    probe: str
    purpose: str
    status: str
    message: str = ""
    account: str = ""
    lessons: tuple[str, ...] = ()
    started_utc: str
    took_s: float
    first_seq: int
    last_seq: int


class Conditions(Frozen):
    """Browser, machine and clocks during the run."""

    os: str = ""
    cores: int = 0
    memory_mb: int = 0
    browser: str = ""
    flags: tuple[str, ...] = ()
    clock_offset_s: float | None = None
    clock_u_s: float | None = None
    time_scale: float = 1.0
    seed: int = 0
    once: bool = False
    """What failed was not tried again, and is left undecided."""


class SelfTest(Frozen):
    """The self-test of exactly this harness and standard digest, or that there is none."""

    status: Literal["passed", "failed", "stale", "missing"] = "missing"
    defects: int = 0
    killed: int = 0
    date: str = ""


class Stage(Frozen):
    """A stretch of a run that was left in between, until a record had settled."""

    number: int
    started_utc: str
    ended_utc: str
    wall_s: float
    waits: tuple[Wait, ...] = ()
    """What the next stage waits for; none after the last."""


class Amendment(Frozen):
    """What was added to a finished run: a linked segment of its ledger."""

    number: int
    utc: str
    reason: str
    previous_head: str


class InstitutionAnswer(Frozen):
    """One item of the inspection list for training institutions, as an assessor answered it. In no decision."""

    id: str
    section: Text
    question: Text
    answer: Literal["yes", "no", "not_applicable"]
    text: str = ""
    name: str
    date: str
    evidence: tuple[str, ...] = ()


class ObjectionPoint(Frozen):
    """One point of an objection and its answer."""

    point: int
    requirement: str = ""
    statement: str
    by: str
    raised: str
    answer: str
    effect: Literal["upheld", "amended", "retest"]
    name: str
    date: str


class RunResult(Frozen):
    """The content of run.json."""

    v: Literal[1] = 1
    run_id: str
    mode: Mode
    decision: Decision
    decision_extended: Decision
    would_be: Decision
    would_be_extended: Decision
    decision_why: Text
    subject: Subject
    standard: StandardUsed
    functions: dict[str, FunctionResult]
    requirements: tuple[Verdict, ...]
    plan: PlanFigures
    wall_s: float
    cost: Cost
    harness: HarnessUsed
    selftest: SelfTest = Field(default_factory=SelfTest)
    conditions: Conditions = Field(default_factory=Conditions)
    walks: tuple[WalkSummary, ...] = ()
    not_tested: tuple[Text, ...] = ()
    """Channels, credit sources and functions that this run did not test, with the reason."""
    started_utc: str = ""
    finished_utc: str = ""
    ledger_head: str = ""
    observations: int = 0

    stages: tuple[Stage, ...] = ()
    """Of a run that was left in between, oldest first; none of a run that was made in one go."""
    amendments: tuple[Amendment, ...] = ()
    """What assessors added later, oldest first."""
    institution: tuple[InstitutionAnswer, ...] = ()
    """The institution's own part, which enters no decision."""
    objections: tuple[ObjectionPoint, ...] = ()

    @property
    def number(self) -> str:
        """The report's number: the run's, and `-A1` from its first amendment on."""
        return f"{self.run_id}-A{self.amendments[-1].number}" if self.amendments else self.run_id

    @property
    def waits(self) -> tuple[Wait, ...]:
        """What a run that was left waits for; none of a finished one."""
        return self.stages[-1].waits if self.stages else ()

    @property
    def exit_code(self) -> int:
        """Follows `decision` in a certification, `would_be` in a rehearsal or a partial run."""
        decided = self.decision if self.mode is Mode.CERTIFICATION else self.would_be
        return decided.exit_code
