"""The whole self-test: what to run, side by side, what must be taken apart, and the summary."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import shlex
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from harness.anew import judged_anew
from harness.capacity import slots_side_by_side
from harness.digest import files_digest, harness_digest, observing_digest
from harness.errors import RunLeft, UsageError
from harness.probe import load_probes
from harness.selftest.catalogue import Entry, chosen, read_catalogue
from harness.selftest.ctrl_c import first_ctrl_c
from harness.selftest.job import Job, JobResult, Store, found_in, run_job
from harness.selftest.matrix import write_matrix
from harness.selftest.packing import Pack, in_turn, pack
from harness.selftest.results import (
    Alarm,
    Row,
    Summary,
    alarms,
    differences,
    doubtful,
    null_passes,
    row,
    summarize,
    void,
)
from harness.selftest.room import Room
from harness.standards import load_standard
from harness.subject import launched

FRONTS = ("spa", "classic")
NULLS = ("blank", "errors", "hang", "login_everywhere", "lobby", "crash")
NULL_PREFIX = "null-"
SUBJECT = Path("fixtures") / "refplatform"
PROFILES = Path("fixtures") / "profiles"
NULL_COMMAND = "python -m fixtures.refplatform.null --kind {kind} --front {front} --time-scale {time_scale}"
NULL_WINDOWS = 4
"""Of a null platform's run; not counted among the machine's, for which it would wait beyond its bound."""
CODE = (".py", ".js", ".html", ".css", ".yaml", ".j2")
"""What a subject's code consists of."""
TOLD = ("defects/entries/", "defects/rewrites.yaml")
"""What is told of a subject's faults beside its code. It never reads that: what is known of a fault later, such as
another requirement that FAILs with it, changes nothing that was observed."""
TIMEOUT_S = 5400.0
"""Far above what a whole rehearsal takes on 2 cores that are busy otherwise, also with every FAIL tried twice; one that
hangs must not hang the rest."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked for. Paths are relative to the repository's folder, where the command is given."""

    fronts: tuple[str, ...] = FRONTS
    patterns: tuple[str, ...] = ()
    full: bool = False
    repeat: bool = False
    """Whether every FAIL is tried once more, as a certification does."""
    nulls: tuple[str, ...] | None = None
    """None: all when no pattern is given, else those that a pattern names (`null-blank`, `null-*`)."""
    scale: float = 30.0
    jobs: int = 8
    """The most certifications at once, half of them on a crowded machine; together they open no more windows than it
    carries (harness.sharing).
    Null platforms come one after another beside them, in windows of their own: they wait much and play nothing.
    """
    folder: Path = Path("runs") / "selftest"
    subject: Path = SUBJECT
    profiles: Path = PROFILES
    null_command: str = NULL_COMMAND
    seed: int | None = None
    slots: int | None = None
    """Browser windows of one certification; None: a quarter more than one alone is given."""
    timeout_s: float = TIMEOUT_S

    @property
    def once(self) -> bool:
        """Whether a defect that was caught in one attempt counts as caught."""
        return not self.repeat

    @property
    def whole(self) -> bool:
        """Whether it is everything, so that a certification may cite it."""
        return not (self.once or self.patterns) and set(self.fronts) == set(FRONTS) and self.null_kinds == NULLS

    @property
    def null_kinds(self) -> tuple[str, ...]:
        """The platforms that do nothing right."""
        if self.nulls is not None:
            return self.nulls
        named = [p for p in self.patterns if p.startswith(NULL_PREFIX)]
        return tuple(k for k in NULLS if not self.patterns or any(fnmatchcase(NULL_PREFIX + k, p) for p in named))

    @property
    def defect_patterns(self) -> tuple[str, ...]:
        """The patterns that name defects."""
        return tuple(p for p in self.patterns if not p.startswith(NULL_PREFIX))


