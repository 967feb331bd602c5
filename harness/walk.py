"""A walk: what an observer is given. It acts through learners, and everything it does is written down as it happens."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from harness.clock import Clock
from harness.errors import NotDone, ReadingFailed, StepFailed, SubjectError, Unsupported
from harness.exclusive import Exclusive
from harness.ledger import Ledger
from harness.model.observation import (
    ActionDone,
    Context,
    CreditRead,
    Fact,
    Means,
    Media,
    Observation,
    RecordsRead,
    SegmentEnded,
    SegmentKind,
    SegmentStarted,
    StateSeen,
    Stimulus,
    TableRead,
)
from harness.model.values import Credit, LessonState, MediaSample, Table
from harness.probe import ASSESSOR, Setting, WalkSpec
from harness.redact import MASK, redact, secret_name
from harness.view import SETTLED, WalkView

if TYPE_CHECKING:
    from harness.browser.session import Screen
    from harness.camera.nonce import Frames
    from harness.camera.studio import AnyCamera, Real
    from harness.model.observation import PortraitSeen
    from harness.platform.base import Role
    from harness.platform.declarative import DeclarativePlatform, Session
    from harness.platform.profile import Account, Lesson

START_TIMEOUT_S = 25.0
"""How long a player may take from play to its first movement; our own timeout, never scaled."""
REFUSED_S = 12.0
"""A player that has not moved for so long after play was pressed has been refused; the record tells in any case."""
LONGEST_CONTROL = 1.2
"""Controls last up to so many times as long as they must."""
ARG_LENGTH = 200
TURNED_AWAY_S = 35.0
"""How long an honest learner waits who was not recognised, before trying once more; a person's time, never scaled."""
MOST_TRIES = 3
"""How often an honest learner tries a face check again before taking the refusal for an answer."""


FACE_ACTIONS = frozenset({"pass_face_check", "enrol_face"})


def masked(table: Table) -> Table:
    """A table without identity and telephone numbers, as it may be kept."""
    return Table(
        columns=table.columns, rows=tuple({name: redact(text) for name, text in row.items()} for row in table.rows)
    )


class Actor:
    """One person at one device: a learner, a teacher, an administrator, or a visitor without an account."""

    def __init__(self, walk: Walk, session: Session, screen_name: str) -> None:
        self.walk = walk
        self.session = session
        self.name = screen_name
        self.account: Account = session.account

    @property
    def screen(self) -> Screen:
        """The window that it looks at now."""
        return self.session.screen

    @property
    def context(self) -> Context:
        """Who and where, for the ledger."""
        return self.walk.context.model_copy(update={"role": self.account.role, "account": self.account.id})

    def note(self, fact: Fact, **more: Any) -> Observation:
        """Write a fact in this person's name."""
        return self.walk.write(fact, self.context, **more)

    async def do(self, action: str, **args: Any) -> Any:
        """Do one contract action, write down how it went, and return what the contract says: a File, a Table, None.

        A file that came of it is kept as evidence. Raises what the platform raised.
        """
        start = self.walk.now()
        self._acting()
        shown = _shown(args)
        try:
            came = await self.session.do(action, **args)
        except SubjectError as error:
            picture = await self._picture() if not isinstance(error, Unsupported) else ()
            self.note(
                ActionDone(
                    name=action,
                    args=shown,
                    ok=False,
                    error=redact(str(error)),
                    step=getattr(error, "step", None),
                    url=self.screen.url,
                    took_s=self.walk.now() - start,
                ),
                evidence=picture,
            )
            raise
        self.note(
            ActionDone(
                name=action,
                args=shown,
                ok=True,
                url=self.screen.url,
                took_s=self.walk.now() - start,
                table=masked(came) if isinstance(came, Table) else None,
            ),
            evidence=self.walk.keep(came),
        )
        return came

    async def try_do(self, action: str, **args: Any) -> bool:
        """Like `do`, but a refusal is an answer: False."""
        try:
            await self.do(action, **args)
        except SubjectError:
            return False
        return True

    def _acting(self) -> None:
        """Something is about to be done to the platform."""

    async def _picture(self) -> tuple[str, ...]:
        try:
            return (self.walk.ledger.evidence.put(await self.screen.screenshot(), "png"),)
        except SubjectError:
            return ()

    async def keep_picture(self, fact: Fact) -> None:
        """Write a fact with a picture of the page as it looks now."""
        self.note(fact, evidence=await self._picture())

    async def stimulate(self, fact: Stimulus) -> None:
        """Write down a stimulus with a picture of what the page made of it."""
        await self.keep_picture(fact)


