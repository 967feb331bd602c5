"""A walk: what an observer is given. It acts through learners, and everything it does is written down as it happens."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from harness.actor import Actor
from harness.clock import Clock
from harness.errors import NotDone
from harness.exclusive import Exclusive
from harness.learner import Learner
from harness.ledger import Ledger
from harness.model.observation import Context, Fact, Means, Observation, SegmentEnded, SegmentKind, SegmentStarted
from harness.probe import ASSESSOR, Setting, WalkSpec
from harness.reader import Reader
from harness.view import WalkView

if TYPE_CHECKING:
    from harness.camera.nonce import Frames
    from harness.camera.studio import AnyCamera, Real
    from harness.model.observation import PortraitSeen
    from harness.platform.base import Role
    from harness.platform.declarative import DeclarativePlatform, Session
    from harness.platform.profile import Account, Lesson

LONGEST_CONTROL = 1.2
"""Controls last up to so many times as long as they must."""


class Walk:
    """One attempt of one walk, with its accounts and lessons, the pen, and a reader of the platform's record."""

    def __init__(
        self,
        spec: WalkSpec,
        attempt: int,
        *,
        probe_id: str,
        platform: DeclarativePlatform,
        ledger: Ledger,
        clock: Clock,
        setting: Setting,
        seed: int,
        accounts: Sequence[Account],
        lessons: Sequence[Lesson],
        takes_up: WalkView | None = None,
        exclusive: dict[str, Exclusive] | None = None,
        on_segment: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._on_segment = on_segment
        self._exclusive = exclusive if exclusive is not None else {}
        self.spec = spec
        self.attempt = attempt
        self.platform = platform
        self.ledger = ledger
        self.clock = clock
        self.setting = setting
        self.accounts = tuple(accounts)
        self.lessons = tuple(lessons)
        self.takes_up = takes_up
        """The walk of an earlier stage that it takes up again."""
        self._run_seed = seed
        self._seed = f"{seed}/{spec.name}/{attempt}"
        self.rng = random.Random(self._seed)
        """For choices; the same seed makes the same ones, however long things took."""
        self.rhythm = random.Random(f"{self._seed}/rhythm")
        """For the rhythm of input, which takes as much chance as there is time."""
        self.context = Context(probe=probe_id, walk=spec.name, attempt=attempt)
        self.sample_every_s = 1.0 if setting.scale == 1 else 0.5
        self.state_every_s = setting.state_every_s
        self.started_utc = clock.utc()
        self.seen: list[Observation] = []
        self.reader = Reader(self)
        """Reads the platform's own record for this walk."""
        self._sessions: list[Session] = []
        self.visitor: dict[str, Any] = {}
        """How every learner of this walk looks to the platform, where the walk itself doesn't say: Visitor's fields."""
        self.cameras: list[AnyCamera] = []
        self.portraits: list[PortraitSeen] = []
        """Those read last."""
        self.reads_portraits = False
        self.frames: Frames = {}
        """What is known of the frames that this walk's cameras showed, for looking at portraits."""
        self._later: list[asyncio.Task[None]] = []
        self.deadline: asyncio.Timeout | None = None
        """When the engine stops this walk."""

    def now(self) -> float:
        """Monotonic seconds."""
        return self.clock.mono_ns() / 1e9

    def described(self, name: str) -> bool:
        """Does the profile describe this action or reading?"""
        return self.platform.described(name)

    def chance(self, what: str) -> random.Random:
        """Chance for one choice of this walk, whatever other choices were made before."""
        return random.Random(f"{self._seed}/{what}")

    def chance_of(self, view: WalkView, what: str) -> random.Random:
        """What `chance` was for another walk of this run: what was invented there can be invented again."""
        return random.Random(f"{self._run_seed}/{view.name}/{view.attempt}/{what}")

    def span(self, seconds: float, floor_s: float = 8.0) -> float:
        """A duration of real life in this run."""
        return self.setting.span(seconds, floor_s)

    @property
    def input_every_s(self) -> float:
        """How often an honest learner gives input: a third of the idle limit, at most a minute."""
        limit = self.setting.policy_s("idle_limit_s") or self.setting.caps["idle_cap_s"] / self.setting.scale
        return min(limit / 3, 60.0)

    @property
    def settle_s(self) -> float:
        """How long the record must stand still before it counts as settled."""
        return self.setting.settle_s

    def note(self, fact: Fact, **more: Any) -> Observation:
        """Write a fact in the walk's name."""
        return self.write(fact, self.context, **more)

    def write(self, fact: Fact, context: Context, **more: Any) -> Observation:
        """Write a fact and keep it at hand for the judges of this run."""
        seen = self.ledger.append(fact, context, **more)
        self.seen.append(seen)
        return seen

    async def learner(
        self, account: int | Account = 0, lesson: int | Lesson = 0, *, screen: str = "main", **visitor: Any
    ) -> Learner:
        """A learner at a fresh device, not logged in yet: one of the walk's own accounts and lessons, by place, or
        another that came up during the walk.
        """
        who = self.accounts[account] if isinstance(account, int) else account
        look = {**self.visitor, **visitor}
        studio = self.platform.studio
        if studio is not None and studio.real is not None:
            look = _at_real_camera(studio.real, look, called=ASSESSOR in self.spec.exclusive)
        session = await self.platform.session("learner", who, **look)
        self._sessions.append(session)
        learner = Learner(self, session, self.lessons[lesson] if isinstance(lesson, int) else lesson, screen)
        if session.camera is not None:
            from harness.oncamera import sits_down

            self.cameras.append(session.camera)
            await sits_down(learner, denied=bool(visitor.get("denied")))
        return learner

    async def actor(
        self, role: Role, account: Account | None = None, *, screen: str | None = None, **visitor: Any
    ) -> Actor:
        """Anybody else at a fresh device, not logged in yet; without `account` the first of the role. Raises
        Unsupported when the profile has none.
        """
        session = await self.platform.session(role, account, **visitor)
        self._sessions.append(session)
        return Actor(self, session, screen or role)

    @asynccontextmanager
    async def holding(self, name: str, *, wait_s: float = 600.0) -> AsyncIterator[bool]:
        """Use what only one walk of a run may use, for the end of a long walk that needs it only there.

        Gives False when others used it for `wait_s`.
        """
        async with AsyncExitStack() as held:
            one = self._exclusive.setdefault(name, Exclusive())
            try:
                async with asyncio.timeout(wait_s):
                    await held.enter_async_context(one.used())
            except TimeoutError:
                yield False
                return
            yield True

    def adopt(self, session: Session, lesson: int, screen: str) -> Learner:
        """A learner around a session that an attack made."""
        self._sessions.append(session)
        return Learner(self, session, self.lessons[lesson], screen)

    @property
    def cost(self) -> tuple[float, float]:
        """CPU seconds and most memory (MB) of this walk's windows, as far as they were measured."""
        spent = [session.cost for session in self._sessions]
        return sum(c.cpu_s for c in spent), max((c.peak_rss_mb for c in spent), default=0.0)

    @contextmanager
    def waiting_for_a_person(self, most_s: float) -> Iterator[None]:
        """What a person takes inside the block, at most so long, is not counted as this walk's time."""
        limit = self.deadline
        due = None if limit is None else limit.when()
        if limit is None or due is None:
            yield
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        limit.reschedule(due + most_s)
        try:
            yield
        finally:
            if not limit.expired():
                limit.reschedule(due + loop.time() - began)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that this walk writes down and nothing in it waits for; pieces are done in the order given."""
        before = self._later[-1] if self._later else None

        async def in_turn() -> None:
            if before is not None:
                await asyncio.wait([before])
            await work

        self._later.append(asyncio.create_task(in_turn()))

    async def close(self) -> None:
        """Close every window of this walk."""
        for session in self._sessions:
            await session.close()

    async def settle(self) -> None:
        """Wait for what was left for later, and keep what the cameras showed. Raises what went wrong in it."""
        try:
            for task in self._later:
                await task
        finally:
            self.frames.clear()
            if self.cameras:
                from harness.oncamera import keep_frames

                await asyncio.to_thread(keep_frames, self)

    def keep(self, came: object) -> tuple[str, ...]:
        """Keep what an action brought as evidence, if it is a file."""
        from harness.browser.parts import File

        if not isinstance(came, File):
            return ()
        return (self.ledger.evidence.put(came.data, PurePosixPath(came.name).suffix.lower().lstrip(".") or "bin"),)

    @asynccontextmanager
    async def segment(
        self, name: str, kind: SegmentKind, *learners: Learner, means: Means = "ordinary", pause: bool = True
    ) -> AsyncIterator[None]:
        """A stretch bracketed by settled readings of every learner's record.

        At its end the players are paused, so that nothing is earned between the stretches.
        """
        for learner in learners:
            await self.reader.credit_before(f"before:{name}", learner)
        async with self.stretch(name, kind, means):
            for learner in learners:
                await learner.sample()
            yield
            for learner in learners:
                if pause:
                    await learner.try_do("pause")
                await learner.sample()
        await asyncio.gather(*(self.reader.settled_credit(f"after:{name}", learner) for learner in learners))

    @asynccontextmanager
    async def stretch(self, name: str, kind: SegmentKind, means: Means = "ordinary") -> AsyncIterator[None]:
        """A named stretch without readings of the record."""
        self._on_segment(name)
        self.note(SegmentStarted(segment=name, segment_kind=kind, means=means))
        yield
        self.note(SegmentEnded(segment=name))

    async def control(self, name: str, learner: Learner, seconds: float | None = None) -> None:
        """Honest study, bracketed by readings: of so many seconds as they are played, or as long as a control must be
        and up to a fifth more, so that nobody learns when it ends.
        """
        async with self.segment(name, "control", learner):
            await learner.play()
            if seconds is not None:
                await learner.watch_through(seconds)
                return
            least = self.setting.control_s()
            await learner.watch(least * self.chance(f"control/{name}").uniform(1.0, LONGEST_CONTROL))


def _at_real_camera(real: Real, look: dict[str, Any], *, called: bool) -> dict[str, Any]:
    """How a learner looks where living persons take part: without a camera in walks to which nobody is called.

    Raises NotDone for what can't be had: no browser takes a telephone's camera away.
    """
    if not called:
        return {**look, "unplugged": True}
    if real.phone and look.get("unplugged"):
        raise NotDone("手机自带摄像头，无法不接 a telephone can't be without its camera", where="persons.camera")
    return look
