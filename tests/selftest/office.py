"""The same without a browser for administrators, teachers, visitors and paper: the actions of reference-spa.yaml as
requests to the platform's own HTTP API, and its readings as the profile describes them.

What the pages add to a request is followed here; a change of `fixtures/profiles/reference-spa.yaml` belongs here, too.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import httpx

from fixtures.refplatform.defects import load
from fixtures.refplatform.domain.platform import Platform
from fixtures.refplatform.domain.policy import Policy
from fixtures.refplatform.domain.rules import build_rules
from fixtures.refplatform.domain.seed import World, seed
from fixtures.refplatform.web.app import build_app
from harness.browser.parts import FetchResponse, File
from harness.errors import ReadingFailed, StepFailed, SubjectError, Unsupported
from harness.judge import Case, again, combine, judge_attempt
from harness.ledger import Ledger
from harness.model.finding import Finding
from harness.model.observation import WalkFinished, WalkStarted
from harness.model.outcome import Outcome
from harness.model.reading import HEADINGS, Reading
from harness.model.values import Table
from harness.platform.declarative import VISITOR, _typed
from harness.platform.fields import as_table
from harness.platform.files import read_table
from harness.platform.loading import load_profile
from harness.platform.profile import Account, LoadedProfile
from harness.platform.sources import rows
from harness.platform.steps import Runner
from harness.platform.templates import Missing
from harness.probe import Judgement, ProbeSpec, load_probes
from harness.settings import make_setting
from harness.view import WalkView
from harness.walk import Walk
from tests.selftest.leap import LeapClock, run_leaping
from tests.selftest.spa import BASE, Browser
from tests.selftest.stage import SCALE, Stage, Window, _sweep
from tests.walkbuilder import STANDARD

PROFILE = Path(__file__).resolve().parents[2] / "fixtures" / "profiles" / "reference-spa.yaml"
PERIOD = "2026-11"
REASON = "平台检测"
LEARNERS = 8
LEFT_OUT = frozenset({"portraits", "consent", "refuse_consent", "enrol_face", "pass_face_check"})
"""What takes a camera, and is not on this stage."""


def data_url(picture: File | bytes) -> str:
    """A picture as pages send it."""
    data = picture if isinstance(picture, bytes) else picture.data
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"


def refusal(answer: httpx.Response) -> str:
    """What a page would say of it."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError):
        return f"HTTP {answer.status_code}"


