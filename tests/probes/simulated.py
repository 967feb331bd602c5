"""A training platform in a few hundred lines, behind the contract itself: no page, no browser, a leaping clock.

Observers run on it whole, so that what they do and what judges make of it is tested together in milliseconds. `without`
names actions that the platform takes and forgets, as a page does whose button leads nowhere.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harness.browser.exchange import Exchange
from harness.browser.parts import FetchResponse
from harness.errors import ReadingFailed, StepFailed
from harness.model.observation import Input
from harness.model.values import Credit, LessonState, StudyRecord, Table
from harness.platform.base import CONTRACT
from harness.platform.profile import Account, Lesson
from harness.platform.secrets import Secret

BASE = "http://127.0.0.1:8000"
LESSON_S = 2160.0


class LeapClock:
    """Whoever sleeps has slept."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.moved: list[Callable[[], None]] = []

    def utc(self) -> datetime:
        return datetime(2026, 11, 24, 9, tzinfo=UTC) + timedelta(seconds=self.now_s)

    def mono_ns(self) -> int:
        return int(self.now_s * 1e9)

    async def sleep(self, seconds: float) -> None:
        self.now_s += max(0.0, seconds)
        for tell in self.moved:
            tell()


@dataclass
class Person:
    """A learner's account as the platform keeps it."""

    username: str
    name: str
    number: str
    state: str = "active"
    portrait: bool = True


@dataclass
class Course:
    """A course with one lesson."""

    id: str
    title: str
    hours: float
    state: str = "draft"
    reviewed: bool = False
    version: int = 1
    lessons: dict[str, float] = field(default_factory=dict)


@dataclass
class Sitting:
    """One sitting of a learner before a lesson."""

    username: str
    lesson: str
    course: str
    version: int
    start: datetime
    end: datetime
    seconds: float = 0.0
    mark: str = ""


class Refused(StepFailed):
    """The platform says no."""