class Learner(Actor):
    """One person at one device, studying one lesson in one window."""

    def __init__(self, walk: Walk, session: Session, lesson: Lesson, screen_name: str) -> None:
        super().__init__(walk, session, screen_name)
        self.lesson = lesson
        self._state: LessonState | None = None
        self._input_at: float | None = None
        """When input was given last."""
        self._turned_away = False
        """The last face check was not passed."""

    @property
    def context(self) -> Context:
        """Who and where, for the ledger."""
        return super().context.model_copy(update={"course": self.lesson.course or "", "lesson": self.lesson.id})

    def _acting(self) -> None:
        self.walk.unsettle(self)

    async def do(self, action: str, **args: Any) -> Any:
        """Like every actor's; a face is looked at when the person is before the camera."""
        if action in FACE_ACTIONS and self.session.camera is not None:
            from harness.oncamera import called

            await called(self)
        return await super().do(action, **args)

    async def enter(self) -> None:
        """Log in, clear the view and open the lesson."""
        await self.do("log_in")
        await self.open()

    async def open(self) -> None:
        """Open the lesson, clearing what covers it."""
        if self.walk.described("dismiss_notices"):
            await self.try_do("dismiss_notices")
        await self.do("open_lesson", lesson=self.lesson)
        await self.answer_check()

    async def sample(self) -> MediaSample | None:
        """Look at the player once and write it down."""
        from harness.browser.player import Player

        seen = await Player(self.screen).sample()
        if seen is not None:
            self.note(Media(sample=seen, screen=self.name))
        return seen

    async def state(self) -> LessonState:
        """What the page shows; written down when it changed."""
        if not self.walk.described("lesson_state"):
            return LessonState.UNKNOWN
        seen = await self.session.read_state()
        if seen is not self._state:
            self._state = seen
            fact = StateSeen(state=seen, screen=self.name)
            if seen in (LessonState.LOCKED, LessonState.KICKED, LessonState.FACE_CHECK):
                await self.keep_picture(fact)
            else:
                self.note(fact)
        return seen

    async def play(self) -> None:
        """Start playing and wait until the picture really moves.

        A lesson that was ended meanwhile (nothing was reported for a while, a notice covers it) is opened anew once,
        as a learner would. Raises StepFailed when it plays neither way.
        """
        if await self._plays():
            return
        await self.open()
        if await self._plays():
            return
        if self._turned_away:
            # Not recognised in time, on a busy machine or a bad day: most platforms make one wait a while.
            await self.walk.clock.sleep(TURNED_AWAY_S)
            await self.open()
            if await self._plays():
                return
        await self.keep_picture(StateSeen(state=await self.state(), screen=self.name))
        raise StepFailed(
            "the player did not start",
            where=self.screen.url,
            got="no movement of the media element",
            expected=f"movement within {START_TIMEOUT_S:g} s of play",
            hint="Check the profile's `play`, and that the browser can decode the video.",
        )

    async def try_play(self) -> bool:
        """Like `play`, but a player that doesn't start is an answer: False."""
        try:
            await self.play()
        except SubjectError:
            return False
        return True

    async def _plays(self) -> bool:
        await self._answer(await self.state())
        return await self.try_do("play") and await self.moves()

    async def play_if_allowed(self, seconds: float) -> bool:
        """Play where that may be refused, and watch for some seconds if the picture moves; did it?"""
        if not (await self.try_do("play") and await self.moves(REFUSED_S)):
            return False
        await self.watch(seconds)
        return True

    async def moves(self, timeout_s: float = START_TIMEOUT_S) -> bool:
        """Wait until the player's position advances."""
        end = self.walk.now() + timeout_s
        first: MediaSample | None = None
        while self.walk.now() < end:
            seen = await self.sample()
            if seen is not None and first is not None and not seen.paused and seen.position_s > first.position_s:
                return True
            first = seen if seen is not None and not seen.paused else None
            await self._answer(await self.state())
            await self.walk.clock.sleep(0.3)
        return False

    async def answer_check(self) -> bool:
        """Answer a face check that is open, as often as it is asked again; was there one?"""
        asked, passed = 0, False
        while await self.state() is LessonState.FACE_CHECK and self.walk.described("pass_face_check"):
            if asked == MOST_TRIES:
                break
            asked += 1
            passed = await self.try_do("pass_face_check")
        if asked:
            self._turned_away = not passed
        return asked > 0

    async def _answer(self, state: LessonState) -> None:
        """Answer what an honest learner would be asked."""
        if state is LessonState.FACE_CHECK:
            await self.answer_check()
        elif state is LessonState.LOCKED and self.walk.described("unlock"):
            await self.try_do("unlock")

    async def watch(self, seconds: float, *, active: bool = True, answer: bool = True, checks: bool = True) -> None:
        """Look on for some seconds, sampling the player.

        `active` gives real input now and then, as an honest learner does; `answer` deals with locks, `checks` with face
        checks. The time that an answer takes comes on top, and the player goes on afterwards if it was playing.
        """
        walk = self.walk
        end = walk.now() + seconds
        next_input = self.input_due(0.5, 1.0)
        next_state = walk.now()
        playing, ran = False, walk.now()
        while (left := end - walk.now()) > 0:
            seen = await self.sample()
            if seen is not None and not seen.paused:
                ran = walk.now()
            if walk.now() >= next_state:
                state = await self.state()
                if state is LessonState.FACE_CHECK and checks:
                    if await self.answer_check() and playing:
                        await self.try_do("play")
                        await self.moves()
                    end += walk.now() - ran
                elif state is not LessonState.FACE_CHECK:
                    playing = seen is not None and not seen.paused
                    if answer:
                        await self._answer(state)
                next_state = walk.now() + walk.state_every_s
            if active and walk.now() >= next_input:
                await self.give_input()
                next_input = self.input_due(0.7, 1.0)
            await walk.clock.sleep(min(walk.sample_every_s, max(left, 0.05)))
        await self.sample()

    def input_due(self, least: float, most: float) -> float:
        """When somebody who sits there gives input next: after a part of the usual interval, drawn between these.

        Short looks one after another are one rhythm, not each its own: never later than an interval after the last.
        """
        now, every = self.walk.now(), self.walk.input_every_s
        due = now + every * self.walk.rhythm.uniform(least, most)
        return due if self._input_at is None else min(due, max(now, self._input_at + every))

    async def give_input(self) -> None:
        """Give real, trusted input that operates nothing."""
        self._input_at = self.walk.now()
        kind: Literal["mouse", "keyboard"] = "mouse" if self.walk.rhythm.random() < 0.8 else "keyboard"
        self.note(await self.screen.give_input(kind))