class Desk(Window):
    """A session whose account may be anybody's; an action gives back what the profile says it does."""

    def __init__(self, browser: Browser, who: Account, profile: LoadedProfile) -> None:
        super().__init__(browser, who)
        self.profile = profile
        self.file: File | None = None

    async def do(self, action: str, **args: Any) -> Any:
        self.file = None
        how = self.profile.model.actions[action]
        came = await getattr(self, f"_{action}")(**args)
        if getattr(how, "result", None) is None:
            return self.file if came is None else came
        if isinstance(came, File):
            self.file = came
            found = read_table(came.data, how.result, name=came.name)
        else:
            found = Table(columns=tuple(came), rows=(came,))
        return as_table(how.fields, found, {}, HEADINGS.get(action))

    @property
    def url(self) -> str:
        return super().url

    async def reload(self) -> None:
        if self.page is not None:
            await super().reload()

    # --- requests

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None, **params: Any) -> Any:
        """A request of a page, refused as the page would say it."""
        query = urlencode({key: value for key, value in params.items() if value not in (None, "")})
        answer = await self.browser.call(method, f"{path}?{query}" if query else path, body)
        if answer.status_code >= 400:
            raise StepFailed(refusal(answer), where=path)
        return answer.json()

    async def _send(self, path: str, data: bytes) -> Any:
        headers = {key: value for key, value in self.browser.headers().items() if key != "content-type"}
        answer = await self.browser.ask("POST", path, headers, data)  # type: ignore[arg-type]
        if answer.status_code >= 400:
            raise StepFailed(refusal(answer), where=path)
        return answer.json()

    async def _load(self, path: str, name: str) -> File:
        answer = await self.browser.ask("GET", path, self.browser.headers(), None)
        if answer.status_code != 200:
            raise StepFailed(refusal(answer), where=path)
        return File(name, answer.content, answer.headers.get("content-type", ""))

    async def _told(self, method: str, path: str, body: dict[str, Any]) -> None:
        """A request whose refusal the profile does not look for: a message comes either way."""
        with contextlib.suppress(StepFailed):
            await self._ask(method, path, body)

    # --- courses

    async def _button(self, course: str, *states: str) -> None:
        """Whether the list of courses shows a button: it depends on the state."""
        found = (await self._ask("GET", "/api/admin/courses", size=500))["rows"]
        state = next((row["state"] for row in found if str(row["id"]) == str(course)), "")
        if state not in states:
            raise StepFailed("no such button", got=state or "no course", expected=" or ".join(states))

    async def _create_course(self, title: str, hours: float) -> None:
        outline = (await self._ask("GET", "/api/admin/outlines"))["rows"][0]["code"]
        film = (await self._ask("GET", "/api/admin/media"))["rows"][0]["media"]
        lessons = [{"media": film, "title": "第一讲"}]
        body = {"title": title, "outline": outline, "hours": float(hours), "summary": "", "lessons": lessons}
        await self._told("POST", "/api/admin/courses", body)

    async def _edit_course(self, course: str, title: str, hours: float) -> None:
        await self._told("PUT", f"/api/admin/courses/{course}", {"title": title, "hours": float(hours), "summary": ""})

    async def _replace_media(self, lesson: Any, file: Any = "") -> None:
        await self._told("PUT", f"/api/admin/lessons/{lesson.id}/media", {"media": "lesson02"})

    async def _submit_course(self, course: str) -> None:
        await self._button(course, "draft", "offline")
        await self._told("POST", f"/api/admin/courses/{course}/submit", {})

    async def _review_course(self, course: str, verdict: str) -> None:
        await self._button(course, "submitted")
        body = {"approve": verdict != "reject", "note": "一致"}
        await self._told("POST", f"/api/admin/courses/{course}/review", body)

    async def _publish_course(self, course: str) -> None:
        await self._button(course, "draft", "submitted", "reviewed", "offline")
        await self._told("POST", f"/api/admin/courses/{course}/publish", {})

    async def _unpublish_course(self, course: str) -> None:
        await self._button(course, "published")
        await self._told("POST", f"/api/admin/courses/{course}/unpublish", {})

    # --- people

    async def _register(self, portrait: Any = "", phone: str = "", **given: str) -> None:
        code = ""
        if phone:
            await self._ask("POST", "/api/register/code", {"phone": phone})
            code = str(self.profile.subject["codes"](phone))
        picture = ""
        if portrait:
            picture = data_url(portrait)
        body = {
            **given,
            "id_type": "居民身份证",
            "phone": phone,
            "phone_code": code,
            "employer": "",
            "portrait": picture,
        }
        await self._ask("POST", "/api/register", body)

    async def _import_learner(self, verified: str = "", phone: str = "", **given: str) -> None:
        await self._ask("POST", "/api/admin/learners", {**given, "verified": bool(verified)})

    async def _approve_learner(self, learner: Account) -> None:
        await self._ask("POST", f"/api/admin/learners/{learner.username}/decide", {"approve": True})

    async def _enrol(self, learner: Account, course: str, period: str | None = None) -> None:
        body = {"period": period or PERIOD, "course": course}
        await self._ask("POST", f"/api/admin/learners/{learner.username}/enrol", body)

    async def _close_account(self, learner: Account) -> None:
        await self._ask("POST", f"/api/admin/learners/{learner.username}/close", {})

    # --- questions

    async def _post_question(self, lesson: Any, text: str) -> None:
        await self._told("POST", "/api/questions", {"course": lesson.course, "title": text, "body": text})

    async def _threads(self, question: str) -> list[dict[str, Any]]:
        rows = (await self._ask("GET", "/api/questions", size=100))["rows"]
        return [row for row in rows if question in row["title"]]

    async def _answer_question(self, question: str, text: str) -> None:
        for row in (await self._threads(question))[:1]:
            await self._told("POST", f"/api/questions/{row['id']}/answers", {"body": text})

    async def _see_answer(self, question: str) -> dict[str, str]:
        threads = await self._threads(question)
        if not threads:
            raise StepFailed("the question is not there", got=question)
        row = threads[0]
        answers = [f"{one['by']}（{one['role']}） {one['at']} {one['body']}" for one in row["answers"]]
        return {"thread": " ".join((row["title"], row["course"], row["by"], row["body"], *answers))}

    # --- the own record, and reaching for another's

    async def _open_records(self) -> dict[str, str]:
        rows = (await self._ask("GET", "/api/records/mine", page=1, size=20))["rows"]
        return {"开始时间": rows[0]["started_at"][:19].replace("T", " ")} if rows else {}

    async def fetch(self, url: str, *, headers: dict[str, str], **_more: Any) -> FetchResponse:
        """A request of ours with this browser's session."""
        answer = await self.browser.ask("GET", url, headers, None)
        return FetchResponse(answer.status_code, dict(answer.headers), answer.content, url)

    # --- papers

    async def _request_certificate_directly(self, course: str) -> None:
        mine = (await self._ask("GET", "/api/courses"))["rows"]
        enrolment = next((row["enrolment"] for row in mine if str(row["id"]) == str(course)), None)
        if enrolment is None:
            raise StepFailed("not in the list of courses", got=course)
        await self._ask("POST", "/api/certificates", {"enrolment": enrolment})

    async def _request_certificate(self, course: str) -> File:
        await self._request_certificate_directly(course)
        serial = (await self._ask("GET", "/api/certificates/mine"))["rows"][0]["serial"]
        return await self._load(f"/api/certificates/{serial}.pdf", f"{serial}.pdf")

    @staticmethod
    def _said(answer: dict[str, Any]) -> dict[str, str]:
        facts = [("姓名", answer.get("name")), ("学时", f"{answer['hours']} 学时" if answer.get("hours") else None)]
        words = [answer["message"], *(f"{name}：{value}" for name, value in facts if value)]
        return {"said": "\n".join(words)}

    async def _verify_certificate(self, number: str, code: str) -> dict[str, str]:
        return self._said(await self._ask("GET", "/api/verify", serial=number, code=code))

    async def _verify_certificate_file(self, file: File) -> dict[str, str]:
        return self._said(await self._send("/api/verify/file", file.data))

    async def _verify_archive(self, file: File) -> dict[str, str]:
        return self._said(await self._send("/api/verify/archive", file.data))

    async def _export_archive(self, learner: Account, period: str = PERIOD, course: str = "") -> None:
        path = f"/api/admin/archives/{learner.username}/{period}/export.zip"
        self.file = await self._load(path, "archive.zip")

    # --- the institution's tools

    async def _tool(self, name: str, **body: Any) -> None:
        await self._ask("POST", f"/api/admin/tools/{name}", body | {"reason": REASON})

    async def _studies(self, learner: Account) -> list[int]:
        found = (await self._ask("GET", "/api/admin/studies", account=learner.username, size=500))["rows"]
        if not found:
            raise StepFailed("no sitting of this learner", got=learner.username)
        return [int(row["id"]) for row in found]

    async def _void_record(self, learner: Account, lesson: Any, reason: str) -> None:
        studies = await self._studies(learner)
        for study in dict.fromkeys((studies[-1], studies[0])):
            await self._ask("POST", f"/api/admin/studies/{study}/void", {"reason": reason})

    async def _add_hours(self, learner: Account, course: str, hours: float) -> None:
        await self._tool("add-hours", account=learner.username, period=PERIOD, course=course, minutes=float(hours) * 30)

    async def _import_hours(self, learner: Account, course: str, hours: float) -> None:
        await self._tool("import-records", csv=f"{learner.username},{PERIOD},{course},{float(hours) * 30},{REASON}")

    async def _complete_in_batch(self, learner: Account, lesson: Any) -> None:
        await self._tool("batch-complete", accounts=learner.username, period=PERIOD, lesson=lesson.id)

    async def _exempt_face(self, learner: Account) -> None:
        await self._tool("exempt", account=learner.username, exempt=True)

    async def _replace_portrait(self, learner: Account, portrait: File | bytes) -> None:
        await self._tool("replace-photo", account=learner.username, image=data_url(portrait))

    async def _upload_portrait(self, learner: Account, portrait: File | bytes) -> None:
        study = (await self._studies(learner))[0]
        await self._tool("upload-portrait", account=learner.username, study=study, image=data_url(portrait))

    async def _backdate_period(self, **_given: Any) -> None:
        await self._tool("backdate", period=PERIOD, starts="2026-10-08")

    async def _import_attendance(self, file: File) -> None:
        await self._send("/api/admin/attendance", file.data)

    async def _book(self, mode: str) -> None:
        body = {"period": PERIOD, "mode": mode, "place": "一号实训场", "starts_at": "2026-12-08T09:00"}
        await self._ask("POST", "/api/bookings", body)

    async def _book_practice(self, course: str = "") -> None:
        await self._book("线上")

    async def _book_practice_offline(self, course: str = "") -> None:
        await self._book("线下")


