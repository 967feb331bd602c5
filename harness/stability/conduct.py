"""Rehearsals of the platforms without defects, one after another, until as many are there as were asked for."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from harness.anew import judged_anew
from harness.digest import harness_digest, observing_digest
from harness.errors import LedgerError, RunLeft, UsageError
from harness.plan import select
from harness.probe import load_probes
from harness.selftest.conduct import FRONTS, PROFILES, SUBJECT, TIMEOUT_S, digests, folder_digest, profile_of
from harness.selftest.job import Job, JobResult, run_job
from harness.stability.neighbour import busy_neighbour
from harness.stability.page import write_page
from harness.stability.record import Kept, Rehearsal, seen_in
from harness.stability.tally import Stability, tally
from reports import json_run

SUMMARY, PAGE = "summary.json", "stability.html"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked for. Paths are relative to the repository's folder, where the command is given."""

    fronts: tuple[str, ...] = FRONTS
    times: int = 20
    """Rehearsals of each front."""
    busy: int | None = None
    """How many of them beside a busy neighbour; None: a quarter."""
    only: tuple[str, ...] = ()
    scale: float = 30.0
    minutes: float | None = None
    """No rehearsal is begun after so long."""
    folder: Path = Path("runs") / "stability"
    subject: Path = SUBJECT
    profiles: Path = PROFILES
    seed: int | None = None
    """Each rehearsal of a front has another one, counted on from this."""
    slots: int | None = None
    timeout_s: float = TIMEOUT_S

    @property
    def disturbed(self) -> int:
        """How many of each front's rehearsals have a busy neighbour."""
        return self.times // 4 if self.busy is None else self.busy


@dataclass(frozen=True, slots=True)
class Turn:
    """One rehearsal that is wanted."""

    front: str
    busy: bool


