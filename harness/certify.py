"""The main job: plan, run, judge, write. Everything between the command line and the parts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform as machine
import random
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil

from harness import __version__
from harness.assessor import Ask
from harness.clock import Clock, DateSample, SystemClock, server_offset
from harness.conclude import Issue, conclude
from harness.digest import harness_digest
from harness.engine import Engine
from harness.errors import LedgerError, RunLeft, StepFailed, TooEarly, UsageError
from harness.events import Event
from harness.family import Family
from harness.judge import make_setting, present
from harness.keys import find_key
from harness.ledger import LEDGER, Ledger, canonical, read
from harness.machine import (
    Calibration,
    cache_file,
    calibration_off,
    disturbed,
    keep,
    kept,
    most_in_time,
    processor_name,
)
from harness.model.observation import (
    Absent,
    Machine,
    Observation,
    RunFinished,
    RunResumed,
    RunStarted,
    ServerClock,
    StageEnded,
)
from harness.model.outcome import Mode
from harness.model.requirement import Standard
from harness.model.run import RunResult
from harness.plan import CORE_SLOTS, Plan, Selection, make_plan, select, slots_for
from harness.probe import Setting, load_probes
from harness.result import result_of
from harness.selftest.record import SUMMARY, recorded
from harness.stages import beijing, calendar, resumable_from, waiting
from harness.standards import load_standard
from harness.subject import launch_values, launched
from harness.view import WalkView, walks

if TYPE_CHECKING:
    from harness.browser.launch import BrowserPool
    from harness.camera.studio import Studio
    from harness.model.profile import Profile
    from harness.platform.loading import LoadedProfile
    from harness.platform.profile import Account
    from harness.platform.yaml_lines import Document
    from reports.keys import SigningKey

BASE_STANDARD = "aq8011-2023"
CLOCK_SAMPLES = 8
QUIET_LOOK_S = 3.0
QUIET_PERCENT = 25.0
"""A machine that is busier than this before anything of ours begins is not measured."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked for."""

    profile: Path
    base_url: str | None = None
    overlays: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    observe_only: bool = False
    scale: float = 1.0
    seed: int | None = None
    runs: Path = Path("runs")
    resume: Path | None = None
    slots: int | None = None
    accounts: int | None = None
    """How many of the profile's learner accounts may be used; None: all."""
    out: Path | None = None
    key: str | None = None
    """Reference of the key that signs the run; without it XUNJIAN_KEY's, if there is one."""
    tsa: str | None = None
    """Address of a time-stamping service for the PDFs."""
    valid_months: int = 12
    """How long a conclusion that may be issued stands."""
    printing: bool = True
    """False: no PDFs, where only the verdicts are wanted."""


@dataclass
class Prepared:
    """Everything known before the platform is touched."""

    order: Order
    profile: LoadedProfile
    standard: Standard
    setting: Setting
    selection: Selection
    plan: Plan
    mode: Mode
    key: SigningKey | None = None
    clock: Clock = field(default_factory=SystemClock)
    subject_pid: int | None = None
    """A subject that we started; None where the platform runs elsewhere."""

    @property
    def learners(self) -> Sequence[Account]:
        """The learner accounts that this run may use."""
        return self.profile.accounts.get("learner", ())[: self.order.accounts]