class Reader:
    """Who makes readings: an account, its token, and nothing to look at."""

    def __init__(self, browser: Browser, account: Account) -> None:
        self.account, self.vars, self.folder = account, dict[str, str](), PROFILE.parent
        self.screen: Any = SimpleNamespace(url=BASE, fetch=self._fetch, evaluate=self._local)
        self._browser = browser

    async def _fetch(
        self, url: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: str | None = None
    ) -> FetchResponse:
        answer = await self._browser.ask(method, url, headers or {}, body)
        return FetchResponse(answer.status_code, dict(answer.headers), answer.content, url)

    async def _local(self, _js: str, key: str) -> str | None:
        return self._browser.token if key == "xl_token" else None


class Office(Stage):
    """The reference platform as walks of everybody see it, through the real profile."""

    def __init__(self, app: Any, platform: Platform, folder: Path, profile: LoadedProfile) -> None:
        super().__init__(app, platform, folder)
        self.profile = profile  # type: ignore[assignment]
        self.loaded = profile
        self._reader: Reader | None = None

    def described(self, name: str) -> bool:
        how = self.loaded.model.actions.get(name)
        here = name in self.loaded.model.readings or name == "lesson_state" or hasattr(Desk, f"_{name}")
        return name in self.loaded.described and name not in LEFT_OUT and (here or how is None)

    async def session(
        self, role: str, who: Account | None = None, *, automated: bool = False, storage: Any = None, **_look: Any
    ) -> Desk:
        if who is None:
            found = self.loaded.accounts.get(role, ())
            if role != "visitor" and not found:
                raise Unsupported(f"no account in the role {role}")
            who = VISITOR if role == "visitor" else found[0]
        desk = Desk(Browser(self.app, automated), who, self.loaded)
        if storage is not None:
            desk.browser.token = storage["origins"][0]["localStorage"][0]
        return desk

    async def read(self, reading: str, **filters: Any) -> Any:  # type: ignore[override]
        how = self.loaded.reading(reading)
        if self._reader is None:
            desk = await self.session("reader")
            await desk._log_in()
            self._reader = Reader(desk.browser, desk.account)
        return await self._made(how, self._reader, reading, filters)

    async def read_in(self, session: Desk, reading: str, **filters: Any) -> Any:
        """The reader's way in somebody else's browser."""
        return await self._made(
            self.loaded.reading(reading), Reader(session.browser, session.account), reading, filters
        )

    async def _made(self, how: Reading, actor: Any, reading: str, filters: dict[str, Any]) -> Any:
        names = {"account": actor.account, "subject": self.loaded.subject, "lesson": None}
        runner = Runner(actor, names | filters | {"args": filters})
        try:
            await runner.run(how.steps, reading)
            return await _typed(reading, how, await rows(how.source, runner, reading), runner, filters)
        except Missing as error:
            raise ReadingFailed("a template has no value here", where=reading, got=str(error)) from error