@dataclass
class Conductor:
    """One self-test. Raises UsageError before anything is started."""

    order: Order
    say: Callable[[str], None] = lambda line: None
    results: list[JobResult] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    alarmed: list[Alarm] = field(default_factory=list)
    decoys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nulls: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        order = self.order
        self.entries = read_catalogue(order.subject / "defects" / "entries")
        patterns = order.defect_patterns
        only_nulls = bool(order.patterns) and not patterns
        strange = [kind for kind in order.null_kinds if kind not in NULLS]
        if strange or (only_nulls and not order.null_kinds):
            raise UsageError(
                "no such null platform", got=", ".join(strange or order.patterns), expected=f"of {', '.join(NULLS)}"
            )
        self.of_front = {f: () if only_nulls else chosen(self.entries, patterns, f) for f in order.fronts}
        probes = load_probes()
        self._probes: dict[str, frozenset[str]] = {}
        for probe in probes:  # F05 has two
            mine = frozenset(j.requirement for j in probe.judgements)
            self._probes[probe.id] = self._probes.get(probe.id, frozenset()) | mine
        self._judged = frozenset().union(*self._probes.values())
        self.standard = load_standard("aq8011-2023", overlays=()).digest
        self.subject_digest = folder_digest(order.subject)
        self._digests = {front: digests(order.subject, self._profile(front)) for front in order.fronts}
        self.store = Store(order.folder)
        self._room, self._null_turn = Room(order.jobs), asyncio.Semaphore(1)
        self._slots = slots_side_by_side()
        self._total = self._done = 0
        self._void: list[tuple[str, Pack, asyncio.Task[JobResult] | None, frozenset[str]]] = []
        """Runs that found nothing out (`results.void`), by front end, with what they were asked."""

    def _profile(self, front: str) -> Path:
        return profile_of(self.order.profiles, front)

    async def run(self) -> Summary | None:
        """Do what has not been done yet, and write summary.json and matrix.html; None where it was to begin no more."""
        doing = asyncio.create_task(self._run())
        left = asyncio.create_task(self._room.left.wait())
        await asyncio.wait((doing, left), return_when=asyncio.FIRST_COMPLETED)
        return await doing if doing.done() else None

    def begin_no_more(self) -> None:
        """What is under way is finished and kept; the rest is left to the next start."""
        self.say(
            "不再开始新的检测；再按一次 Ctrl-C 立即结束 "
            "none is begun any more, those under way are finished; Ctrl-C once more ends these, too"
        )
        self._room.close()

    async def _run(self) -> Summary:
        started = time.monotonic()
        order = self.order
        await asyncio.gather(
            *(self._front(front) for front in order.fronts),
            *(self._null(front, kind) for front in order.fronts for kind in order.null_kinds),
        )
        for front, packed, clean, settles in self._void:  # with nothing beside them
            await self._pack(front, packed, clean, apart=True, last=True, settles=settles)
        summary = summarize(
            harness=harness_digest(),
            standard=self.standard,
            subject=self.subject_digest,
            scale=order.scale,
            full=order.full,
            complete=order.whole,
            date=datetime.now(UTC).strftime("%Y-%m-%d"),
            seconds=time.monotonic() - started,
            rows=sorted(self.rows, key=lambda r: (r.function, r.id, r.front)),
            alarmed=self.alarmed,
            decoys=self.decoys,
            nulls=self.nulls,
            results=self.results,
        )
        (order.folder / "summary.json").write_text(summary.model_dump_json(indent=1) + "\n", encoding="utf-8")
        write_matrix(order.folder / "matrix.html", summary)
        return summary

    # ------------------------------------------------------------------ one front end

    async def _front(self, front: str) -> None:
        entries = self.of_front[front]
        judged = [e for e in entries if self._can_be_judged(e)]
        packs = pack(judged, cameras_apart=not self.order.full, made=self._made(front, judged))
        for entry in entries:
            if not self._can_be_judged(entry):
                self.rows.append(row(entry, JobResult(key="", front=front, kind="none")))
        if not packs:
            return
        clean: dict[str, asyncio.Task[JobResult]] = {}
        if not self.order.patterns or any(e.kind == "decoy" for e in entries):
            for camera in dict.fromkeys(self._camera(p) for p in packs):
                alike = [p for p in packs if self._camera(p) == camera]
                clean[camera] = asyncio.create_task(self._clean(front, alike, camera))
        await asyncio.gather(
            *clean.values(), *(self._pack(front, p, clean.get(self._camera(p))) for p in in_turn(packs))
        )

    async def _clean(self, front: str, packs: Sequence[Pack], camera: str) -> JobResult:
        """The platform without defects, judged on what these packs are judged on."""
        named = self._named(e for p in packs for e in p.entries)
        result = await self._do(self._job(front, "clean", (), named, camera=camera))
        self.alarmed += alarms(result, ())
        return result

    def _made(self, front: str, entries: Sequence[Entry]) -> list[tuple[str, ...]]:
        """The packs whose results count here, and needn't be made once more because others would now be packed."""
        of = {e.id: e for e in entries}
        made: dict[tuple[str, ...], None] = {}
        for result in self.store.all:
            if (
                result.front == front
                and len(result.defects) > 1
                and not result.error
                and set(result.defects) <= set(of)
            ):
                packed = Pack(tuple(of[name] for name in result.defects))
                job = self._pack_job(front, "pack", packed, once=self.order.once)
                if any(result.key == each.key or result.observed == each.observed for each in _alike(job)):
                    made[packed.ids] = None
        return list(made)

    def _pack_job(
        self, front: str, kind: str, packed: Pack, settles: frozenset[str] = frozenset(), *, once: bool
    ) -> Job:
        only = tuple(sorted(settles)) or self._only(packed.entries)
        return self._job(front, kind, packed.entries, only, camera=self._camera(packed), once=once)

    def _camera(self, packed: Pack) -> str:
        """The camera is on where a defect is about faces or portraits; with every probe, as the probes need it, but for
        who must do without."""
        if self.order.full:
            return "off" if any(e.plain for e in packed.entries) else ""
        return "on" if any(e.camera for e in packed.entries) else "off"

    def _can_be_judged(self, entry: Entry) -> bool:
        return bool(self.order.full or self._only((entry,)))

    def _named(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """What is judged: the requirements that are violated; of a decoy, its function. Empty: everything."""
        if self.order.full:
            return ()
        names = {e.violates if e.violates is not None else e.function for e in entries}
        return tuple(sorted(names & (self._judged | self._probes.keys())))

    def _only(self, entries: Sequence[Entry]) -> tuple[str, ...]:
        """The same, and the walks that it is judged on."""
        named = self._named(entries)
        return tuple(sorted({*named, *(walk for e in entries if e.violates in named for walk in e.shown_by)}))

    def _asked(self, entries: Sequence[Entry]) -> frozenset[str]:
        """The requirements that a run with these is to judge."""
        named = self._named(entries)
        return frozenset().union(*(self._probes.get(name, (name,)) for name in named)) if named else self._judged

    async def _pack(
        self,
        front: str,
        packed: Pack,
        clean: asyncio.Task[JobResult] | None,
        *,
        apart: bool = False,
        last: bool = False,
        settles: frozenset[str] = frozenset(),
    ) -> None:
        """`apart`: who was in doubt before is run as a certification is, and settled. `last`: made anew in any case.

        `settles`: all that a run with every probe left open, where one of a pack is run alone because of it.
        """
        decoys = clean is not None and all(e.kind == "decoy" for e in packed.entries)
        kind = "decoy" if decoys else "pack" if len(packed.entries) > 1 else "alone"
        once = self.order.once and not decoys and not apart
        result = await self._do(self._pack_job(front, kind, packed, settles, once=once), fresh=last)
        # Only decoys are held against the clean platform; nothing else waits for it.
        asked = settles or self._asked(packed.entries)
        differing = differences(result, await clean, asked) if decoys and clean is not None else ()
        unlike_clean = packed.entries if result.error or differing else ()
        again = unlike_clean if decoys else doubtful(result, packed.entries)
        broke = bool(result.error) and self.order.full  # as large as it is, its members alone would be far larger
        if again and (len(packed.entries) > 1 or result.once) and (last or not broke):
            self.say(f"{front}: taken apart: {'+'.join(e.id for e in again)}")
            self.rows += [row(e, result) for e in packed.entries if not decoys and e not in again]
            alone = (
                self._pack(front, Pack((e,)), clean, apart=True, settles=self._open(e, result, packed, differing))
                for e in again
            )
            await asyncio.gather(*alone)
            return
        if not last and void(result, packed.entries, differing):
            self.results.remove(result)
            self._void.append((front, packed, clean, settles))
            return
        if decoys:
            for e in packed.entries:
                self.decoys[f"{front}/{e.id}"] = differing
            return
        self.rows += [row(e, result) for e in packed.entries]
        self.alarmed += alarms(result, packed.entries)

    def _open(self, entry: Entry, result: JobResult, packed: Pack, differing: Sequence[str]) -> frozenset[str]:
        """What a run with every probe left open about one of its members; empty: what any run of it asks.

        All else was judged in the pack, as it would be in fifteen more whole runs.
        """
        if not self.order.full or result.error:
            return frozenset()
        if entry.kind == "decoy":
            return frozenset(line.split(":")[0] for line in differing)
        alarmed = {a.requirement for a in alarms(result, packed.entries)}
        return frozenset({*alarmed, *({entry.violates} if entry.violates else ())} & self._judged)

    # ------------------------------------------------------------------ platforms that do nothing

    async def _null(self, front: str, kind: str) -> None:
        values = {"kind": kind, "front": front, "time_scale": f"{self.order.scale:g}"}
        job = self._job(front, f"null:{kind}", (), ())
        done = await self._kept(job)
        if done is None:
            async with self._null_turn, self._room.beside():
                with contextlib.ExitStack() as stack:
                    subject = await asyncio.to_thread(
                        stack.enter_context, launched(shlex.split(self.order.null_command), values=values)
                    )
                    address = str(subject.description["base_url"])
                    there = replace(job, base_url=address, subject_file=str(subject.file))
                    done = await self._do(there, contextlib.nullcontext())  # it has its turn
        else:
            self.results.append(done)
        self.nulls[f"{front}/{kind}"] = null_passes(done)

    # ------------------------------------------------------------------ runs

    def _job(
        self,
        front: str,
        kind: str,
        entries: Sequence[Entry],
        only: tuple[str, ...],
        *,
        camera: str = "",
        once: bool = False,
    ) -> Job:
        return Job(
            front=front,
            kind=kind,
            profile=self._profile(front),
            scale=self.order.scale,
            defects=tuple(e.id for e in entries),
            only=only,
            camera=camera,
            declares={name: value for e in entries for name, value in e.declares.items()},
            once=once,
            digests=self._digests[front],
            observing=observing_digest(),
        )

    async def _kept(self, job: Job) -> JobResult | None:
        """What is known of a job; what was observed with the code of now and judged by other judges is judged anew."""
        alike = _alike(job)
        for each in alike:
            if (kept := self.store.get(each)) is not None:
                return kept
        for each in alike:
            if (kept := await self._anew(each)) is not None:
                return kept
        return None

    async def _anew(self, job: Job) -> JobResult | None:
        seen = self.store.observed(job)
        if seen is None or not seen.run:
            return None
        result = await asyncio.to_thread(judged_anew, self.order.folder / "runs" / seen.folder)
        if result is None:
            return None
        moved = seen.model_copy(update={"key": job.key, "under": seen.under or seen.key})
        kept = found_in(result.model_dump(mode="json"), moved)
        self.store.put(kept)
        return kept

    async def _do(
        self, job: Job, turn: AbstractAsyncContextManager[None] | None = None, *, fresh: bool = False
    ) -> JobResult:
        """`fresh`: made once more, whatever is known of it."""
        self._total += 1
        kept = None if fresh else await self._kept(job)
        if kept is None:
            async with turn or self._room.place():
                self.say(f"{job.front}: {'+'.join(job.defects) or job.kind} ...")
                kept = await run_job(
                    job,
                    self.order.folder / "runs",
                    timeout_s=self.order.timeout_s,
                    seed=self.order.seed,
                    slots=self.order.slots or (NULL_WINDOWS if job.null else self._slots),
                )
                self.store.put(kept)
        self._done += 1
        what = "+".join(job.defects) or job.kind
        said = kept.error or ", ".join(sorted(kept.failed)) or "no FAIL"
        self.say(f"[{self._done}/{self._total}] {job.front}: {what}: {said} ({kept.seconds:.0f} s)")
        self.results.append(kept)
        return kept


def _alike(job: Job) -> tuple[Job, ...]:
    """Those whose results count for it: what was made with every FAIL twice says all that once would."""
    return (job, replace(job, once=False)) if job.once else (job,)


def profile_of(folder: Path, front: str) -> Path:
    """The profile of a front of the reference platform. Raises UsageError."""
    profile = folder / f"reference-{front}.yaml"
    if not profile.is_file():
        raise UsageError(
            "profile not found",
            where=str(profile),
            expected=f"a front, one of {', '.join(FRONTS)}",
            hint="Run it from the repository's folder.",
        )
    return profile


def digests(subject: Path, profile: Path) -> tuple[str, ...]:
    """What a result counts for: the harness, the subject's code, and how the profile describes it."""
    return harness_digest(), folder_digest(subject), hashlib.sha256(profile.read_bytes()).hexdigest()


def folder_digest(folder: Path) -> str:
    """SHA-256 over names and contents of a subject's code, without what is told of its faults."""
    code = (p for p in sorted(folder.rglob("*")) if p.suffix in CODE and p.is_file())
    return files_digest((p for p in code if not p.relative_to(folder).as_posix().startswith(TOLD)), folder)


def conduct(order: Order, say: Callable[[str], None] = lambda line: None) -> Summary:
    """Do it. Raises UsageError before anything is started, RunLeft when somebody ends it before its time.

    Ctrl-C once: those under way are finished. Once more, or SIGTERM: these are ended, too.
    """

    async def run() -> Summary | None:
        conductor = Conductor(order, say)
        with first_ctrl_c(conductor.begin_no_more):
            try:
                return await conductor.run()
            finally:
                await _ended(asyncio.all_tasks() - {asyncio.current_task()})

    with contextlib.suppress(KeyboardInterrupt):
        summary = asyncio.run(run())
        if summary is not None:
            return summary
    raise RunLeft(
        "left; the certifications that were finished are kept",
        where=str(order.folder),
        hint="The same command goes on with what is missing.",
    )


async def _ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """End them, and wait until they have: nothing that they started outlives us.

    A gather that is cancelled doesn't wait for those that take longer, as whoever ends a certification does.
    """
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