class Simulation:
    """The platform's rules and memory. Subclasses break one."""

    window: type[Window]
    """What its visitors sit before."""

    def __init__(self, clock: LeapClock, without: frozenset[str] = frozenset()) -> None:
        self.clock = clock
        self.without = without
        self.people = {f"learner{n}": Person(f"learner{n}", f"学员{n}", f"11010519491231{n:03d}X") for n in range(1, 5)}
        self.courses = {"1": Course("1", "高处作业", 1.0, "published", True, 1, {"11": LESSON_S})}
        self.enrolled = {(username, "1") for username in self.people}
        self.sittings: list[Sitting] = []
        self.questions: dict[str, str] = {}
        self.windows: list[Window] = []
        self.ids = itertools.count(100)
        clock.moved.append(self.tick)
        self.last_tick = clock.now_s

    # --- rules

    def valid_number(self, number: str) -> bool:
        from harness.identity import check_digit

        number = number.upper()
        if len(number) != 18 or not number[:17].isdigit() or check_digit(number[:17]) != number[17]:
            return False
        try:
            born = datetime.strptime(number[6:14], "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            return False
        return 18 * 365 < (self.clock.utc() - born).days < 100 * 366

    def register(self, who: dict[str, Any]) -> None:
        if not who["name"] or not who["portrait"] or not self.valid_number(who["id_number"]):
            raise Refused("refused")
        if any(p.number == who["id_number"].upper() for p in self.people.values()):
            raise Refused("duplicate")
        self.people[who["username"]] = Person(who["username"], who["name"], who["id_number"].upper(), "pending")

    def may_study(self, person: Person, course: Course) -> bool:
        return person.state == "active" and course.state == "published"

    def may_publish(self, course: Course) -> bool:
        return course.reviewed

    def version_after(self, course: Course) -> int:
        return course.version + 1

    def thread(self, question: str) -> str:
        return f"{question} {self.questions[question]}"

    def records_of(self, asker: str, role: str, whom: str) -> list[Sitting]:
        if role == "learner" and asker != whom:
            raise Refused("HTTP 403")
        return [s for s in self.sittings if s.username == whom]

    def void(self, sitting: Sitting, reason: str) -> None:
        sitting.seconds, sitting.mark = 0.0, f"作废：{reason}"

    def earns(self, window: Window, seconds: float) -> float:
        return seconds

    # --- time

    def tick(self) -> None:
        passed, self.last_tick = self.clock.now_s - self.last_tick, self.clock.now_s
        for window in self.windows:
            window.run(passed)

    # --- what the harness asks for

    @property
    def profile(self) -> Any:
        lessons = tuple(Lesson(i, "第一讲", s, c.id) for c in self.courses.values() for i, s in c.lessons.items())
        return SimpleNamespace(
            model=SimpleNamespace(identity_source="generated", persons=None),
            lessons=lessons,
            accounts={role: (account(role, role),) for role in ("admin", "teacher", "reviewer", "reader")},
            reading=lambda name: SimpleNamespace(fields={"version": ..., "start": ...}),
            uses=lambda reading, argument: True,
            people=None,
        )

    studio = None

    def described(self, name: str) -> bool:
        return name in CONTRACT and name not in ("consent", "enrol_face", "dismiss_notices", "pass_face_check")

    async def session(self, role: str, who: Account | None = None, **look: Any) -> Window:
        window = self.window(self, role, who or account(role, role))
        window.look = look
        self.windows.append(window)
        return window

    async def read(self, reading: str, **filters: Any) -> Any:
        return await self.read_in(None, reading, **filters)

    async def read_in(self, window: Window | None, reading: str, **filters: Any) -> Any:
        asker, role = ("reader", "reader") if window is None else (window.account.username, window.role)
        learner, lesson, course = (filters.get(name) for name in ("learner", "lesson", "course"))
        if reading in ("credited_time", "study_records"):
            try:
                found = self.records_of(asker, role, learner.username)
            except Refused as error:
                raise ReadingFailed(error.message) from error
            found = [s for s in found if lesson is None or s.lesson == lesson.id]
            if reading == "credited_time":
                return Credit(credited_s=sum(s.seconds for s in found), completed=False, resolution_s=0.1)
            return tuple(self.row(s) for s in found)
        if reading == "courses":
            rows = [
                {"id": c.id, "title": c.title, "outline": "大纲", "hours": f"{c.hours:g}", "state": c.state,
                 "content": f"{sum(c.lessons.values()):g}"}
                for c in self.courses.values()
            ]  # fmt: skip
        elif reading == "lessons":
            of = self.courses[course]
            rows = [{"id": i, "title": "第一讲", "duration": f"{s:g}", "version": str(of.version)}
                    for i, s in of.lessons.items()]  # fmt: skip
        elif reading == "learners":
            one = self.people.get(learner.username)
            rows = [] if one is None else [{"username": one.username, "id_number": f"{one.number[:6]}****"}]
        elif reading == "questions":
            rows = [{"question": q, "answer": a} for q, a in self.questions.items()]
        else:
            raise ReadingFailed(f"not simulated: {reading}")
        return Table(columns=tuple(rows[0]) if rows else (), rows=tuple(rows))

    @staticmethod
    def row(s: Sitting) -> StudyRecord:
        return StudyRecord(start=s.start, end=s.end, duration_s=s.seconds, course=s.course, lesson=s.lesson,
                           device="PC", version=str(s.version), marked=s.mark or None)  # fmt: skip


def account(name: str, role: str = "learner") -> Account:
    return Account(id=name, role=role, username=name, secret=Secret("secret"), name=f"{name}本人")


class Window:
    """A session and its only window."""

    camera = None
    cost = SimpleNamespace(cpu_s=0.0, peak_rss_mb=0.0)

    def __init__(self, on: Simulation, role: str, who: Account) -> None:
        self.on, self.role, self.account = on, role, who
        self.screen = self
        self.look: dict[str, Any] = {}
        """How its visitor looks, as the walk says it."""
        self.url = BASE
        self.logged_in = role == "visitor"
        self.closed = False
        self.lesson: Lesson | None = None
        self.sitting: Sitting | None = None
        self.playing = False
        self.position = 0.0
        self.offline = False
        self.seen: list[Exchange] = []

    async def do(self, action: str, **args: Any) -> Any:
        unknown = set(args) - set(CONTRACT[action].arguments)
        assert not unknown, f"{action} has no argument {unknown}"
        if action in self.on.without:
            return None
        if self.closed or not (self.logged_in or action == "log_in"):
            raise Refused("not logged in")
        return getattr(self, f"_{action}")(**args)

    async def read_state(self) -> LessonState:
        return LessonState.PLAYING if self.playing else LessonState.PAUSED

    async def close(self) -> None:
        self.closed = True
        self._stop()

    def _stop(self) -> None:
        self.playing, self.sitting = False, None

    def run(self, seconds: float) -> None:
        """Time passes while the media plays."""
        if not self.playing or self.sitting is None:
            return
        self.position += seconds
        self.sitting.end = self.on.clock.utc()
        if not self.offline:
            self.sitting.seconds += self.on.earns(self, seconds)

    # --- the contract

    def _log_in(self) -> None:
        self.logged_in = True

    def _log_out(self) -> None:
        self._stop()
        self.logged_in = False

    def _open_lesson(self, lesson: Lesson) -> None:
        self._stop()
        course = self.on.courses[str(lesson.course)]
        person = self.on.people[self.account.username]
        if (person.username, course.id) not in self.on.enrolled or not self.on.may_study(person, course):
            raise Refused("not allowed")
        now = self.on.clock.utc()
        self.lesson, self.position = lesson, 0.0
        self.sitting = Sitting(person.username, lesson.id, course.id, course.version, now, now)
        self.on.sittings.append(self.sitting)

    def _play(self) -> None:
        self.playing = self.sitting is not None

    def _pause(self) -> None:
        self.playing = False

    def _register(self, **who: Any) -> None:
        self.on.register(who)

    def _import_learner(self, **who: Any) -> None:
        self.on.register(who | {"portrait": True})

    def _approve_learner(self, learner: Account) -> None:
        self.on.people[learner.username].state = "active"

    def _enrol(self, learner: Account, course: str) -> None:
        self.on.enrolled.add((learner.username, course))

    def _create_course(self, title: str, hours: float) -> None:
        number = str(next(self.on.ids))
        self.on.courses[number] = Course(number, title, hours, lessons={f"{number}1": LESSON_S})

    def _edit_course(self, course: str, title: str, hours: float) -> None:
        self.on.courses[course].title, self.on.courses[course].hours = title, hours

    def _submit_course(self, course: str) -> None:
        self.on.courses[course].state = "submitted"

    def _review_course(self, course: str, verdict: str) -> None:
        if self.on.courses[course].state == "submitted":
            self.on.courses[course].reviewed = verdict == "approve"

    def _publish_course(self, course: str) -> None:
        if not self.on.may_publish(self.on.courses[course]):
            raise Refused("not reviewed")
        self.on.courses[course].state = "published"

    def _unpublish_course(self, course: str) -> None:
        self.on.courses[course].state, self.on.courses[course].reviewed = "offline", False

    def _replace_media(self, lesson: Lesson, file: object) -> None:
        course = self.on.courses[str(lesson.course)]
        course.version, course.reviewed = self.on.version_after(course), False

    def _post_question(self, lesson: Lesson, text: str) -> None:
        self.on.questions[text] = ""

    def _answer_question(self, question: str, text: str) -> None:
        if question not in self.on.questions:
            raise Refused("no such question")
        self.on.questions[question] = text

    def _see_answer(self, question: str) -> Table:
        if question not in self.on.questions:
            raise Refused("no such question")
        return Table(columns=("thread",), rows=({"thread": self.on.thread(question)},))

    def _open_records(self) -> Table:
        url = f"{BASE}/records?student={self.account.username}"
        self.seen.append(Exchange(self.on.clock.now_s, "GET", url, {}, None, "fetch", 200))
        found = self.on.records_of(self.account.username, self.role, self.account.username)
        return Table(columns=("start",), rows=tuple({"start": s.start.isoformat(" ")} for s in found))

    def _void_record(self, learner: Account, lesson: Lesson, reason: str) -> None:
        for sitting in self.on.sittings:
            if (sitting.username, sitting.lesson) == (learner.username, lesson.id):
                self.on.void(sitting, reason)

    # --- the window

    @property
    def traffic(self) -> Any:
        return SimpleNamespace(mark=lambda: len(self.seen), since=lambda mark: self.seen[mark:])

    async def screenshot(self) -> bytes:
        return b"\x89PNG"

    async def reload(self) -> None:
        self.playing = False

    async def set_offline(self, offline: bool) -> None:
        self.offline = offline

    async def give_input(self, kind: Any) -> Input:
        return Input(device=kind, trusted=True)

    async def evaluate_in_media(self, js: str) -> dict[str, Any] | None:
        if self.sitting is None or self.closed:
            return None
        return {"position_s": self.position, "duration_s": LESSON_S, "rate": 1.0, "paused": not self.playing,
                "ended": False, "seeking": False, "hidden": False, "ready": 4, "played_s": self.position,
                "muted": False}  # fmt: skip

    async def fetch(self, url: str, **more: Any) -> FetchResponse:
        whom = dict(parse_qsl(urlsplit(url).query)).get("student", self.account.username)
        try:
            found = self.on.records_of(self.account.username, self.role, whom)
        except Refused:
            return FetchResponse(403, {}, b"{}", url)
        body = json.dumps(
            [{"who": self.on.people[whom].name, "start": str(s.start)} for s in found], ensure_ascii=False
        )
        return FetchResponse(200, {}, body.encode(), url)


Simulation.window = Window