@contextlib.contextmanager
def prepared(
    order: Order,
    *,
    start_subject: bool = True,
    before_start: Callable[[], None] = lambda: None,
    answered: bool = True,
    clock: Clock | None = None,
) -> Iterator[Prepared]:
    """Load and check everything, starting the subject where the profile says how. Raises UsageError, nothing sent.

    `answered`: somebody is there who answers questions, as living persons before a camera need.

    Whatever can be wrong without the subject is found before it is started, and before `before_start` is called.
    """
    from harness.platform.authorization import require_in_force
    from harness.platform.loading import check_profile, load_profile

    if order.scale < 1:
        raise UsageError("time scale must be at least 1", where="--time-scale", got=order.scale, expected="1 or more")
    standard = load_standard(BASE_STANDARD, overlays=order.overlays)
    selection = select(load_probes(), order.only)
    key = find_key(order.key)
    written, document = check_profile(order.profile)
    if not answered:
        require_assessor(written, document, selection)
    if not order.observe_only:
        require_in_force(written, document, datetime.now(UTC).date())
    clock = clock or SystemClock()
    if order.resume is not None:
        _may_go_on(order.resume, clock.utc())
    before_start()
    with contextlib.ExitStack() as stack:
        argv = written.launch
        subject = None
        if argv and order.base_url is None and start_subject:
            values = launch_values(scale=order.scale, camera=any(walk.camera for _, walk in selection.walks))
            subject = stack.enter_context(launched(argv, values=values))
        said = None if subject is None else subject.description
        profile = load_profile(order.profile, base_url=order.base_url, subject=said)
        ready = _prepare(order, profile, standard, selection, key, clock)
        yield ready if subject is None else replace(ready, subject_pid=subject.pid)


def _prepare(
    order: Order,
    profile: LoadedProfile,
    standard: Standard,
    selection: Selection,
    key: SigningKey | None,
    clock: Clock,
) -> Prepared:
    from harness.platform.authorization import require_authorization

    if not order.observe_only:
        require_authorization(profile, datetime.now(UTC).date())
    lengths = [lesson.duration_s for lesson in profile.lessons if lesson.duration_s is not None]
    course = [x.duration_s for x in profile.lessons if x.test_course and x.duration_s is not None]
    policy, camera = profile.facts()["policy"], profile.people is not None
    setting = make_setting(policy, order.scale, standard, lengths, course, camera=camera)
    setting = present(setting, profile.facts())
    selection = selection.on(setting)
    plan = make_plan(
        selection,
        setting,
        described=profile.described,
        absent=[a.function for a in profile.model.absent],
        slots=order.slots or windows_here(setting),
        function_of=lambda requirement: standard.get(requirement).function,
        observe_only=order.observe_only,
    )
    mode = Mode.REHEARSAL if order.scale != 1 else Mode.PARTIAL if order.only else Mode.CERTIFICATION
    return Prepared(order, profile, standard, setting, selection, plan, mode, key, clock)


def require_assessor(profile: Profile, document: Document, selection: Selection) -> None:
    """Raises UsageError where living persons are needed and nobody is there to lead them."""
    persons = profile.persons
    if persons is None or not persons.human:
        return
    setting = Setting({}, camera=True, presence="human", present_in=persons.walks)
    called = [spec.name for _, spec in selection.walks if setting.calls_person(spec)]
    if called:
        raise UsageError(
            "living persons take part and nobody is there to lead them",
            where=document.where(("persons", "presence")),
            got=f"no terminal; {len(called)} walks need somebody",
            expected="a terminal with an assessor at it",
            hint="Run it in a terminal, or leave those walks out with --only.",
        )


async def require_camera(profile: LoadedProfile, pool: BrowserPool | None = None) -> None:
    """Raises UsageError where the browser finds no camera of this machine, or takes another than the profile names.

    Nothing is sent to the platform. Without `pool` a browser is started for it and closed again.
    """
    from harness.browser.launch import BrowserPool, Visitor

    persons = profile.model.persons
    if persons is None or not persons.human or persons.on_phone:
        return
    if pool is None:
        async with BrowserPool() as own:
            return await require_camera(profile, own)
    where = profile.where("persons", "camera") if persons.camera else profile.where("persons")
    screen = await pool.new_screen(Visitor(own_camera=True), base_url=profile.base_url, authorized_hosts=profile.hosts)
    try:
        seen = await screen.camera_frame()
    except StepFailed as error:
        raise UsageError(
            "no camera for the test persons", where=where, got=error.got, expected="a camera that the browser can open"
        ) from error
    finally:
        await screen.close()
    wanted = persons.camera or ""
    if seen is None or wanted.lower() not in seen.label.lower():
        raise UsageError(
            "another camera than the profile names",
            where=where,
            got="none" if seen is None else f"{seen.label} (there are: {', '.join(seen.labels)})",
            expected=wanted,
            hint="The browser takes its first camera: pull out or disable the others, or correct the label.",
        )


