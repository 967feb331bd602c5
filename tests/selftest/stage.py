"""Real walks and real judges on the reference platform's own server and a lesson page without a browser.

A defect that a walk misses here is missed in a browser, too; and it takes a second instead of two minutes.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from fixtures.refplatform.defects import load
from fixtures.refplatform.domain.platform import Platform
from fixtures.refplatform.domain.policy import Policy
from fixtures.refplatform.domain.rules import build_rules
from fixtures.refplatform.domain.seed import password_of, seed
from fixtures.refplatform.web.app import build_app
from harness.attacks import finish, identity, media, presence
from harness.browser import player
from harness.browser.passage import Change
from harness.errors import NotDone, ReadingFailed, StepFailed
from harness.judge import Case, again, combine, judge_attempt
from harness.ledger import Ledger
from harness.model.finding import Finding
from harness.model.observation import Input, WalkFinished, WalkStarted
from harness.model.outcome import Outcome
from harness.model.profile import Policy as Declared
from harness.model.values import Credit, LessonState, StudyRecord
from harness.platform.profile import Account, Lesson
from harness.platform.readings import parse_time
from harness.platform.secrets import Secret
from harness.probe import Judgement, ProbeSpec, load_probes
from harness.settings import make_setting
from harness.view import WalkView
from harness.walk import Walk
from tests.selftest.leap import LeapClock, run_leaping
from tests.selftest.spa import BASE, Browser, LessonPage
from tests.walkbuilder import STANDARD

SCALE = 30.0
POLICY = {
    "class_hour_s": 1800.0, "idle_limit_s": 300.0, "report_interval_s": 10.0, "reports_on_pause": True,
    "daily_cap_s": 28800.0,
}  # fmt: skip
LESSONS = tuple(Lesson(str(n), f"第{n}讲", 72.0, "1") for n in range(1, 7))
DESCRIBED = frozenset(
    {
        "log_in", "log_out", "open_lesson", "play", "pause", "seek_by_bar", "set_rate_by_menu", "unlock",
        "credited_time", "study_records", "lesson_state",
    }
)  # fmt: skip
INIT = {media.PLAYER: "player", media.CLOCK: "clock", presence.VISIBLE: "visible"}


def account(username: str, role: str = "learner") -> Account:
    return Account(id=username, role=role, username=username, secret=Secret(password_of(username)), name=username)


class Window:
    """A session and its window, as walks know them: harness.platform.session.Session and harness.browser.Screen."""

    camera = None
    cost = SimpleNamespace(cpu_s=0.0, peak_rss_mb=0.0)

    def __init__(self, browser: Browser, who: Account) -> None:
        self.browser, self.account = browser, who
        self.screen = self
        self.page: LessonPage | None = None
        self.asked: list[tuple[str, ...]] = []
        self.stand_in: Any = None

    @property
    def url(self) -> str:
        return BASE + (f"/#/lesson/{self.page.lesson}" if self.page is not None else "/#/courses")

    # --- actions

    async def do(self, action: str, **args: Any) -> None:
        await getattr(self, f"_{action}")(**args)

    async def _log_in(self) -> None:
        body = {"username": self.account.username, "password": self.account.secret.reveal()}
        answer = await self.browser.call("POST", "/api/auth/login", body)
        if answer.status_code != 200:
            raise StepFailed("log-in refused")
        self.browser.token = answer.json()["token"]

    async def _log_out(self) -> None:
        await self._leave()
        await self.browser.call("POST", "/api/auth/logout", {})

    async def _leave(self) -> None:
        if self.page is not None:
            await self.page.leave()
            self.page = None

    async def _open_lesson(self, lesson: Lesson, *, inputs: int = 1) -> None:
        await self._leave()
        await asyncio.sleep(0.5)
        self.page = LessonPage(self.browser, int(lesson.id))
        self.browser.pages.append(self.page)
        await self.page.begin(inputs)
        if self.page.refused:
            raise StepFailed(self.page.refused)

    async def reload(self) -> None:
        if self.page is None:  # a page without a lesson has nothing that begins anew
            return
        await self._open_lesson(Lesson(str(self.page.lesson), "", 72.0, "1"), inputs=0)

    def _need(self) -> LessonPage:
        if self.page is None:
            raise StepFailed("no lesson is open", where=self.url)
        return self.page

    async def _play(self) -> None:
        page = self._need()
        if page.overlay == "ended":
            await self.reload()
            page = self._need()
        if page.film.paused:
            page.inputs += 1
            page.play()

    async def _pause(self) -> None:
        page = self._need()
        page.inputs += 1
        page.pause()

    async def _seek_by_bar(self, fraction: float) -> None:
        page = self._need()
        page.inputs += 1
        page.seek(min(page.film.duration - 0.05, fraction * page.film.duration))

    async def _set_rate_by_menu(self, rate: float) -> None:
        page = self._need()
        if rate not in page.settings["rates"]:
            raise StepFailed("not in the menu", got=rate)
        page.inputs += 1
        page.set_rate(rate)

    async def _unlock(self) -> None:
        page = self._need()
        if page.overlay != "locked" or page.lost or not await page.unlock(self.account.secret.reveal()):
            raise StepFailed("no lock to open")

    async def read_state(self) -> LessonState:
        page = self.page
        if page is None:
            return LessonState.UNKNOWN
        if page.overlay == "locked" and not page.lost:
            return LessonState.LOCKED
        if page.overlay == "kicked":
            return LessonState.KICKED
        return {
            "ended": LessonState.FINISHED, "playing": LessonState.PLAYING, "paused": LessonState.PAUSED,
            "hidden": LessonState.PAUSED,
        }.get(page.state, LessonState.UNKNOWN)  # fmt: skip

    async def close(self) -> None:
        for page in list(self.browser.pages):
            await page.leave()
        self.page = None

    # --- the window

    @cached_property
    def traffic(self) -> Any:
        seen = self.browser.seen
        return SimpleNamespace(mark=lambda: len(seen), since=lambda mark: seen[mark:])

    async def screenshot(self) -> bytes:
        return b"\x89PNG"

    async def press(self, key: str) -> None:
        page = self._need()
        page.inputs += 1
        if key == "ArrowRight":
            page.seek(page.film.position + 10)

    async def give_input(self, kind: Any) -> Input:
        if self.page is not None:
            self.page.inputs += 1
        return Input(device=kind, trusted=True)

    async def set_hidden(self, hidden: bool) -> str:
        self._need().set_hidden(hidden)
        return "script"

    async def set_offline(self, offline: bool) -> None:
        self.browser.offline = offline

    async def storage(self) -> dict[str, Any]:
        return {"cookies": [], "origins": [{"localStorage": [self.browser.token]}], "session_storage": {"items": {}}}

    async def new_tab(self) -> Window:
        other = Window(self.browser, self.account)
        other.__dict__["traffic"] = self.traffic
        return other

    async def listen(self, name: str, take: Any) -> None:
        """No page here sends files in forms."""

    async def add_init_script(self, script: str) -> None:
        if identity.FORMS in script:
            return
        what = next(name for text, name in INIT.items() if text in script)
        given = script.rsplit(")(", 1)[-1].rstrip(")")
        if what == "player":
            self.browser.position_factor = float(given)
        elif what == "clock":
            self.browser.timer_factor = float(json.loads(given)["factor"])
        else:
            self.browser.always_visible = True

    @asynccontextmanager
    async def changing(self, change: Change) -> AsyncIterator[None]:
        self.browser.change = change
        yield
        self.browser.change = None

    def check_host(self, url: str) -> str:
        return url

    async def evaluate_beside(self, _target: str, _script: str, arg: Any) -> int:
        url, method, headers, body = arg
        sent = {"user-agent": self.browser.headers()["user-agent"], **headers}
        return (await self.browser.ask(method, url.removeprefix(BASE), sent, body)).status_code

    async def evaluate_everywhere(self, js: str, arg: Any = None) -> int:
        if js == presence.VISIBLE:
            self.browser.always_visible = True
            return 1
        assert js == presence.SYNTHETIC
        if self.page is not None and not self.page.settings["trusted_only"]:
            self.page.inputs += 1
        return 1

    async def values_everywhere(self, js: str, arg: Any = None) -> list[Any]:
        page = self._need()
        if js == presence.UNCOVER:
            page.overlay, page.lost = "", True
        elif js == media.UNGUARD:
            page.unguarded = True
        return ["" if js == finish.SCRIPTS else 0]

    async def evaluate_in_media(self, js: str, arg: Any = None) -> Any:
        page = self.page
        if page is None:
            return None
        page._timeupdate()
        if js == player.SAMPLE:
            return self._sample(page)
        if js == media.SEEK:
            page.seek(float(arg))
            page.play()
        elif "el.playbackRate !== rate" in js:
            return self._hold(page, float(arg))
        elif "el.playbackRate = 1" in js:
            page.set_rate(1.0)
        elif js == "(el) => el.paused":
            return page.film.paused
        elif "el.play()" in js:
            page.play()
        else:
            assert js == media.FOCUS, js
        return True

    @staticmethod
    def _hold(page: LessonPage, rate: float) -> str:
        if page.film.ended:
            return "ended"
        other = page.film.rate != rate
        if other:
            page.set_rate(rate)
        if page.film.paused:
            page.play()
        return "set" if other else "kept"

    @staticmethod
    def _sample(page: LessonPage) -> dict[str, Any]:
        film = page.film
        return {
            "position_s": film.position, "duration_s": film.duration, "rate": film.rate, "paused": film.paused,
            "ended": film.ended, "seeking": False, "hidden": page.hidden, "ready": 4, "played_s": film.position,
            "muted": False,
        }  # fmt: skip


class Stage:
    """The reference platform as a walk sees it."""

    studio = None
    profile = SimpleNamespace(lessons=LESSONS, accounts={}, model=SimpleNamespace(persons=None))

    def __init__(self, app: Any, platform: Platform, folder: Path) -> None:
        self.app, self.platform, self.folder = app, platform, folder

    def described(self, name: str) -> bool:
        return name in DESCRIBED

    async def session(
        self, role: str, who: Account | None = None, *, automated: bool = False, device: str = "pc",
        storage: Any = None, **_look: Any
    ) -> Window:  # fmt: skip
        assert who is not None
        window = Window(Browser(self.app, automated, device), who)
        if storage is not None:
            window.browser.token = storage["origins"][0]["localStorage"][0]
        return window

    def adopt(self, who: Account, tab: Window, _camera: object = None) -> Window:
        return tab

    async def read(self, reading: str, *, learner: Account, lesson: Lesson | None = None, **_more: Any) -> Any:
        number = None if lesson is None else int(lesson.id)
        if reading == "credited_time":
            rows = self.platform.records.progress_rows(account=learner.username, lesson_id=number)
            return Credit(
                credited_s=sum(float(str(r["credited_s"])) for r in rows),
                hours=sum(float(str(r["hours"])) for r in rows),
                completed=bool(rows and rows[-1]["completed"]),
                resolution_s=0.1,
            )
        if reading != "study_records":
            raise ReadingFailed(f"not on this stage: {reading}")
        return tuple(
            StudyRecord(
                start=_when(r["started_at"]), end=_when(r["ended_at"]), duration_s=float(str(r["credited_s"])),
                course=str(r["course"]), lesson=str(r["lesson"]), device=str(r["device"]),
                marked=str(r["mark"]) or None,
            )
            for r in self.platform.records.studies(account=learner.username, lesson_id=number)
        )  # fmt: skip


def _when(text: object) -> datetime | None:
    return None if text is None else parse_time(str(text))


@asynccontextmanager
async def staged(defects: Sequence[str], clock: LeapClock) -> AsyncIterator[Stage]:
    """A fresh platform in rehearsal, camera off, with defects switched on, and the sweep that makes its time pass."""
    platform = Platform(build_rules(Policy().scaled(SCALE).without_camera(), load(defects)), clock=clock)
    seed(platform, learners=6)
    with tempfile.TemporaryDirectory() as folder:
        app = build_app(platform, "spa", {}, engine=None, upload_folder=Path(folder))
        sweeping = asyncio.create_task(_sweep(platform))
        yield Stage(app, platform, Path(folder) / "run")
        sweeping.cancel()
    platform.close()


async def _sweep(platform: Platform) -> None:
    while True:
        await asyncio.sleep(1.0)
        platform.learning.sweep()


def perform(walk_name: str, defects: Sequence[str], attempt: int = 1) -> WalkView:
    """Make one attempt of a walk on a fresh platform with these defects."""

    async def run() -> WalkView:
        clock = LeapClock(asyncio.get_running_loop())
        probe, spec = next((p, w) for p in load_probes() for w in p.walks if w.name == walk_name)
        async with staged(defects, clock) as stage:
            ledger = Ledger(stage.folder, clock)
            stand_in: Any = stage
            walk = Walk(
                spec, attempt, probe_id=probe.id, platform=stand_in, ledger=ledger, clock=clock, setting=SETTING,
                seed=7,
                accounts=[account(f"learner{n:03d}") for n in range(1, spec.accounts + 1)],
                lessons=LESSONS[: spec.lessons],
            )  # fmt: skip
            walk.note(
                WalkStarted(
                    purpose="", planned_s=1, accounts=tuple(a.id for a in walk.accounts),
                    lessons=tuple(x.id for x in walk.lessons),
                )
            )  # fmt: skip
            status, message = "done", ""
            try:
                await probe.observer(spec)(walk)
            except StepFailed as error:
                status, message = "subject_error", str(error)
            except NotDone as error:
                status, message = "not_done", str(error)
            await walk.close()
            await walk.settle()
            walk.note(WalkFinished(status=status, message=message, took_s=1))  # type: ignore[arg-type]
            ledger.close()
            return WalkView(walk_name, attempt, tuple(walk.seen))

    return run_leaping(run())


LENGTHS = {lesson.id: lesson.duration_s for lesson in LESSONS if lesson.duration_s is not None}
SETTING = make_setting(POLICY, SCALE, STANDARD, list(LENGTHS.values()))


@contextmanager
def declaring(declares: Mapping[str, Any]) -> Iterator[None]:
    """The platform's profile says these values besides, by its own names and in its units."""
    said = Declared.model_validate(declares).facts()
    policy = POLICY | {name: value for name, value in said.items() if name.removesuffix("_s") in declares}
    setting = make_setting(policy, SCALE, STANDARD, list(LENGTHS.values()))
    with mock.patch.dict(globals(), SETTING=setting) if declares else nullcontext():
        yield