@asynccontextmanager
async def opened(defects: Sequence[str], clock: LeapClock) -> AsyncIterator[Office]:
    """A fresh platform in rehearsal, camera off, with defects switched on."""
    platform = Platform(build_rules(Policy().scaled(SCALE).without_camera(), load(defects)), clock=clock)
    world = seed(platform, learners=LEARNERS)
    with tempfile.TemporaryDirectory() as folder:
        films = {str(lesson["media"]): Path(folder) / "film.mp4" for lesson in world.lessons}
        app = build_app(platform, "spa", films, engine=None, upload_folder=Path(folder))
        sweeping = asyncio.create_task(_sweep(platform))
        yield Office(app, platform, Path(folder) / "run", described_by(platform, world))
        sweeping.cancel()
    platform.close()


def described_by(platform: Platform, world: World) -> LoadedProfile:
    """The shipped profile of this platform."""
    said = {
        "base_url": BASE, "accounts": world.accounts, "lessons": world.lessons, "courses": world.courses,
        "periods": world.periods, "people": None, "faces": False, "gateway_key": "key",
    }  # fmt: skip
    profile = load_profile(PROFILE, subject=json.loads(json.dumps(said)))
    subject: Any = profile.subject
    subject["codes"] = lambda phone: platform.accounts.phone_codes(phone)[0]["code"]
    return profile


