"""A learner at a lesson: opens it, plays it, sits before it as an honest person does, and answers what is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

from harness.actor import Actor
from harness.beside import beside
from harness.errors import StepFailed, SubjectError
from harness.model.observation import Context, Media, StateSeen
from harness.model.values import LessonState, MediaSample

if TYPE_CHECKING:
    from harness.platform.declarative import Session
    from harness.platform.profile import Lesson
    from harness.walk import Walk

START_TIMEOUT_S = 25.0
"""How long a player may take from play to its first movement; our own timeout, never scaled."""
STALLED_S = 1.0
"""Less than this still to be played is not worth another look."""
REFUSED_S = 12.0
"""A player that has not moved for so long after play was pressed has been refused; the record tells in any case."""
TURNED_AWAY_S = 35.0
"""How long an honest learner waits who was not recognised, before trying once more; a person's time, never scaled."""
MOST_TRIES = 3
"""How often an honest learner tries a face check again before taking the refusal for an answer; and how often answers
what covers the lesson again, a lock, a check, a lock once more."""
RESUMED_S = 2.0
"""A lesson that goes on by itself after an answer moves by then; pressing play again would stop it on many a page."""
ASKING = frozenset({LessonState.FACE_CHECK, LessonState.LOCKED})
"""What a page shows that an honest learner answers, and then goes on."""
FACE_ACTIONS = frozenset({"pass_face_check", "enrol_face"})
"""Actions in which the platform looks at a face."""


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
        self.walk.reader.unsettle(self)

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

    async def state(self, *, always: bool = False) -> LessonState:
        """What the page shows; written down when it changed, or `always`."""
        if not self.walk.described("lesson_state"):
            return LessonState.UNKNOWN
        seen = await self.session.read_state()
        if always or seen is not self._state:
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
        """Press play, and see the picture move. What comes between the pointer and the button (a slow page shows its
        lock or its check only then) is answered, and the button pressed again where the lesson does not go on by
        itself."""
        for number in range(MOST_TRIES):
            cleared = await self.clear()
            if number and await self.moves(RESUMED_S, leave=ASKING):
                return True
            if await self.try_do("play") and await self.moves(leave=ASKING):
                return True
            if not cleared or await self.state() not in ASKING:
                break
        return False

    async def play_if_allowed(self, seconds: float) -> bool:
        """Play where that may be refused, and watch for some seconds if the picture moves; did it?"""
        if not (await self.try_do("play") and await self.moves(REFUSED_S)):
            return False
        await self.watch(seconds)
        return True

    async def moves(self, timeout_s: float = START_TIMEOUT_S, *, leave: Collection[LessonState] = ()) -> bool:
        """Wait until the player's position advances, answering what is asked; not longer than until the page shows one
        of `leave`."""
        end = self.walk.now() + timeout_s
        first: MediaSample | None = None
        while self.walk.now() < end:
            seen = await self.sample()
            if seen is not None and first is not None and not seen.paused and seen.position_s > first.position_s:
                return True
            first = seen if seen is not None and not seen.paused else None
            state = await self.state()
            if state in leave:
                return False
            await self._answer(state)
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

    async def clear(self) -> bool:
        """Answer what covers the lesson: an idle lock, and the check that may follow it; is it clear then?"""
        before = None
        for _ in range(MOST_TRIES):
            state = await self.state()
            if state not in ASKING:
                return True
            if state is before:  # what stays whatever is answered
                return False
            await self._answer(state)
            before = state
        return await self.state() not in ASKING

    async def _answer(self, state: LessonState) -> None:
        """Answer what an honest learner would be asked."""
        if state is LessonState.FACE_CHECK:
            await self.answer_check()
        elif state is LessonState.LOCKED:
            await self._unlock()

    async def unlock_if_locked(self) -> None:
        """Open an idle lock, as whoever sits there and has the password would."""
        if await self.state() is LessonState.LOCKED:
            await self._unlock()

    async def _unlock(self) -> None:
        if self.walk.described("unlock"):
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
        playing, ran, before = False, walk.now(), None
        while (left := end - walk.now()) > 0:
            seen = await self.sample()
            if seen is not None and not seen.paused:
                ran, before = walk.now(), seen
            if walk.now() >= next_state:
                state = await self.state()
                if state is LessonState.FACE_CHECK and checks:
                    if await self.answer_check() and playing:
                        await self.try_do("play")
                        await self.moves()
                    end += await self._lost_since(ran, before)
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

    async def watch_through(self, seconds: float) -> None:
        """Look on until so many seconds were really played: what a slow network or machine stood still comes on top, up
        to half as much again."""
        end = self.walk.now() + 1.5 * seconds
        first = await self.sample()
        await self.watch(seconds)
        while (seen := await self.sample()) is not None and first is not None and not seen.ended:
            left = min(first.position_s + seconds - seen.position_s, end - self.walk.now())
            if left < STALLED_S:
                return
            await self.watch(left)

    async def _lost_since(self, ran: float, before: MediaSample | None) -> float:
        """Seconds since a moment that were not played, the last of them perhaps played again."""
        seen = await self.sample()
        passed = self.walk.now() - ran
        played = 0.0 if seen is None or before is None else seen.position_s - before.position_s
        return passed - min(max(0.0, played), passed)

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

    @asynccontextmanager
    async def staying_active(self) -> AsyncIterator[None]:
        """For the block input is given now and then, as by somebody who sits there while scripts are at work: what they
        take must not run into the idle lock."""
        async with beside(self._stay_active()):
            yield

    async def _stay_active(self) -> None:
        while True:
            await self.walk.clock.sleep(self.input_due(0.3, 0.8) - self.walk.now())
            await self.give_input()
