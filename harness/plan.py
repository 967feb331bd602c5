"""What a run will do before anything is touched: walks, accounts, lessons, minutes, the critical path. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from harness.errors import UsageError
from harness.model.finding import Text
from harness.probe import ASSESSOR, CHANGE_S, Judgement, ProbeSpec, Setting, WalkSpec
from harness.schedule import Job, bound, busiest, critical_path, in_order

CORE_SLOTS = 4
"""Browser windows per core that still play at 0.98x, with or without a camera. A window costs 5 to 8 CPU seconds a
minute: 8 of them leave half of 2 cores for the platform and for us; at 10 a neighbour's load made clicks wait 20 s."""


@dataclass(frozen=True, slots=True)
class PlannedWalk:
    """One attempt that is certain to be made."""

    probe: ProbeSpec
    spec: WalkSpec
    attempt: int
    seconds: float
    spared_s: float = 0.0
    """How much shorter it is on a platform that stops what is tried."""

    @property
    def key(self) -> tuple[str, int]:
        """Walk name and attempt."""
        return self.spec.name, self.attempt

    @property
    def name(self) -> str:
        """`F13.idle`, and `F13.idle #2` for a second attempt that is certain."""
        return self.spec.name if self.attempt == 1 else f"{self.spec.name} #{self.attempt}"

    @property
    def slot_s(self) -> float:
        """Browser-seconds: what it costs."""
        return self.seconds * self.spec.screens


NOT_THIS_SUBJECT = Text(zh="不适用于本平台", en="does not apply to this subject")
DECLARED_ABSENT = Text(zh="平台声明无此功能", en="declared absent")
NOT_ASKED_FOR = Text(zh="所选项目均不据此判定", en="nothing that was asked for is judged on it here")
NOT_DESCRIBED = Text(zh="配置未描述", en="not described by the profile")
SETTLED_TOO_LATE = Text(
    zh="记录结算太晚，步骤之内读不到", en="the record is settled too late for readings within a walk"
)
NO_AUTHORIZATION = Text(zh="攻击性检测须有授权", en="attacks need an authorization")
LONGER_THAN_A_DAY = Text(zh="所需时间超过平台一日所计学时", en="takes longer than the platform credits in a day")


def _follows_nothing(spec: WalkSpec) -> Text:
    return Text(zh=f"{spec.follows} 不进行", en=f"{spec.follows} is not made")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A walk that this run will not make, and why."""

    spec: WalkSpec
    reason: Text
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan with its figures (design.md section 7), all in this run's seconds."""

    walks: tuple[PlannedWalk, ...]
    skipped: tuple[Skipped, ...]
    slots: int
    accounts: int
    """Accounts needed to run everything side by side; fewer run one after another."""
    day_s: float | None = None
    """What one account may study in one day, for more is not credited; None: as long as it likes."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The walks as jobs to be laid out in time. A walk comes after the first attempt of those that it needs."""
        return tuple(
            Job(
                w.name,
                w.seconds,
                windows=w.spec.screens,
                accounts=w.spec.accounts,
                lessons=w.spec.lessons,
                spends=w.spec.spends,
                exclusive=frozenset(w.spec.exclusive),
                after=frozenset(w.spec.after),
                urgency=2.0 if w.spec.confirmed else 1.0,
            )
            for w in self.walks
        )

    def stages(self) -> tuple[Plan, ...]:
        """The plan cut where the run is left: what is made at once, what takes that up again later, and so on."""
        by_name = {w.spec.name: w.spec for w in self.walks}

        def stage(spec: WalkSpec) -> int:
            return 0 if spec.follows not in by_name else 1 + stage(by_name[spec.follows])

        parts: dict[int, list[PlannedWalk]] = {}
        for walk in self.walks:
            parts.setdefault(stage(walk.spec), []).append(walk)
        if len(parts) < 2:
            return (self,)
        return tuple(replace(self, walks=tuple(parts[number]), skipped=()) for number in sorted(parts))

    def sooner(self) -> Plan:
        """The same on a platform that stops what is tried, as it should."""
        return replace(self, walks=tuple(replace(w, seconds=w.seconds - w.spared_s) for w in self.walks))

    @property
    def critical_path_s(self) -> float:
        """Longest chain of walks that come after one another, with unlimited resources; of all stages together."""
        return sum(critical_path(part.jobs) for part in self.stages())

    @property
    def slot_s(self) -> float:
        """Browser-seconds of all walks."""
        return sum(w.slot_s for w in self.walks)

    @property
    def busiest_s(self) -> float:
        """How long the busiest exclusive resource is held, by one walk after another."""
        return sum(busiest(part.jobs) for part in self.stages())

    @property
    def attended(self) -> tuple[PlannedWalk, ...]:
        """Walks in which somebody must be present."""
        return tuple(w for w in self.walks if ASSESSOR in w.spec.exclusive)

    @property
    def bound_s(self) -> float:
        """What no schedule can beat: critical path, busiest exclusive resource, all slot seconds over the slots. The
        time between stages, in which nothing runs, is in none of them."""
        return sum(bound(part.jobs, self.slots) for part in self.stages())


