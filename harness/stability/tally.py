"""What many rehearsals of platforms without defects come to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import computed_field

from harness.model.finding import Text
from harness.model.values import Frozen
from harness.rates import upper_bound
from harness.stability.record import Rehearsal, Seen

ORDER = ("PASS", "WARN", "REVIEW", "NOT_APPLICABLE", "INCONCLUSIVE", "FAIL")
"""The columns of a requirement, without their reasons."""


class Group(Frozen):
    """The rehearsals of one front under one condition."""

    front: str
    busy: bool
    asked: int
    done: int
    failed: int
    """Rehearsals with at least one FAIL."""
    seconds: tuple[float, ...] = ()
    """Wall time of each."""

    @property
    def name(self) -> str:
        """spa quiet"""
        return f"{self.front} {'busy' if self.busy else 'quiet'}"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def fail_rate_below(self) -> float:
        """95 % upper bound of the share of rehearsals with a false FAIL."""
        return upper_bound(self.failed, self.done)


class Fail(Frozen):
    """A FAIL where nothing is wrong."""

    front: str
    busy: bool
    requirement: str
    why: Text
    run: str


class Cell(Frozen):
    """A requirement in one group."""

    outcomes: dict[str, int]
    """By outcome, without its reason."""
    uncertain_first: int = 0
    """Walks whose first attempt left it open or would have been a FAIL."""
    settled: int = 0
    """Those that a later attempt of the same rehearsal settled."""
    most_attempts: int = 0


class Doubt(Frozen):
    """A requirement that was INCONCLUSIVE in one rehearsal."""

    group: str
    outcome: str
    """With its reason: INCONCLUSIVE(UNSTABLE)"""
    attempts: int
    """Of the walk that was made most often."""
    why: Text
    run: str


class Line(Frozen):
    """A requirement over all rehearsals."""

    id: str
    cells: dict[str, Cell]
    """By group; absent where it was not judged."""
    doubts: tuple[Doubt, ...] = ()

    @property
    def constant(self) -> bool:
        """Whether every rehearsal told the same, and at the first attempt."""
        told = {outcome for cell in self.cells.values() for outcome in cell.outcomes}
        return len(told) == 1 and not self.doubts and not any(cell.uncertain_first for cell in self.cells.values())


class Broken(Frozen):
    """A rehearsal without a result."""

    front: str
    busy: bool
    error: str


class Stability(Frozen):
    """The content of summary.json and of `--json`."""

    v: Literal[1] = 1
    harness: str
    subject: str
    scale: float
    only: tuple[str, ...]
    date: str
    groups: tuple[Group, ...]
    fails: tuple[Fail, ...]
    broken: tuple[Broken, ...]
    requirements: tuple[Line, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def asked(self) -> int:
        """Rehearsals that were asked for."""
        return sum(g.asked for g in self.groups)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def done(self) -> int:
        """Rehearsals with a result; more than asked for when an earlier start was asked for more."""
        return sum(g.done for g in self.groups)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.asked > 0 and all(g.done >= g.asked for g in self.groups)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passed(self) -> bool:
        """Everything is there, and nothing FAILs."""
        return self.complete and not self.fails

    @computed_field  # type: ignore[prop-decorator]
    @property
    def fail_rate_below(self) -> float:
        """95 % upper bound of the share of rehearsals with a false FAIL, all groups together."""
        return upper_bound(sum(g.failed for g in self.groups), self.done)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def uncertain_first(self) -> int:
        """First attempts that left a requirement open or would have been a FAIL."""
        return sum(cell.uncertain_first for line in self.requirements for cell in line.cells.values())

    @computed_field  # type: ignore[prop-decorator]
    @property
    def settled(self) -> int:
        """Those that a later attempt of the same rehearsal settled."""
        return sum(cell.settled for line in self.requirements for cell in line.cells.values())

    @property
    def exit_code(self) -> int:
        """0 passed, 1 with a FAIL, 3 where rehearsals are missing."""
        return 1 if self.fails else 0 if self.complete else 3


def tally(
    asked: Mapping[tuple[str, bool], int],
    rehearsals: Sequence[Rehearsal],
    *,
    harness: str,
    subject: str,
    scale: float,
    only: tuple[str, ...],
    date: str,
) -> Stability:
    """Count them. `asked` says how many of each front, quiet (False) and busy (True), are wanted."""
    finished = [r for r in rehearsals if not r.error]
    groups = []
    for (front, busy), number in asked.items():
        mine = [r for r in finished if (r.front, r.busy) == (front, busy)]
        if number or mine:
            groups.append(
                Group(
                    front=front,
                    busy=busy,
                    asked=number,
                    done=len(mine),
                    failed=sum(bool(r.failed) for r in mine),
                    seconds=tuple(r.seconds for r in mine),
                )
            )
    return Stability(
        harness=harness,
        subject=subject,
        scale=scale,
        only=only,
        date=date,
        groups=tuple(groups),
        fails=tuple(
            Fail(front=r.front, busy=r.busy, requirement=name, why=_why(r.requirements[name]), run=r.run)
            for r in finished
            for name in r.failed
        ),
        broken=tuple(Broken(front=r.front, busy=r.busy, error=r.error) for r in rehearsals if r.error),
        requirements=tuple(
            _line(name, groups, finished) for name in dict.fromkeys(name for r in finished for name in r.requirements)
        ),
    )


def _line(name: str, groups: Sequence[Group], finished: Sequence[Rehearsal]) -> Line:
    cells: dict[str, Cell] = {}
    doubts: list[Doubt] = []
    for group in groups:
        mine = [r for r in finished if (r.front, r.busy) == (group.front, group.busy) and name in r.requirements]
        if not mine:
            continue
        seen = [r.requirements[name] for r in mine]
        walks = [walk for one in seen for walk in one.repeated]
        cells[group.name] = Cell(
            outcomes=_counted(seen),
            uncertain_first=sum(w.uncertain_first for w in walks),
            settled=sum(w.settled for w in walks),
            most_attempts=max(one.attempts for one in seen),
        )
        doubts += [
            Doubt(group=group.name, outcome=one.outcome, attempts=one.attempts, why=_why(one), run=r.run)
            for r, one in zip(mine, seen, strict=True)
            if one.open
        ]
    return Line(id=name, cells=cells, doubts=tuple(doubts))


def _counted(seen: Sequence[Seen]) -> dict[str, int]:
    found = Counter(one.outcome.partition("(")[0] for one in seen)
    return {outcome: found[outcome] for outcome in ORDER if found[outcome]}


def _why(seen: Seen) -> Text:
    return seen.why or Text(zh="", en="")
