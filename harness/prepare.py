"""Everything known before the platform is touched: what somebody asked for, checked, and planned."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harness.capacity import slots_here
from harness.clock import Clock, SystemClock
from harness.errors import StepFailed, UsageError
from harness.keys import find_key
from harness.model.outcome import Mode
from harness.model.requirement import Standard
from harness.plan import Plan, Selection, make_plan, select
from harness.probe import Setting, load_probes
from harness.runfolder import may_go_on
from harness.settings import make_setting, of_profile
from harness.standards import load_standard
from harness.subject import launch_values, launched

if TYPE_CHECKING:
    from harness.browser.launch import BrowserPool
    from harness.camera.studio import Studio
    from harness.model.profile import Profile
    from harness.platform.loading import LoadedProfile
    from harness.platform.profile import Account
    from harness.platform.yaml_lines import Document
    from reports.keys import SigningKey


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
    once: bool = False
    """True: what fails is not tried once more, and stays undecided; for a quick look."""
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
    standard = load_standard(overlays=order.overlays)
    selection = select(load_probes(), order.only)
    key = find_key(order.key)
    written, document = check_profile(order.profile)
    if not answered:
        require_assessor(written, document, selection)
    if not order.observe_only:
        require_in_force(written, document, datetime.now(UTC).date())
    clock = clock or SystemClock()
    if order.resume is not None:
        may_go_on(order.resume, clock.utc())
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
    setting = of_profile(setting, profile.facts())
    selection = selection.on(setting)
    plan = make_plan(
        selection,
        setting,
        described=profile.described,
        absent=[a.function for a in profile.model.absent],
        slots=order.slots or slots_here(),
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


def studio_for(profile: LoadedProfile, clock: Clock, seed: int = 0) -> Studio | None:
    """The cameras of a subject that asks for faces; None where the profile names no test persons. `seed` is the run's.

    Raises UsageError when a learner's account names a person that the folder does not hold.
    """
    if profile.people is None:
        return None
    from harness.camera.studio import Real, Studio

    studio = Studio.of(profile.people, lambda: clock.utc().timestamp(), seed)
    persons = profile.model.persons
    if persons is not None and persons.human:
        studio.real = Real(phone=persons.on_phone)
    for account in profile.accounts.get("learner", ()):
        name = profile.person_of(account)
        if name is not None:
            studio.person(name, profile.where("persons"))
    return studio
