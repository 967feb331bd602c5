"""The main job: plan, run, judge, write. Everything between the command line and the parts."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.assessor import Ask
from harness.begin import Begun, begin, measure_clock, resumed, run_started, this_machine
from harness.capacity import calibrate_once, slots_here
from harness.clock import Clock
from harness.conclude import Issue, conclude
from harness.engine import Engine
from harness.errors import RunLeft, UsageError
from harness.events import Event
from harness.family import Family
from harness.ledger import Ledger, read
from harness.memory import share_room_for_pictures
from harness.model.observation import Absent, RunFinished, StageEnded
from harness.model.run import RunResult
from harness.prepare import Order, Prepared, prepared, require_camera, studio_for
from harness.probe import load_probes
from harness.result import result_of
from harness.runfolder import copied
from harness.stages import calendar


def certify(
    order: Order,
    on_event: Callable[[Event], None] = lambda event: None,
    ask: Ask | None = None,
    clock: Clock | None = None,
) -> tuple[Path, RunResult]:
    """Do it all; the run's folder and its result. An earlier run's files are never overwritten.

    Where the platform settles its record only later, or people approve who registers, the run is left: the result then
    says in `waits` what for, its decision is INCOMPLETE, and nothing but the ledger is written. It is taken up again
    with `order.resume`; too early, that raises TooEarly. `ask` reaches a person beside the run; without it a log-in
    that needs one is not possible.
    """
    if (
        order.out is not None
        and order.out.exists()
        and not (order.out / "run.json").exists()
        and any(order.out.iterdir())
    ):
        raise UsageError(
            "folder holds something that is not a run", where=str(order.out), expected="an empty or new folder"
        )
    full = order.scale == 1 and not order.only and order.slots is None
    with prepared(
        order,
        before_start=lambda: calibrate_once(on_event) if full else None,
        answered=ask is not None,
        clock=clock,
    ) as ready:
        _outlives(ready)
        if ready.plan.attended:
            asyncio.run(require_camera(ready.profile))
        begun = begin(ready)
        run_dir = begun.run_dir
        try:
            asyncio.run(_certify(ready, begun, on_event, ask))
        except KeyboardInterrupt as stop:
            raise RunLeft(
                "the run was left before its end", where=str(run_dir), hint=f"Go on with --resume {run_dir}."
            ) from stop
    observations = list(read(run_dir))
    result = result_of(observations, ready.standard, load_probes())
    if result.waits:
        return run_dir, result
    issue = Issue(
        ready.key,
        order.tsa,
        order.valid_months,
        printing=order.printing,
        tell=_tell,
    )
    conclude(run_dir, observations, result, ready.standard, issue)
    copied(run_dir, order.out)
    return run_dir, result


def _tell(message: str) -> None:
    print(f"xunjian: {message}", file=sys.stderr)


async def _certify(
    ready: Prepared,
    begun: Begun,
    on_event: Callable[[Event], None],
    ask: Ask | None,
) -> None:
    from harness.browser.launch import BrowserPool
    from harness.platform.declarative import DeclarativePlatform
    from harness.sharing import MachineWindows, windows_counted

    share_room_for_pictures()
    order, clock = ready.order, ready.clock
    ledger = Ledger(begun.run_dir, clock)
    family = Family(ready.subject_pid)
    started, cpu = time.monotonic(), family.cpu_s()
    if order.resume is None:
        ledger.append(run_started(ready, begun.run_dir.name, begun.seed))
        for absent in ready.profile.model.absent:
            ledger.append(Absent(function=absent.function, statement=absent.statement, basis=absent.basis))
    else:
        ledger.append(resumed(begun.earlier))
    offset_s = await measure_clock(ready, ledger)
    async with BrowserPool() as pool:
        studio = studio_for(ready.profile, clock, begun.seed)
        platform = DeclarativePlatform(ready.profile, pool, ask=ask, studio=studio)
        platform.offset_s = offset_s
        engine = Engine(
            plan=ready.plan,
            selection=ready.selection,
            platform=platform,
            ledger=ledger,
            clock=clock,
            standard=ready.standard,
            setting=ready.setting,
            seed=begun.seed,
            accounts=ready.learners,
            lessons=ready.profile.lessons,
            on_event=on_event,
            earlier=begun.earlier,
            once=ready.order.once,
            machine=MachineWindows(windows=max(ready.plan.slots, slots_here())) if windows_counted() else None,
            family=family,
        )
        try:
            await engine.run()
        finally:
            await platform.close()
            cpu = family.cpu_s() - cpu
            ledger.append(this_machine(pool.version, pool.flags))
    wall, rss = time.monotonic() - started, max(engine.peak_rss_mb, family.memory_mb())
    if waits := engine.waits:
        ledger.append(StageEnded(number=begun.stage, waits=waits, wall_s=wall, cpu_s=cpu, peak_rss_mb=rss))
    else:
        ledger.append(RunFinished(wall_s=wall, cpu_s=cpu, peak_rss_mb=rss))
    ledger.close()


def _outlives(ready: Prepared) -> None:
    """A run in stages needs a subject that is still there when it is taken up again, with what it remembers."""
    if ready.profile.model.launch and ready.order.base_url is None and _in_stages(ready):
        raise UsageError(
            "the run has a later stage, and a subject that the run starts ends with the first",
            where=f"{ready.profile.path.name}: launch",
            expected="a subject that goes on",
            hint="Start the subject yourself, and give its address with --base-url.",
        )


def _in_stages(ready: Prepared) -> bool:
    """Whether a run will be left: for what comes later, or because its accounts can't study it all in one day."""
    if len(ready.plan.stages()) > 1:
        return True
    accounts, lessons = len(ready.learners), len(ready.profile.lessons)
    return len(calendar(ready.plan, ready.setting, ready.clock.utc(), accounts=accounts, lessons=lessons)) > 1


def certify_sync(
    profile: Path,
    *,
    base_url: str | None = None,
    only: Sequence[str] = (),
    time_scale: float = 1.0,
    run_dir: Path | None = None,
) -> Path:
    """For the pytest plugin: certify, and give the run's folder."""
    order = Order(
        profile,
        base_url=base_url,
        only=tuple(only),
        scale=time_scale,
        runs=run_dir if run_dir is not None else Path("runs"),
    )
    folder, result = certify(order)
    if result.waits:
        raise UsageError(
            result.decision_why.en, where=str(folder), hint=f"Go on with xunjian certify --resume {folder}, then."
        )
    return folder
