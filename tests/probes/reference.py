"""The reference platform itself under the walks, without a server, a page or a browser: its services and its JSON API
in this process, in rehearsal on a leaping clock, read as its profile says. Defects are switched on by their ids."""

from __future__ import annotations

import base64
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fixtures.refplatform.defects import load
from fixtures.refplatform.domain.clock import FakeClock
from fixtures.refplatform.domain.errors import Refused as Refusal
from fixtures.refplatform.domain.platform import Platform
from fixtures.refplatform.domain.policy import Policy
from fixtures.refplatform.domain.rules import build_rules
from fixtures.refplatform.domain.seed import password_of, seed
from fixtures.refplatform.server import Settings, hello
from fixtures.refplatform.web.app import build_app
from harness.browser.parts import FetchResponse, File
from harness.errors import ReadingFailed
from harness.model.observation import Input
from harness.model.reading import HEADINGS
from harness.model.values import LessonState, Table
from harness.platform.declarative import _typed
from harness.platform.fields import as_table
from harness.platform.files import read_table
from harness.platform.loading import load_profile
from harness.platform.profile import Account, Lesson
from harness.platform.sources import rows
from harness.platform.steps import Runner
from harness.platform.templates import Missing
from tests.fixtures.refplatform.classroom import Page
from tests.probes.simulated import LeapClock, Refused

with warnings.catch_warnings():  # of another library that it would rather use
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PROFILE = Path(__file__).resolve().parents[2] / "fixtures" / "profiles" / "reference-spa.yaml"
SCALE = 30.0
REPORT_S = 1.0
"""Between two reports of the page, as a rehearsal at this scale has it."""
CAPTCHA = "8642"
"""What the platform that asks for characters wants; the others do not look at it."""
TOOL = "/api/admin/tools"