def walks_of(requirement: str) -> list[str]:
    """The walks that feed a requirement, those that a judgement compares with before it."""
    named = [j for p in load_probes() for j in p.judgements if j.requirement == requirement]
    return list(dict.fromkeys(name for j in named for name in (*j.beside, *j.walks)))


def certified(requirements: Iterable[str], defects: Sequence[str], walks: Sequence[str] = ()) -> dict[str, Outcome]:
    """Make the walks that feed these requirements, repeat those that must be, and give the verdicts.

    `walks` are those to make, besides those that they are compared with; without it all of them.
    """
    wanted = list(requirements)
    views: list[WalkView] = []
    judged = [j for p in load_probes() for j in p.judgements if j.requirement in wanted]
    named = [name for j in judged if set(walks) & set(j.walks) for name in j.beside] + list(walks)
    for name in dict.fromkeys(named or (name for r in wanted for name in walks_of(r))):
        views.append(perform(name, defects))
        while _must_repeat(name, views):
            views.append(perform(name, defects, sum(view.name == name for view in views) + 1))
    return {requirement: _verdict(requirement, views) for requirement in wanted}


def _must_repeat(name: str, views: Sequence[WalkView]) -> bool:
    return any(
        again([_judged(probe, judgement, view, views) for view in views if view.name == name])
        for probe in load_probes()
        for judgement in probe.judgements
        if name in judgement.walks
    )


def _verdict(requirement: str, views: Sequence[WalkView]) -> Outcome:
    found = [
        combine([_judged(probe, judgement, view, views) for view in views if view.name == name])[0].outcome
        for probe in load_probes()
        for judgement in probe.judgements
        if judgement.requirement == requirement
        for name in judgement.walks
        if any(view.name == name for view in views)
    ]
    return max(found, key=lambda outcome: outcome.severity)


def _judged(probe: ProbeSpec, judgement: Judgement, view: WalkView, views: Sequence[WalkView]) -> Finding:
    case = Case(STANDARD.get(judgement.requirement), STANDARD, SETTING, LENGTHS)
    beside = tuple(other for other in views if other.name in judgement.beside)
    return judge_attempt(probe, judgement, view, replace(case, beside=beside))
