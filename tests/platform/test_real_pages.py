"""Every step and every source of readings, in a real browser on a site with frames, pop-ups, dialogs and files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from harness.browser.launch import BrowserPool
from harness.errors import AuthorizationError, ReadingFailed, StepFailed
from harness.model.values import LessonState
from harness.platform.declarative import DeclarativePlatform
from harness.platform.profile import LoadedProfile
from harness.platform.session import Session
from tests.platform.site import site

pytestmark = pytest.mark.browser
Profiled = Callable[..., LoadedProfile]

LOG_IN = [
    {"goto": "/login"},
    {
        "frame": {
            "selector": "#form",
            "steps": [
                {"fill": {"selector": "#user", "text": "{account.username}", "typed": True}},
                {"fill": {"selector": "#pass", "text": "{account.password}"}},
                {"select": {"selector": "#kind", "option": "管理员"}},
                {"check": "#agree"},
                {"click": "text=登 录"},
            ],
        }
    },
    {"wait_for": {"text": "{account.username}/"}},
]
ACTIONS = {
    "log_in": LOG_IN,
    "open_course": [{"goto": "/course"}],
    "open_lesson": [
        {"goto": "/course"},
        {"popup": [{"click": "text=进入学习"}]},
        {"wait_for": "#title"},
        {"keep": {"name": "number", "selector": "#no", "pattern": "：(.+) 号"}},
    ],
    "seek_by_bar": [{"drag_bar": {"selector": "#bar", "to": "{fraction}", "from": 0.1}}],
    "pause": [{"close_popup": True}, {"wait_for": "#leave"}],
    "log_out": [{"dialog": "dismiss"}, {"click": "#leave"}, {"wait_for": {"text": "未退出"}}],
    "register": [{"dialog": {"answer": "accept", "answers": {"姓名": "{name}"}}}, {"click": "#name"}],
    "import_attendance": [{"upload": {"selector": "#file", "file": "{file}"}}],
    "export_archive": [{"download": [{"click": "#export"}]}],
    "unlock": [{"click": {"selector": "#nowhere", "timeout": "500 ms"}}],
    "refuse_consent": [{"fetch": "/away"}],
}
READINGS = {
    "credited_time": {
        "from": {
            "fetch": {
                "url": "/api/credit",
                "params": {"user": "{learner.username}"},
                "headers": {"Authorization": "Bearer {local.token}"},
            },
            "rows": "data",
        },
        "fields": {"credited": {"column": "ms", "unit": "ms"}, "completed": {"column": "state", "map": {"学完": "是"}}},
    },
    "study_records": {
        "steps": [{"goto": "/records"}],
        "from": {"table": "#records"},
        "where": {"学员": "{learner.username}"},
        "fields": {"start": "开始时间", "duration": "时长"},
    },
    "statistics": {
        "steps": [{"goto": "/course"}],
        "from": {"download": [{"click": "#export"}], "header_row": 2},
        "fields": {"who": "学员", "hours": {"column": "学时", "parse": "hours"}},
    },
    "lesson_position": {
        "steps": [{"goto": "/lesson"}],
        "from": {"page": {"no": "#no"}},
        "fields": {"position": {"column": "no", "pattern": "A-(\\d+)", "unit": "s"}},
    },
    "questions": {"from": {"fetch": "/nothing"}},
}
STATES = {"face_check": {"selector": "#face"}, "finished": {"url": "/course$"}, "paused": {"text": "第一课"}}


def with_session(profiled: Profiled, what: Callable[[DeclarativePlatform, Session], Coroutine[Any, Any, None]]) -> None:
    """Do something in a learner's session on the site."""
    profile = profiled(actions=ACTIONS, readings=READINGS, lesson_state=STATES, signed_out=None, roles=ROLES)

    async def main(base_url: str) -> None:
        from dataclasses import replace

        async with BrowserPool() as pool:
            platform = DeclarativePlatform(replace(profile, base_url=base_url), pool)
            session = await platform.session("learner")
            try:
                await what(platform, session)
            finally:
                await session.close()
                await platform.close()

    with site() as base_url:
        asyncio.run(asyncio.wait_for(main(base_url), 90))


ROLES = {
    "learner": {"accounts": [{"username": "zhang", "password": "env:ACME_LEARNER", "name": "张三"}]},
    "reader": {"accounts": [{"username": "auditor", "password": "env:ACME_READER"}]},
}


def test_steps_in_frames_pop_ups_and_dialogs(profiled: Profiled) -> None:
    async def what(platform: DeclarativePlatform, session: Session) -> None:
        await session.do("log_in")
        assert await session.screen.text("#who") == "zhang/learner-secret/2/true"
        await session.do("open_lesson", lesson=platform.profile.lessons[0])
        assert session.screen.url.endswith("/lesson")
        assert session.vars == {"number": "A-17"}
        assert await session.read_state() is LessonState.PAUSED
        await session.do("seek_by_bar", fraction=0.75)
        assert float(await session.screen.text("#to")) == pytest.approx(0.75, abs=0.02)
        await session.do("pause")
        assert await session.read_state() is LessonState.FINISHED
        await session.do("register", name="李四")
        assert await session.screen.text("#done") == "李四"
        await session.do("log_out")
        file = await session.do("export_archive")
        assert (file.name, file.data[:8]) == ("export.csv", "学习档案".encode("gbk"))
        await session.do("import_attendance", file=file)
        assert await session.screen.text("#done") == f"export.csv {len(file.data)}"

    with_session(profiled, what)


def test_what_is_not_possible_is_said_with_its_step(profiled: Profiled) -> None:
    async def what(platform: DeclarativePlatform, session: Session) -> None:
        await session.do("open_course", course="c1")
        with pytest.raises(StepFailed, match=r"^unlock step 1 \(click\) at http.*/course: .*#nowhere") as caught:
            await session.do("unlock")
        assert caught.value.step == 1
        with pytest.raises(AuthorizationError, match="localhost"):
            await session.do("refuse_consent")

    with_session(profiled, what)


def test_readings_from_requests_tables_texts_and_files(profiled: Profiled) -> None:
    async def what(platform: DeclarativePlatform, session: Session) -> None:
        learner, lesson = session.account, platform.profile.lessons[0]
        credit = await platform.read("credited_time", learner=learner, lesson=lesson)
        assert (credit.credited_s, credit.completed) == (750, True)
        (record,) = await platform.read("study_records", learner=learner)
        assert record.start == datetime(2026, 11, 24, 18, 5, 33, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert record.duration_s == 750
        table = await platform.read("statistics")
        assert table.rows == ({"who": "zhang", "hours": "0.5"}, {"who": "li", "hours": "2"})
        assert await platform.read("lesson_position", lesson=lesson) == 17
        with pytest.raises(ReadingFailed, match=r"questions: http.*HTTP 404"):
            await platform.read("questions")
        assert session.screen.url == "about:blank"

    with_session(profiled, what)