class Reference:
    """What a walk takes for the platform. `defects` by id."""

    studio = None

    def __init__(self, clock: LeapClock, defects: Sequence[str] = (), without: frozenset[str] = frozenset()) -> None:
        self.without = without
        self.time = FakeClock()
        self.domain = Platform(build_rules(Policy().scaled(SCALE).without_camera(), load(defects)), clock=self.time)
        world = seed(self.domain)
        folder = Path(tempfile.mkdtemp(prefix="refplatform-test-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        app = build_app(self.domain, "spa", {}, engine=None, upload_folder=folder)
        self.client = TestClient(app)
        described = hello(Settings(), world, 8000)
        self.profile = load_profile(PROFILE, env={}, subject=described)
        self.windows: list[Window] = []
        self.clock, self.last = clock, clock.now_s
        clock.moved.append(self.tick)
        self._tokens: dict[str, str] = {}

    def tick(self) -> None:
        passed, self.last = self.clock.now_s - self.last, self.clock.now_s
        while passed > 0:
            step = min(passed, REPORT_S)
            self.time.advance(step)
            for window in self.windows:
                window.run(step)
            self.domain.learning.sweep()
            passed -= step

    def described(self, name: str) -> bool:
        return name in self.profile.described and name not in ("consent", "enrol_face", "pass_face_check")

    async def session(self, role: str, who: Account | None = None, **look: Any) -> Window:
        if who is None and role != "visitor":
            who = self.profile.accounts[role][0]
        window = Window(self, who or Account("visitor", "visitor", ""))
        self.windows.append(window)
        return window

    def adopt(self, account: Account, screen: Any) -> Any:
        raise AssertionError("no walk here opens a second tab: that takes a browser")

    async def read(self, reading: str, **filters: Any) -> Any:
        """As the profile says, with the reader's own token."""
        how = self.profile.reading(reading)
        reader = Window(self, self.profile.accounts["reader"][0])
        runner = Runner(reader, {"account": reader.account, "subject": {}, "lesson": None} | filters)  # type: ignore[arg-type]
        try:
            await runner.run(how.steps, reading)
            return await _typed(reading, how, await rows(how.source, runner, reading), runner, filters)
        except Missing as error:
            raise ReadingFailed("a template has no value here", got=str(error)) from error

    def token(self, username: str) -> str:
        if username not in self._tokens:
            self._tokens[username] = self.call("POST", "/api/auth/login", who="", username=username,
                                               password=password_of(username), captcha=CAPTCHA)["token"]  # fmt: skip
        return self._tokens[username]

    def call(self, method: str, path: str, *, who: str, content: bytes | None = None, **body: Any) -> Any:
        """A request of the page; raises Refused as the page would show it."""
        headers = {"authorization": f"Bearer {self.token(who)}"} if who else {}
        more = {"content": content} if content is not None else {"json": body} if method != "GET" else {"params": body}
        answer = self.client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]
        if answer.status_code >= 400:
            raise Refused(f"HTTP {answer.status_code} {answer.text[:100]}")
        return answer.json() if "json" in answer.headers["content-type"] else answer.content


class Window:
    """A session and its window."""

    camera = None
    url = "http://127.0.0.1:8000"

    def __init__(self, on: Reference, who: Account) -> None:
        self.on, self.account = on, who
        self.screen = self
        self.file: File | None = None
        self.vars: dict[str, str] = {}
        self.page: Page | None = None
        self.unsent = 0.0
        self.length = 0.0
        self.input = 1

    async def do(self, action: str, **args: Any) -> Any:
        self.file = None
        if action in self.on.without:
            return None
        try:
            return getattr(self, f"_{action}")(**args)
        except Refusal as error:
            raise Refused(error.message) from error

    async def read_state(self) -> LessonState:
        return LessonState.PLAYING if self.page is not None and self.page.playing else LessonState.PAUSED

    async def close(self) -> None:
        self.page = None

    # --- the lesson

    def _log_in(self) -> None:
        if self.account.role == "learner":
            self.who, _ = self.on.domain.logins.log_in(self.account.username, password_of(self.account.username))

    def _open_lesson(self, lesson: Lesson) -> None:
        self.page = Page(self.on.domain, self.who, int(lesson.id))
        self.length = float(lesson.duration_s or 0.0)

    def _play(self) -> None:
        if self.page is not None and self.page.position < self.length:
            self.page.play()
            self.unsent = 0.0

    def _pause(self) -> None:
        if self.page is not None and self.page.playing:
            self.page.pause()

    def run(self, seconds: float) -> None:
        """Time passes; the player reports, and once more at its end."""
        if self.page is None or not self.page.playing:
            return
        self.page.position = min(self.length, self.page.position + seconds)
        self.unsent += seconds
        ended = self.page.position >= self.length
        if self.unsent >= REPORT_S or ended:
            self.unsent = 0.0
            self.page.send("ended" if ended else "tick", inputs=1)
        if ended:
            self.page.playing = False

    # --- certificates

    def _request_certificate(self, course: str) -> Table:
        me = self.account.username
        made = self.on.call("POST", "/api/certificates", who=me, enrolment=self._enrolment(course))
        pdf = self.on.call("GET", f"/api/certificates/{made['serial']}.pdf", who=me)
        self.file = File("certificate.pdf", pdf, "application/pdf")
        how = self.on.profile.action("learner", "request_certificate")
        assert how.result is not None
        return as_table(how.fields, read_table(pdf, how.result, name="x.pdf"), {}, HEADINGS["request_certificate"])

    def _request_certificate_directly(self, course: str) -> None:
        self.on.call("POST", "/api/certificates", who=self.account.username, enrolment=self._enrolment(course))

    def _enrolment(self, course: str) -> int:
        mine = self.on.call("GET", "/api/courses", who=self.account.username)["rows"]
        return next(int(row["enrolment"]) for row in mine if str(row["id"]) == course)

    def _verify_certificate(self, number: str, code: str) -> Table:
        return self._said("verify_certificate", self.on.call("GET", "/api/verify", who="", serial=number, code=code))

    def _verify_certificate_file(self, file: File) -> Table:
        answer = self.on.call("POST", "/api/verify/file", who="", content=file.data)
        return self._said("verify_certificate_file", answer)

    def _verify_archive(self, file: File) -> Table:
        return self._said("verify_archive", self.on.call("POST", "/api/verify/archive", who="", content=file.data))

    def _said(self, action: str, answer: dict[str, Any]) -> Table:
        """The words that the page makes of an answer, read as the profile reads the page."""
        hours = f"学时：{answer['hours']} 学时" if "hours" in answer else ""
        said = f"{answer['message']} 姓名：{answer.get('name', '')} {hours}"
        page = Table(columns=("said",), rows=({"said": said},))
        return as_table(self.on.profile.action("visitor", action).fields, page, {}, HEADINGS[action])

    # --- administrators

    def _admin(self, path: str, **body: Any) -> Any:
        return self.on.call("POST", path, who=self.account.username, **body)

    def _export_archive(self, learner: Account, course: str, period: str) -> File:
        path = f"/api/admin/archives/{learner.username}/{period}/export.zip"
        self.file = File("archive.zip", self.on.call("GET", path, who=self.account.username))
        return self.file

    def _enrol(self, learner: Account, course: str, period: str = "2026-11") -> None:
        self._admin(f"/api/admin/learners/{learner.username}/enrol", period=period, course=course)

    def _close_account(self, learner: Account) -> None:
        self._admin(f"/api/admin/learners/{learner.username}/close")

    def _void_record(self, learner: Account, lesson: Lesson, reason: str) -> None:
        found = self.on.call("GET", "/api/admin/studies", who=self.account.username, account=learner.username)["rows"]
        for row in found:
            self._admin(f"/api/admin/studies/{row['id']}/void", reason=reason)

    def _add_hours(self, learner: Account, course: str, hours: float) -> None:
        more = {"period": "2026-11", "course": course, "minutes": 30 * hours, "reason": "检测"}
        self._admin(f"{TOOL}/add-hours", account=learner.username, **more)

    def _import_hours(self, learner: Account, course: str, hours: float) -> None:
        self._admin(f"{TOOL}/import-records", csv=f"{learner.username},2026-11,{course},{30 * hours},检测")

    def _complete_in_batch(self, learner: Account, lesson: Lesson) -> None:
        more = {"period": "2026-11", "lesson": lesson.id, "reason": "检测"}
        self._admin(f"{TOOL}/batch-complete", accounts=learner.username, **more)

    def _exempt_face(self, learner: Account) -> None:
        self._admin(f"{TOOL}/exempt", account=learner.username, exempt=True, reason="检测")

    def _replace_portrait(self, learner: Account, portrait: bytes) -> None:
        self._admin(f"{TOOL}/replace-photo", account=learner.username, image=_url(portrait), reason="检测")

    def _upload_portrait(self, learner: Account, portrait: bytes) -> None:
        found = self.on.call("GET", "/api/admin/studies", who=self.account.username, account=learner.username)["rows"]
        more = {"study": found[0]["id"], "image": _url(portrait), "reason": "检测"}
        self._admin(f"{TOOL}/upload-portrait", account=learner.username, **more)

    def _backdate_period(self) -> None:
        self._admin(f"{TOOL}/backdate", period="2026-11", starts="2026-10-08", reason="检测")

    def _import_attendance(self, file: File) -> None:
        self.on.call("POST", "/api/admin/attendance", who=self.account.username, content=file.data)

    def _book_practice(self, course: str, mode: str = "线上") -> None:
        body = {"period": "2026-11", "mode": mode, "place": "实训场", "starts_at": "2026-12-08T09:00"}
        self.on.call("POST", "/api/bookings", who=self.account.username, **body)

    def _book_practice_offline(self, course: str) -> None:
        self._book_practice(course, "线下")

    # --- the window

    @property
    def traffic(self) -> Any:
        return SimpleNamespace(mark=lambda: 0, since=lambda mark: [])

    async def screenshot(self) -> bytes:
        return b"\x89PNG"

    async def give_input(self, kind: Any) -> Input:
        return Input(device=kind, trusted=True)

    async def evaluate(self, js: str, *args: Any) -> Any:
        return self.on.token(self.account.username)

    async def evaluate_in_media(self, js: str) -> dict[str, Any] | None:
        if self.page is None:
            return None
        at = self.page.position
        return {"position_s": at, "duration_s": self.length, "rate": 1.0, "paused": not self.page.playing,
                "ended": at >= self.length, "seeking": False, "hidden": False, "ready": 4, "played_s": at,
                "muted": False}  # fmt: skip

    async def fetch(self, url: str, *, method: str = "GET", headers: Any = None, body: Any = None) -> FetchResponse:
        answer = self.on.client.request(method, url, headers=headers, content=body)
        return FetchResponse(answer.status_code, dict(answer.headers), answer.content, str(answer.url))


def _url(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