def perform(walk_name: str, defects: Sequence[str], attempt: int = 1) -> tuple[WalkView, dict[str, Case]]:
    """Make one attempt of a walk on a fresh platform with these defects; and what its judges know besides."""

    async def run() -> tuple[WalkView, dict[str, Case]]:
        clock = LeapClock(asyncio.get_running_loop())
        probe, spec = next((p, w) for p in load_probes() for w in p.walks if w.name == walk_name)
        async with opened(defects, clock) as office:
            profile = office.loaded
            lengths = {x.id: x.duration_s for x in profile.lessons if x.duration_s is not None}
            test = [x for x in profile.lessons if x.test_course]
            setting = make_setting(
                profile.facts()["policy"], SCALE, STANDARD, list(lengths.values()), [x.duration_s or 0.0 for x in test]
            )
            ledger = Ledger(office.folder, clock)
            stand_in: Any = office
            lessons = test if spec.lesson == "test_course" else profile.lessons
            walk = Walk(
                spec, attempt, probe_id=probe.id, platform=stand_in, ledger=ledger, clock=clock, setting=setting,
                seed=7, accounts=list(profile.accounts["learner"][: spec.accounts]),
                lessons=list(lessons[: max(spec.lessons, 1)]),
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
            except SubjectError as error:
                status, message = "subject_error", str(error)
            await walk.close()
            await walk.settle()
            walk.note(WalkFinished(status=status, message=message, took_s=1))  # type: ignore[arg-type]
            ledger.close()
            needed = {j.requirement for p in load_probes() for j in p.judgements if walk_name in j.walks}
            cases = {r: Case(STANDARD.get(r), STANDARD, setting, lengths) for r in needed}
            return WalkView(walk_name, attempt, tuple(walk.seen)), cases

    return run_leaping(run())


def findings(requirements: Iterable[str], defects: Sequence[str]) -> dict[str, list[Finding]]:
    """Make the walks that feed these requirements, repeat those that must be, and judge them, walk by walk."""
    wanted = list(requirements)
    made: dict[str, list[Finding]] = {requirement: [] for requirement in wanted}
    feeding = [(p, j) for p in load_probes() for j in p.judgements if j.requirement in wanted]
    for name in dict.fromkeys(walk for _, j in feeding for walk in j.walks):
        mine = [(p, j) for p, j in feeding if name in j.walks]
        views, cases = [], dict[str, Case]()
        while not views or any(again([_judged(p, j, view, cases) for view in views]) for p, j in mine):
            view, cases = perform(name, defects, len(views) + 1)
            views.append(view)
        for p, j in mine:
            made[j.requirement].append(combine([_judged(p, j, view, cases) for view in views])[0])
    return made


def certified(requirements: Iterable[str], defects: Sequence[str]) -> dict[str, Outcome]:
    """The verdicts of these requirements."""
    return {
        requirement: max((f.outcome for f in found), key=lambda outcome: outcome.severity)
        for requirement, found in findings(requirements, defects).items()
    }


def _judged(probe: ProbeSpec, judgement: Judgement, view: WalkView, cases: dict[str, Case]) -> Finding:
    return judge_attempt(probe, judgement, view, cases[judgement.requirement])