@dataclass(frozen=True, slots=True)
class Selection:
    """The judgements of a run, and the walks that feed them. A walk may feed judgements of several probes."""

    judgements: tuple[tuple[ProbeSpec, Judgement], ...]
    walks: tuple[tuple[ProbeSpec, WalkSpec], ...]

    def on(self, setting: Setting) -> Selection:
        """What is read on a subject of this setting."""
        idle = {spec.name for _, spec in self.walks if not spec.applies(setting)}
        return Selection(tuple((probe, j.reads(idle)) for probe, j in self.judgements), self.walks)

    def of(self, walk: str) -> list[tuple[ProbeSpec, Judgement]]:
        """The judgements that read a walk."""
        return [(probe, j) for probe, j in self.judgements if walk in j.walks]

    def fed_by(self, walk: str) -> list[tuple[ProbeSpec, Judgement]]:
        """The judgements that need a walk: those that read it or what takes it up again, and those that compare with
        it."""
        read = {walk, *(spec.name for _, spec in self.walks if spec.follows == walk)}
        return [(probe, j) for probe, j in self.judgements if read & {*j.walks, *j.beside}]


def select(probes: Iterable[ProbeSpec], only: Sequence[str] = ()) -> Selection:
    """What `--only` names, by function, requirement or walk; everything without it. Raises UsageError.

    A requirement of which a walk is named is judged on the named walks only; without any other name, a walk stands for
    every requirement that is judged on it.
    """
    every = list(probes)
    walks = {w.name for p in every for w in p.walks} & set(only)
    known = {p.id for p in every} | {j.requirement for p in every for j in p.judgements}
    unknown = [name for name in only if name not in known | walks]
    if unknown:
        raise UsageError(
            "no such function, requirement or walk",
            where="--only",
            got=", ".join(unknown),
            expected=", ".join(sorted(known)),
        )
    named = [(p, j) for p in every for j in p.judgements if not only or p.id in only or j.requirement in only]
    if not named:
        named = [(p, j) for p in every for j in p.judgements if walks & {*j.walks, *j.instead}]
    on_walks = {j.requirement for _, j in named if walks & {*j.walks, *j.instead}}
    chosen = [(p, j.on(walks) if j.requirement in on_walks else j) for p, j in named]
    chosen = [(p, j) for p, j in chosen if j.walks or j.instead]
    names = {name for _, j in chosen for name in (*j.walks, *j.instead, *j.beside)}
    names |= {w.follows for p in every for w in p.walks if w.name in names and w.follows}
    # Who compares needs the other walk's own verdict, and that one's repetitions: its judges take part too.
    compared = {name for _, j in chosen for name in j.beside}
    own = [(p, j) for p in every for j in p.judgements if (p, j) not in named and compared & {*j.walks}]
    return Selection((*chosen, *own), tuple((p, w) for p in every for w in p.walks if w.name in names))


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
    followed = {spec.follows for _, spec in selection.walks if spec.follows and spec.applies(setting)}
    walks: list[PlannedWalk] = []
    skipped: list[Skipped] = []
    for probe, spec in selection.walks:
        fed = [j for _, j in selection.fed_by(spec.name)]
        live = [j for j in fed if function_of(j.requirement) not in gone]
        missing = tuple(name for name in spec.needs if name not in can)
        if not missing and live and all(set(j.needs) - can for j in live):
            missing = tuple(sorted({name for j in live for name in j.needs} - can))
        if not spec.applies(setting):
            skipped.append(Skipped(spec, NOT_THIS_SUBJECT))
        elif not live:
            skipped.append(Skipped(spec, DECLARED_ABSENT if fed else NOT_ASKED_FOR))
        elif missing:
            skipped.append(Skipped(spec, NOT_DESCRIBED, missing))
        elif setting.settles_later and "credited_time" in spec.needs and not {spec.name, spec.follows} & followed:
            skipped.append(Skipped(spec, SETTLED_TOO_LATE))
        elif observe_only and spec.attack:
            skipped.append(Skipped(spec, NO_AUTHORIZATION))
        else:
            called = setting.calls_person(spec)
            attempts = 2 if spec.expects_fail(setting) else 1
            seconds = spec.seconds(setting)
            if spec.lessons and not spec.camera:  # a walk about faces counts its checks itself
                seconds = setting.planned_s(seconds)
            if called:
                spec = replace(spec, exclusive=(*spec.exclusive, ASSESSOR))
                seconds += CHANGE_S * spec.scenes
            if spec.lessons and setting.day_s is not None and seconds > setting.day_s:
                skipped.append(Skipped(spec, LONGER_THAN_A_DAY))
                continue
            spared = 0.0 if spec.sooner is None else spec.seconds(setting) - spec.sooner(setting)
            walks += [PlannedWalk(probe, spec, n + 1, seconds, spared) for n in range(attempts)]
    made = {w.spec.name for w in walks}
    alone = [w.spec for w in walks if w.spec.follows and w.spec.follows not in made]
    skipped += [Skipped(spec, _follows_nothing(spec)) for spec in alone]
    walks = [w for w in walks if w.spec not in alone]
    loose = Plan(tuple(walks), tuple(skipped), slots, sum(w.spec.accounts for w in walks), setting.day_s)
    # The engine starts them in this order; what waits for another walk or for the administrator lets the next one go.
    order = {job.name: place for place, job in enumerate(in_order(loose.jobs))}
    return replace(loose, walks=tuple(sorted(walks, key=lambda w: order[w.name])))
