"""Tries what a profile describes, once each, as an ordinary learner and reader would. Nothing is judged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from harness.browser.player import Player
from harness.errors import StepFailed, SubjectError
from harness.model.values import Credit, LessonState, Table
from harness.model.words import counted
from harness.platform.base import CONTRACT
from harness.platform.declarative import DeclarativePlatform
from harness.platform.profile import Account, Lesson
from harness.platform.session import Session

Status = Literal["works", "not_found", "refused", "not_tried", "not_described"]
Report = Callable[["Check"], None]

MOVES_WITHIN_S = 25.0
STUDY_S = 5.0
"""Long enough for a lesson to leave a trace in the record."""
POLL_S = 0.3
LONGEST = 200

ORDINARY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("log_in", {}),
    ("consent", {}),
    ("dismiss_notices", {}),
    ("open_course", {"course": None}),
    ("open_lesson", {"lesson": None}),
    ("play", {}),
    ("pause", {}),
)
"""What every learner does, in order; None stands for the test course or lesson."""

STIMULI: tuple[tuple[str, dict[str, Any]], ...] = (
    ("set_rate_by_menu", {"rate": 1.5}),
    ("seek_by_button", {}),
    ("seek_by_bar", {"fraction": 0.5}),
)
"""Tried once with an authorization; that the platform refuses them is what it should do."""

READINGS = (
    "credited_time", "lesson_position", "study_records", "courses", "lessons", "learners", "questions", "notices",
    "statistics", "certificate", "archive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """How one action or reading went."""

    name: str
    status: Status
    message: str = ""
    """The error, the value read, or why it was not tried."""
    step: int | None = None
    took_s: float = 0.0
    picture: bytes | None = None
    """The page as it was when it did not work."""


async def examine(platform: DeclarativePlatform, report: Report, *, stimuli: bool) -> list[Check]:
    """Try everything that is described; `stimuli` allows seeking and rates. Each result is reported as it comes."""
    checks: list[Check] = []

    def note(check: Check) -> None:
        checks.append(check)
        report(check)

    profile = platform.profile
    session = await platform.session("learner")
    try:
        learner, lesson = session.account, profile.lessons[0]
        await _Examiner(platform, session, learner, lesson, note).all(stimuli)
    finally:
        await session.close()
    tried = {check.name for check in checks}
    for name in sorted(profile.described - tried):
        note(Check(name, "not_tried", _why_not(name, stimuli)))
    for name in sorted(CONTRACT.keys() - profile.described):
        note(Check(name, "not_described"))
    return checks


class _Examiner:
    def __init__(
        self, platform: DeclarativePlatform, session: Session, learner: Account, lesson: Lesson, note: Report
    ) -> None:
        self.platform = platform
        self.session = session
        self.learner = learner
        self.lesson = lesson
        self.note = note

    async def all(self, stimuli: bool) -> None:
        for name, arguments in ORDINARY:
            if not self.platform.described(name):
                continue
            works = await self.action(name, arguments)
            if name == "play" and works:
                await self.study()
            if not works and name in ("log_in", "open_lesson"):
                break  # nothing after it could be found
        else:
            if stimuli:
                for name, arguments in STIMULI:
                    if self.platform.described(name):
                        await self.action(name, arguments, "refused")
        for name in READINGS:
            if self.platform.described(name):
                await self.reading(name)
        if self.platform.described("log_out"):
            await self.action("log_out", {})

    async def action(self, name: str, arguments: dict[str, Any], failed: Status = "not_found") -> bool:
        known = {"lesson": self.lesson, "course": self.lesson.course or ""}
        args = {key: known[key] if value is None else value for key, value in arguments.items()}
        return await self.tried(name, lambda: self.session.do(name, **args), failed=failed)

    async def study(self) -> None:
        """Does play make the picture move, and is it seen what the lesson's state is?"""
        await self.tried("play: the picture moves", self.moves)
        if self.platform.described("lesson_state"):
            await self.tried("lesson_state", self.playing)
        await asyncio.sleep(STUDY_S)

    async def moves(self) -> str:
        end = time.monotonic() + MOVES_WITHIN_S
        first: float | None = None
        while time.monotonic() < end:
            seen = await Player(self.session.screen).sample()
            if seen is not None:
                if first is not None and seen.position_s > first:
                    return f"at {seen.position_s:.1f} s of {seen.duration_s or 0:.0f} s"
                first = seen.position_s
            await asyncio.sleep(POLL_S)
        got = "no video or audio on the page" if first is None else f"it stands at {first:.1f} s"
        raise StepFailed("the player did not move", got=got, expected=f"movement within {MOVES_WITHIN_S:g} s of play")

    async def playing(self) -> str:
        state = await self.session.read_state()
        if state is not LessonState.PLAYING:
            raise StepFailed("the state of a playing lesson", got=state.value, expected=LessonState.PLAYING.value)
        return state.value

    async def reading(self, name: str) -> None:
        given = {"learner": self.learner, "lesson": self.lesson, "course": self.lesson.course}
        filters = {key: given[key] for key in CONTRACT[name].arguments if given.get(key) is not None}
        await self.tried(name, lambda: self.platform.read(name, **filters), lambda: self.platform.picture(name))

    async def tried(
        self,
        name: str,
        doing: Callable[[], Awaitable[Any]],
        look: Callable[[], Awaitable[bytes | None]] | None = None,
        failed: Status = "not_found",
    ) -> bool:
        start = time.monotonic()
        try:
            value = await doing()
        except SubjectError as error:
            picture = await (look or self.picture)()
            took = time.monotonic() - start
            self.note(Check(name, failed, str(error), getattr(error, "step", None), took, picture))
            return False
        self.note(Check(name, "works", plain(value), took_s=time.monotonic() - start))
        return True

    async def picture(self) -> bytes | None:
        try:
            return await self.session.screen.screenshot()
        except SubjectError:
            return None


def plain(value: object) -> str:
    """A value for people to compare with what they see on the page."""
    if isinstance(value, Credit):
        parts = {
            "credited": value.credited_s,
            "hours": value.hours,
            "completed": value.completed,
            "progress": value.progress,
        }
        units = {"credited": " s", "hours": " 学时"}
        known = [f"{name} {part}{units.get(name, '')}" for name, part in parts.items() if part is not None]
        return ", ".join(known) or "nothing understood"
    if isinstance(value, tuple):
        last = "" if not value else f", the last: {value[-1]!s}"
        return f"{counted(len(value), 'row')}{last}"[:LONGEST]
    if isinstance(value, Table):
        return f"{len(value.rows)} rows of {', '.join(value.columns)}"[:LONGEST]
    return "" if value is None else str(value)[:LONGEST]


def _why_not(name: str, stimuli: bool) -> str:
    if name in dict(STIMULI):
        return "needs an authorization" if not stimuli else "the lesson did not open"
    if name in dict(ORDINARY) or name in READINGS:
        return "what comes before it does not work"
    if name in ("pass_face_check", "answer_idle_prompt", "unlock", "lesson_state"):
        return "only when the platform asks for it"
    if CONTRACT[name].role in ("admin", "teacher"):
        return "would change the platform's data"
    return "needs a person, a file or a number that only a run has"
