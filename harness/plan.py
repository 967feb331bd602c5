"""What a run will do before anything is touched: walks, accounts, lessons, minutes, the critical path. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from harness.errors import UsageError
from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec

CORE_SLOTS = 4
"""Browser windows per core that still play at 0.98x. A window with video and no camera costs about 7 CPU seconds a
minute: 8 of them leave half of 2 cores for the platform and for us; at 10 a neighbour's load made clicks wait 20 s."""


@dataclass(frozen=True, slots=True)
class PlannedWalk:
    """One attempt that is certain to be made."""

    probe: ProbeSpec
    spec: WalkSpec
    attempt: int
    seconds: float

    @property
    def key(self) -> tuple[str, int]:
        """Walk name and attempt."""
        return self.spec.name, self.attempt


@dataclass(frozen=True, slots=True)
class Skipped:
    """A walk that this run will not make, and why."""

    spec: WalkSpec
    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan with its figures (design.md section 7), all in this run's seconds."""

    walks: tuple[PlannedWalk, ...]
    skipped: tuple[Skipped, ...]
    slots: int
    accounts: int
    """Accounts needed to run everything side by side; fewer run one after another."""

    @property
    def critical_path_s(self) -> float:
        """Longest chain of dependencies with unlimited resources: here the longest walk."""
        return max((w.seconds for w in self.walks), default=0.0)

    @property
    def slot_s(self) -> float:
        """Browser-seconds of all walks."""
        return sum(w.seconds * w.spec.screens for w in self.walks)

    @property
    def busiest_s(self) -> float:
        """How long the busiest exclusive resource is held, by one walk after another."""
        held: dict[str, float] = defaultdict(float)
        for walk in self.walks:
            for name in walk.spec.exclusive:
                held[name] += walk.seconds
        return max(held.values(), default=0.0)

    @property
    def bound_s(self) -> float:
        """What no schedule can beat: critical path, busiest exclusive resource, all slot seconds over the slots."""
        return max(self.critical_path_s, self.busiest_s, self.slot_s / self.slots)


@dataclass(frozen=True, slots=True)
class Selection:
    """The judgements of a run, and the walks that feed them. A walk may feed judgements of several probes."""

    judgements: tuple[tuple[ProbeSpec, Judgement], ...]
    walks: tuple[tuple[ProbeSpec, WalkSpec], ...]

    def of(self, walk: str) -> list[tuple[ProbeSpec, Judgement]]:
        """The judgements that read a walk."""
        return [(probe, j) for probe, j in self.judgements if walk in j.walks]

    def fed_by(self, walk: str) -> list[tuple[ProbeSpec, Judgement]]:
        """The judgements that need a walk: those that read it and those that compare with it."""
        return [(probe, j) for probe, j in self.judgements if walk in j.walks or walk in j.beside]


def select(probes: Iterable[ProbeSpec], only: Sequence[str] = ()) -> Selection:
    """What `--only` names, by function id or requirement id; everything without it. Raises UsageError."""
    every = list(probes)
    known = {p.id for p in every} | {j.requirement for p in every for j in p.judgements}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise UsageError(
            "no such function or requirement",
            where="--only",
            got=", ".join(unknown),
            expected=", ".join(sorted(known)),
        )
    judgements = tuple((p, j) for p in every for j in p.judgements if not only or p.id in only or j.requirement in only)
    names = {name for _, j in judgements for name in (*j.walks, *j.beside)}
    return Selection(judgements, tuple((p, w) for p in every for w in p.walks if w.name in names))


def make_plan(
    selection: Selection,
    setting: Setting,
    *,
    described: Iterable[str],
    absent: Iterable[str],
    slots: int,
    function_of: Callable[[str], str],
    observe_only: bool = False,
) -> Plan:
    """Plan the walks.

    `described` are the actions and readings that the profile describes, `absent` the functions that it declares
    absent (a walk that feeds nothing else is not made); `function_of` names a requirement's function. With
    `observe_only`, attacks are left out.
    """
    can, gone = set(described), set(absent)
    walks: list[PlannedWalk] = []
    skipped: list[Skipped] = []
    for probe, spec in selection.walks:
        missing = tuple(name for name in spec.needs if name not in can)
        if not spec.applies(setting):
            skipped.append(Skipped(spec, "does not apply to this subject"))
        elif all(function_of(j.requirement) in gone for _, j in selection.fed_by(spec.name)):
            skipped.append(Skipped(spec, "declared absent"))
        elif missing:
            skipped.append(Skipped(spec, "not described by the profile", missing))
        elif observe_only and spec.attack:
            skipped.append(Skipped(spec, "attacks need an authorization"))
        else:
            attempts = 2 if spec.expects_fail(setting) else 1
            walks += [PlannedWalk(probe, spec, n + 1, spec.seconds(setting)) for n in range(attempts)]
    walks.sort(key=lambda w: -w.seconds * (2 if w.spec.confirmed else 1))
    return Plan(tuple(walks), tuple(skipped), slots, sum(w.spec.accounts for w in walks))