def windows_here(setting: Setting) -> int:
    """Windows of this kind of run side by side on this machine."""
    return min(slots_here(), slots_for(os.cpu_count() or 2, setting))


def carried_here(setting: Setting) -> int:
    """Windows of this kind that the machine carries, whoever opens them.

    In real time a window with a camera costs little: six took 0.57 of two cores, their platform and its face engine
    included. In a rehearsal everything around the playing is as much work in a fraction of the time.
    """
    return slots_here() if setting.scale == 1 else windows_here(setting)


def slots_here() -> int:
    """Windows side by side on this machine: four per core, fewer where a calibration showed that it plays fewer."""
    cores = os.cpu_count() or 2
    found = _calibration()
    return CORE_SLOTS * cores if found is None else min(CORE_SLOTS * cores, found.windows)


def _calibration() -> Calibration | None:
    from harness.browser.find import find_browser
    from harness.browser.launch import browser_version

    browser = None if calibration_off() or not cache_file().is_file() else find_browser()
    return None if browser is None else kept(browser_version(browser))


def calibrate_once(on_event: Callable[[Event], None]) -> None:
    """Before the first full run on a machine: measure how many windows it plays in time. Takes up to 150 s.

    Not while something else keeps the machine busy, and not with XUNJIAN_CALIBRATION=off: what it played then would say
    nothing about it.
    """
    if calibration_off() or _calibration() is not None:
        return
    busy = psutil.cpu_percent(interval=QUIET_LOOK_S)
    if busy > QUIET_PERCENT:
        on_event(Event("held", message=f"本机繁忙，未校准 not calibrated: the machine is busy ({busy:.0f} %)"))
    else:
        on_event(Event("held", message="本机首次校准 first calibration of this machine (150 s)"))
        calibrate_machine(lambda line: on_event(Event("held", message=line)))
    on_event(Event("released"))


def calibrate_machine(said: Callable[[str], None]) -> Calibration:
    """Measure this machine and keep the result for later runs; `said` is told each step."""
    from harness.browser.calibrate import calibrate
    from harness.browser.launch import BrowserPool

    cores = os.cpu_count() or 2

    async def measure() -> Calibration:
        async with BrowserPool() as pool:
            rates = tuple(await calibrate(pool, cores, said))
            today = datetime.now(UTC).date().isoformat()
            return Calibration(cores, processor_name(), pool.version, most_in_time(rates), rates, today)

    found = asyncio.run(measure())
    if disturbed(found.rates):
        said("本机受其他程序干扰，校准未保存 something else filled the machine: the calibration is not kept")
    else:
        keep(found)
    return found


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
        begun_at = _folder(ready)
        run_dir = begun_at[0]
        try:
            asyncio.run(_certify(ready, begun_at, on_event, ask))
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
    begun_at: tuple[Path, list[WalkView], int, int],
    on_event: Callable[[Event], None],
    ask: Ask | None,
) -> None:
    from harness.browser.launch import BrowserPool
    from harness.platform.declarative import DeclarativePlatform
    from harness.sharing import MachineWindows

    order, clock = ready.order, ready.clock
    run_dir, earlier, seed, stage = begun_at
    ledger = Ledger(run_dir, clock)
    family = Family(ready.subject_pid)
    started, cpu = time.monotonic(), family.cpu_s()
    if order.resume is None:
        ledger.append(_run_started(ready, run_dir.name, seed))
        for absent in ready.profile.model.absent:
            ledger.append(Absent(function=absent.function, statement=absent.statement, basis=absent.basis))
    else:
        ledger.append(_resumed(earlier))
    offset_s = await _measure_clock(ready, ledger)
    async with BrowserPool() as pool:
        platform = DeclarativePlatform(ready.profile, pool, ask=ask, studio=studio_for(ready.profile, clock))
        platform.offset_s = offset_s
        engine = Engine(
            plan=ready.plan,
            selection=ready.selection,
            platform=platform,
            ledger=ledger,
            clock=clock,
            standard=ready.standard,
            setting=ready.setting,
            seed=seed,
            accounts=ready.learners,
            lessons=ready.profile.lessons,
            on_event=on_event,
            earlier=earlier,
            machine=MachineWindows(windows=max(ready.plan.slots, carried_here(ready.setting))),
            family=family,
        )
        try:
            await engine.run()
        finally:
            await platform.close()
            cpu = family.cpu_s() - cpu
            ledger.append(_machine(pool.version, pool.flags))
    wall, rss = time.monotonic() - started, max(engine.peak_rss_mb, family.memory_mb())
    if waits := engine.waits:
        ledger.append(StageEnded(number=stage, waits=waits, wall_s=wall, cpu_s=cpu, peak_rss_mb=rss))
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