@dataclass(frozen=True, slots=True)
class Studied:
    """A learner's lesson whose record is read without a window of the learner's."""

    walk: Walk
    account: Account
    lesson: Lesson

    def note(self, fact: Fact) -> Observation:
        """Write a fact of this record."""
        about = {"role": self.account.role, "account": self.account.id}
        about |= {"course": self.lesson.course or "", "lesson": self.lesson.id}
        return self.walk.write(fact, self.walk.context.model_copy(update=about))


class Walk:
    """One attempt of one walk, with its accounts, lessons and the pen."""

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
        self.state_every_s = 3.0 if setting.scale == 1 else 1.0
        self.started_utc = clock.utc()
        self.seen: list[Observation] = []
        self._sessions: list[Session] = []
        self._settled: dict[tuple[str, str], Credit] = {}
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

    async def read_credit(self, at: str, learner: Learner) -> Credit | None:
        """Read the record once and write it down; a failed reading is written down as unknown."""
        try:
            credit = await self._credit(learner)
        except SubjectError as error:
            learner.note(CreditRead(at=at, credit=None, error=str(error)))
            return None
        learner.note(CreditRead(at=at, credit=credit))
        return credit

    async def _credit(self, learner: Learner | Studied) -> Credit:
        credit: Credit = await self.platform.read("credited_time", learner=learner.account, lesson=learner.lesson)
        return credit

    async def settled_credit(self, at: str, learner: Learner | Studied) -> Credit | None:
        """Read until the record stands still for `settle_s`, then write the last value down."""
        end = self.now() + 4 * self.settle_s + 10.0
        since, last = self.now(), None
        while True:
            try:
                seen = await self._credit(learner)
            except SubjectError as error:
                learner.note(CreditRead(at=at, credit=None, error=str(error)))
                return None
            if last is None or seen != last:
                since, last = self.now(), seen
            if self.now() - since >= self.settle_s or self.now() >= end:
                learner.note(CreditRead(at=at, credit=seen))
                self._settled[learner.account.id, learner.lesson.id] = seen
                return seen
            await self.clock.sleep(min(1.0, self.settle_s / 3))

    def unsettle(self, learner: Learner) -> None:
        """Something was done: the record read last may not be the latest any more."""
        self._settled.pop((learner.account.id, learner.lesson.id), None)

    async def read_table(self, reading: str, **filters: Any) -> Table | None:
        """Read a table of the contract and write it down; a failed reading is written down as unknown.

        Personal numbers are masked in what is written down, not in what is returned.
        """
        shown = _shown({key: value for key, value in filters.items() if value is not None})
        try:
            table: Table = await self.platform.read(reading, **filters)
        except SubjectError as error:
            self.note(TableRead(reading=reading, filters=shown, table=None, error=str(error)))
            return None
        self.note(TableRead(reading=reading, filters=shown, table=masked(table)))
        return table

    def keep(self, came: object) -> tuple[str, ...]:
        """Keep what an action brought as evidence, if it is a file."""
        from harness.browser.parts import File

        if not isinstance(came, File):
            return ()
        return (self.ledger.evidence.put(came.data, PurePosixPath(came.name).suffix.lower().lstrip(".") or "bin"),)

    async def read_later(self) -> None:
        """The settled credit and the rows of all that was studied in an earlier stage, without a window of a learner's.

        Raises ReadingFailed where the credit cannot be read: then this is tried again, and not the study.
        """
        for studied in (Studied(self, account, lesson) for account in self.accounts for lesson in self.lessons):
            if await self.settled_credit(SETTLED, studied) is None:
                raise ReadingFailed("the record could not be read", where="credited_time", got="no value")
            if self.described("study_records"):
                await self.read_records(studied, lesson=studied.lesson)

    async def read_records(self, learner: Learner | Studied, *, lesson: Lesson | None = None) -> None:
        """Read the learner's study records, or those of one lesson, and write them down."""
        try:
            only = {} if lesson is None else {"lesson": lesson}
            rows = await self.platform.read("study_records", learner=learner.account, **only)
        except SubjectError as error:
            learner.note(RecordsRead(rows=None, error=str(error)))
            return
        learner.note(RecordsRead(rows=tuple(rows)))

    @asynccontextmanager
    async def segment(
        self, name: str, kind: SegmentKind, *learners: Learner, means: Means = "ordinary", pause: bool = True
    ) -> AsyncIterator[None]:
        """A stretch bracketed by settled readings of every learner's record.

        At its end the players are paused, so that nothing is earned between the stretches.
        """
        for learner in learners:
            known = self._settled.pop((learner.account.id, learner.lesson.id), None)
            if known is not None:
                learner.note(CreditRead(at=f"before:{name}", credit=known))
            else:
                await self.settled_credit(f"before:{name}", learner)
                self.unsettle(learner)
        async with self.stretch(name, kind, means):
            for learner in learners:
                await learner.sample()
            yield
            for learner in learners:
                if pause:
                    await learner.try_do("pause")
                await learner.sample()
        await asyncio.gather(*(self.settled_credit(f"after:{name}", learner) for learner in learners))

    @asynccontextmanager
    async def stretch(self, name: str, kind: SegmentKind, means: Means = "ordinary") -> AsyncIterator[None]:
        """A named stretch without readings of the record."""
        self._on_segment(name)
        self.note(SegmentStarted(segment=name, segment_kind=kind, means=means))
        yield
        self.note(SegmentEnded(segment=name))

    async def control(self, name: str, learner: Learner, seconds: float | None = None) -> None:
        """Honest study, bracketed by readings; without `seconds` as long as a control must be and up to a fifth
        more, so that nobody learns when it ends.
        """
        if seconds is None:
            seconds = self.setting.control_s() * self.chance(f"control/{name}").uniform(1.0, LONGEST_CONTROL)
        async with self.segment(name, "control", learner):
            await learner.play()
            await learner.watch(seconds)


def _at_real_camera(real: Real, look: dict[str, Any], *, called: bool) -> dict[str, Any]:
    """How a learner looks where living persons take part: without a camera in walks to which nobody is called.

    Raises NotDone for what can't be had: no browser takes a telephone's camera away.
    """
    if not called:
        return {**look, "unplugged": True}
    if real.phone and look.get("unplugged"):
        raise NotDone("手机自带摄像头，无法不接 a telephone can't be without its camera", where="persons.camera")
    return look


def _shown(args: dict[str, Any]) -> dict[str, str]:
    """Arguments as the ledger may hold them: no secret, no personal number, of a file only its name or size."""
    return {key: MASK if secret_name(key) and value else _plain(value)[:ARG_LENGTH] for key, value in args.items()}


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    name = getattr(value, "name", "") if hasattr(value, "data") else ""
    return redact(name or str(value))


Observer = Callable[[Walk], Any]