def turns(order: Order) -> list[Turn]:
    """What is wanted, in order: the fronts by turns, the disturbed ones spread evenly among the others."""
    share = order.disturbed
    every = range(1, order.times + 1)
    disturbed = [number * share // order.times > (number - 1) * share // order.times for number in every]
    return [Turn(front, busy) for busy in disturbed for front in order.fronts]


class Conductor:
    """One start. Raises UsageError before anything is started."""

    def __init__(
        self,
        order: Order,
        say: Callable[[str], None] = lambda line: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now`: seconds of a clock that only goes on."""
        self.order, self.say, self.now = order, say, now
        if not 0 <= order.disturbed <= order.times:
            raise UsageError(
                "more busy rehearsals than rehearsals", where="--busy", got=order.busy, expected=order.times
            )
        if not order.fronts or len(set(order.fronts)) < len(order.fronts):
            raise UsageError("each front is named once", where="--front", got=",".join(order.fronts) or "nothing")
        select(load_probes(), order.only)
        self.jobs = {front: self._job(front) for front in order.fronts}
        self.kept = Kept(order.folder)

    def _job(self, front: str) -> Job:
        """The platform without defects, with its camera wherever all of it is certified."""
        order = self.order
        profile = profile_of(order.profiles, front)
        return Job(
            front=front,
            kind="clean",
            profile=profile,
            scale=order.scale,
            only=order.only,
            camera="" if order.only else "on",
            digests=digests(order.subject, profile),
            observing=observing_digest(),
        )

    async def run(self) -> Stability:
        """Make what is missing, within the time; the summary is written anew after each."""
        started = self.now()
        self.judge_anew()
        missing = self.missing()
        self.say(f"{len(missing)} of {self.order.times * len(self.order.fronts)} rehearsals to make")
        for number, turn in enumerate(missing, 1):
            if self.order.minutes is not None and self.now() - started >= self.order.minutes * 60:
                self.say(f"the time is over: {len(missing) - number + 1} left for the next start")
                break
            where = f"[{number}/{len(missing)}] {turn.front} {'busy' if turn.busy else 'quiet'}"
            self.say(f"{where} ...")
            made = await self._rehearse(turn)
            self.kept.put(made)
            self.say(f"{where}: {said(made)}")
            self.write()
        return self.write()

    def judge_anew(self) -> None:
        """What was rehearsed with the code of now, and judged by other judges, counts as these of now judge it."""
        for job in self.jobs.values():
            there = {r.run for r in self.kept.of([job.key])}
            for seen in [r for r in self.kept.all if r.observed == job.observed and not r.error and r.run not in there]:
                result = judged_anew(self.order.folder / seen.run)
                if result is None:
                    continue
                there.add(seen.run)
                found = seen_in(result, partial=bool(self.order.only))
                would_be = result.would_be.value
                self.kept.put(seen.model_copy(update={"key": job.key, "requirements": found, "would_be": would_be}))

    def missing(self) -> list[Turn]:
        """What is wanted and not there yet, in order."""
        there = [Turn(r.front, r.busy) for r in self._counting() if not r.error]
        left = []
        for turn in turns(self.order):
            if turn in there:
                there.remove(turn)
            else:
                left.append(turn)
        return left

    def _counting(self) -> tuple[Rehearsal, ...]:
        return self.kept.of(job.key for job in self.jobs.values())

    async def _rehearse(self, turn: Turn) -> Rehearsal:
        job, order = self.jobs[turn.front], self.order
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        seed = None if order.seed is None else order.seed + len(self.kept.of([job.key]))
        runs = order.folder / "runs"
        with busy_neighbour() if turn.busy else contextlib.nullcontext() as neighbour:
            made = await run_job(job, runs, timeout_s=order.timeout_s, seed=seed, slots=order.slots)
            alone = neighbour is not None and not neighbour.busy
        folder = Path("runs") / job.key / made.run
        kept = Rehearsal(
            key=job.key,
            observed=job.observed,
            front=job.front,
            busy=turn.busy,
            begun=begun,
            seconds=made.seconds,
            bound_s=made.bound_s,
            run=folder.as_posix() if made.run else "",
            would_be=made.decision,
            error=made.error or ("the busy neighbour ended before the rehearsal did" if alone else ""),
        )
        return kept if kept.error else self._looked_into(kept, made)

    def _looked_into(self, kept: Rehearsal, made: JobResult) -> Rehearsal:
        """With each requirement as the run's own folder has it."""
        try:
            result = json_run.read(self.order.folder / kept.run)
        except LedgerError as error:
            return kept.model_copy(update={"error": str(error)})
        if result.harness.digest != harness_digest():
            return kept.model_copy(update={"error": "the harness was changed while it ran"})
        return kept.model_copy(update={"requirements": seen_in(result, partial=bool(self.order.only))})

    def write(self) -> Stability:
        """Count what is there, and write summary.json and stability.html."""
        order = self.order
        asked: Mapping[tuple[str, bool], int] = {
            (front, busy): order.disturbed if busy else order.times - order.disturbed
            for front in order.fronts
            for busy in (False, True)
        }
        found = tally(
            asked,
            self._counting(),
            harness=harness_digest(),
            subject=folder_digest(order.subject),
            scale=order.scale,
            only=order.only,
            date=datetime.now(UTC).strftime("%Y-%m-%d"),
        )
        (order.folder / SUMMARY).write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
        write_page(order.folder / PAGE, found)
        return found


def said(made: Rehearsal) -> str:
    """A rehearsal in a line."""
    if made.error:
        return f"no result: {made.error} ({made.seconds:.0f} s)"
    fails = ", ".join(f"{name} FAIL" for name in made.failed) or "no FAIL"
    unsure = [name for name, seen in made.requirements.items() if seen.open]
    return f"{fails}, {len(unsure)} INCONCLUSIVE{': ' if unsure else ''}{', '.join(unsure)} ({made.seconds:.0f} s)"


@contextlib.contextmanager
def only_start(folder: Path) -> Iterator[None]:
    """Nobody else adds to a folder meanwhile. Raises UsageError when somebody does."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(
            "another start of this command is going on", where=str(folder), hint="Wait for it, or name another folder."
        ) from None
    try:
        yield
    finally:
        lock.release()


def conduct(order: Order, say: Callable[[str], None] = lambda line: None) -> Stability:
    """Do it. Raises UsageError before anything is started, RunLeft when somebody ends it before its time."""

    async def run() -> Stability:
        return await Conductor(order, say).run()

    with only_start(order.folder):
        try:
            return asyncio.run(run())
        except KeyboardInterrupt:
            raise RunLeft(
                "left; the rehearsals that were finished are kept",
                where=str(order.folder),
                hint="The same command goes on with what is missing.",
            ) from None