def studio_for(profile: LoadedProfile, clock: Clock) -> Studio | None:
    """The cameras of a subject that asks for faces; None where the profile names no test persons.

    Raises UsageError when a learner's account names a person that the folder does not hold.
    """
    if profile.people is None:
        return None
    from harness.camera.studio import Real, Studio

    studio = Studio.of(profile.people, lambda: clock.utc().timestamp())
    persons = profile.model.persons
    if persons is not None and persons.human:
        studio.real = Real(phone=persons.on_phone)
    for account in profile.accounts.get("learner", ()):
        name = profile.person_of(account)
        if name is not None:
            studio.person(name, profile.where("persons"))
    return studio


def copied(run_dir: Path, out: Path | None) -> None:
    """Copy the finished run where it was asked for."""
    if out is not None:
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(run_dir, out)


def _folder(ready: Prepared) -> tuple[Path, list[WalkView], int, int]:
    order = ready.order
    if order.resume is not None:
        start, observations = _unfinished(order.resume)
        _same(start, ready)
        stage = 1 + sum(isinstance(o.data, StageEnded) for o in observations)
        return order.resume, list(walks(observations)), start.seed, stage
    seed = order.seed if order.seed is not None else random.SystemRandom().randrange(1 << 31)
    stamp = ready.clock.utc().strftime("%Y%m%dT%H%M%SZ")
    subject = "-".join(re.findall(r"[a-z0-9]+", ready.profile.model.subject.name.lower()))[:24]
    run_dir = order.runs / f"{stamp}-{subject or 'subject'}-{seed:08x}"
    run_dir.mkdir(parents=True)
    return run_dir, [], seed, 1


def begun(run_dir: Path) -> tuple[RunStarted, list[Observation]]:
    """A stored run's first line, and all of them. Raises LedgerError when that isn't a run's."""
    observations = list(read(run_dir))
    start = observations[0].data if observations else None
    if not isinstance(start, RunStarted):
        raise LedgerError(
            "ledger does not begin with run_started",
            where=str(run_dir / LEDGER),
            got=observations[0].kind if observations else "no line",
            expected="run_started",
        )
    return start, observations


def _unfinished(run_dir: Path) -> tuple[RunStarted, list[Observation]]:
    if (run_dir / "run.json").exists():
        raise LedgerError("this run is finished", where=str(run_dir), hint="Start a new one.")
    return begun(run_dir)


def _may_go_on(run_dir: Path, now: datetime) -> None:
    """Raises LedgerError for a finished run, TooEarly for one whose record has not settled yet."""
    _, observations = _unfinished(run_dir)
    left = waiting(observations)
    if left is not None and now < (moment := resumable_from(left.waits)):
        raise TooEarly(
            f"该检测自北京时间 {beijing(moment)} 起可继续 this run goes on from {beijing(moment)} Beijing time",
            where=str(run_dir),
            got=f"{now.astimezone(moment.tzinfo):%Y-%m-%d %H:%M} UTC",
            expected=f"{moment:%Y-%m-%d %H:%M:%S} UTC",
            hint="已有记录均保留 Nothing is lost; give --resume again then.",
        )


def _same(start: RunStarted, ready: Prepared) -> None:
    """A run goes on only with what it began with."""
    for what, was, now in (
        ("profile", start.profile.get("digest"), ready.profile.facts()["digest"]),
        ("standard", start.standard.get("digest"), ready.standard.digest),
        ("harness", start.harness.get("digest"), harness_digest()),
        ("time scale", start.time_scale, ready.order.scale),
    ):
        if was != now:
            raise UsageError(f"the {what} has changed since this run began", where="--resume", got=now, expected=was)


def _run_started(ready: Prepared, run_id: str, seed: int) -> RunStarted:
    plan = ready.plan
    return RunStarted(
        run_id=run_id,
        mode=ready.mode.value,
        seed=seed,
        time_scale=ready.order.scale,
        harness={"version": __version__, "digest": harness_digest()},
        standard={
            "id": ready.standard.id,
            "overlays": [o.id for o in ready.standard.overlays],
            "digest": ready.standard.digest,
        },
        profile=ready.profile.facts(),
        only=ready.order.only,
        selftest=recorded(SUMMARY, harness=harness_digest(), standard=load_standard(BASE_STANDARD).digest).model_dump(),
        signer=ready.key.certificate.fingerprint if ready.key else "",
        planned={
            "critical_path_s": round(plan.critical_path_s, 1),
            "slot_s": round(plan.slot_s, 1),
            "bound_s": round(plan.bound_s, 1),
            "slots": plan.slots,
        },
    )


def _resumed(earlier: Sequence[WalkView]) -> RunResumed:
    kept = [f"{w.name}#{w.attempt}" for w in earlier if w.finished is not None and w.finished.status == "done"]
    lost = [f"{w.name}#{w.attempt}" for w in earlier if w.finished is None or w.finished.status != "done"]
    return RunResumed(kept=tuple(kept), repeated=tuple(lost))


def _machine(browser: str, flags: tuple[str, ...]) -> Machine:
    return Machine(
        os=f"{machine.system()} {machine.release()}",
        cores=os.cpu_count() or 1,
        memory_mb=psutil.virtual_memory().total // 1_000_000,
        browser=browser,
        flags=flags,
        engine="playwright",
    )


async def _measure_clock(ready: Prepared, ledger: Ledger) -> float:
    """The server's clock minus ours, seconds, from the Date headers of a few ordinary requests; 0 if unknown."""
    import httpx

    samples = []
    async with httpx.AsyncClient(timeout=10, follow_redirects=False) as client:
        for _ in range(CLOCK_SAMPLES):
            sent = ready.clock.utc()
            try:
                answer = await client.get(ready.profile.base_url)
                samples.append(DateSample(sent, ready.clock.utc(), parsedate_to_datetime(answer.headers["date"])))
            except (httpx.HTTPError, KeyError, ValueError):
                continue
            await ready.clock.sleep(1 / CLOCK_SAMPLES + 0.02)
    offset = server_offset(samples)
    if offset is None:
        return 0.0
    host = urlsplit(ready.profile.base_url).netloc
    ledger.append(
        ServerClock(host=host, offset_s=round(offset.offset_s, 3), samples=len(samples)), u_s=round(offset.u_s, 3)
    )
    return offset.offset_s


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


def stored(run_dir: Path, overlays: Sequence[str] | None = None) -> RunResult:
    """Judge a stored run again, under its own overlays or others. Reads only."""
    start, observations = begun(run_dir)
    own = start.standard.get("overlays")
    chosen = tuple(overlays) if overlays is not None else tuple(own) if isinstance(own, list) else ()
    return result_of(observations, load_standard(BASE_STANDARD, overlays=chosen), load_probes())


def differences(said: RunResult, derived: RunResult) -> list[str]:
    """Where a stored run.json says something else than its ledger, one sentence each; empty when it follows."""
    found = []
    given = {v.id: v for v in derived.requirements}
    for verdict in said.requirements:
        other = given.get(verdict.id)
        if other is not None and other.outcome is not verdict.outcome:
            found.append(
                f"{verdict.id} does not follow from the ledger: "
                f"says {verdict.outcome.value}, the ledger gives {other.outcome.value}"
            )
    one, two = said.model_dump(mode="json"), derived.model_dump(mode="json")
    other_parts = [name for name in one if canonical(one[name]) != canonical(two[name])]
    return found + [f"'{name}' does not follow from the ledger" for name in other_parts]
