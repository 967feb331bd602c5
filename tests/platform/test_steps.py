"""Each step does its own thing in the window in front, and a failure says which step it was and never the password."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import HarnessError, StepFailed, Unsupported
from harness.model.values import LessonState
from harness.platform.profile import LoadedProfile
from harness.platform.session import Session
from tests.platform.fakes import FakeScreen

Profiled = Callable[..., LoadedProfile]


def session(profile: LoadedProfile, screen: FakeScreen | None = None, **more: Any) -> tuple[Session, FakeScreen]:
    window = screen or FakeScreen()
    return Session(profile, profile.accounts["learner"][0], window, **more), window  # type: ignore[arg-type]


def do(profiled: Profiled, steps: list[Any], screen: FakeScreen | None = None, **args: Any) -> list[Any]:
    """Do steps as the action `seek_by_bar` (argument `fraction`) and return what was done."""
    one, window = session(profiled(actions={"seek_by_bar": steps}), screen)
    asyncio.run(one.do("seek_by_bar", **args))
    return window.done


@pytest.mark.parametrize(
    ("step", "done"),
    [
        ({"goto": "/a/{account.username}"}, ("goto", "/a/zhang")),
        ("reload", ("reload",)),
        ({"click": "text=登 录"}, ("click", "text=登 录")),
        ({"fill": {"selector": "#p", "text": "{account.password}"}}, ("fill", "#p", "learner-secret", False)),
        ({"press": "Enter"}, ("press", "Enter", None)),
        ({"drag_bar": {"selector": ".bar", "to": "{fraction}", "from": 0}}, ("drag", ".bar", 0.0, 0.75)),
        (
            {"wait_for": {"text": "好", "timeout": "5 s"}},
            ("wait_for", {"state": "visible", "text": "好", "timeout_s": 5}),
        ),
        ({"frame": {"selector": "#f", "steps": [{"click": "b"}]}}, ("click", "b", ("#f",))),
    ],
)
def test_a_step_is_done(profiled: Profiled, step: Any, done: tuple[Any, ...]) -> None:
    assert do(profiled, [step], fraction=0.75) == [done]


def test_frames_nest(profiled: Profiled) -> None:
    inner = {"frame": {"selector": "#in", "steps": [{"click": {"selector": "b", "frame": ["#deep"]}}]}}
    done = do(profiled, [{"frame": {"selector": "#out", "steps": [inner]}}], fraction=0)
    assert done == [("click", "b", ("#out", "#in", "#deep"))]


@pytest.mark.parametrize(("shown", "clicked"), [({"#ask"}, "yes"), (set(), "no")])
def test_a_branch_follows_what_is_shown(profiled: Profiled, shown: set[str], clicked: str) -> None:
    screen = FakeScreen()
    screen.shown = shown
    branch = {"if_exists": {"selector": "#ask", "then": [{"click": "yes"}], "else": [{"click": "no"}]}}
    assert do(profiled, [branch], screen, fraction=0) == [("click", clicked)]


@pytest.mark.parametrize(("value", "clicked"), [("张三", "yes"), (" ", "no"), (None, "no"), (b"jpeg", "yes")])
def test_a_branch_asks_whether_an_argument_was_given(profiled: Profiled, value: Any, clicked: str) -> None:
    branch = {"if_exists": {"given": "{fraction}", "then": [{"click": "yes"}], "else": [{"click": "no"}]}}
    assert do(profiled, [branch], fraction=value) == [("click", clicked)]


def test_a_loop_by_number_and_one_that_finds_no_end(profiled: Profiled) -> None:
    assert do(profiled, [{"repeat": {"times": "{fraction}", "steps": ["reload"]}}], fraction=3) == [("reload",)] * 3
    screen = FakeScreen()
    screen.shown = {"#more"}
    loop = {"repeat": {"while_exists": "#more", "most": 4, "steps": [{"click": "#more"}]}}
    with pytest.raises(StepFailed, match="repeated too often; got 4 times"):
        do(profiled, [loop], screen, fraction=0)


def test_a_popup_is_in_front_until_it_closes(profiled: Profiled) -> None:
    screen, popup = FakeScreen(), FakeScreen("http://127.0.0.1:8000/popup")
    screen.opens = popup
    one, _ = session(
        profiled(
            actions={
                "open_course": [{"popup": [{"click": "open"}]}, {"click": "in it"}],
                "play": [{"click": "play"}],
                "pause": [{"close_popup": True}, {"click": "behind"}],
            }
        ),
        screen,
    )
    asyncio.run(one.do("open_course", course="c1"))
    assert (screen.done, popup.done) == ([("click", "open")], [("click", "in it")])
    asyncio.run(one.do("play"))
    assert popup.done[-1] == ("click", "play")
    asyncio.run(one.do("pause"))
    assert popup.closed
    assert screen.done[-1] == ("click", "behind")
    with pytest.raises(StepFailed, match="no pop-up is open"):
        asyncio.run(one.do("pause"))


def test_a_popup_that_the_page_closes_is_left_behind(profiled: Profiled) -> None:
    screen, popup = FakeScreen(), FakeScreen()
    screen.opens = popup
    one, _ = session(profiled(actions={"play": [{"popup": [{"click": "open"}]}]}), screen)
    asyncio.run(one.do("play"))
    popup.closed = True
    assert one.screen is screen


def test_a_download_is_the_actions_result(profiled: Profiled) -> None:
    screen = FakeScreen()
    screen.file = SimpleNamespace(name="档案.zip", data=b"PK")
    one, _ = session(profiled(), screen)
    assert asyncio.run(one.do("export_archive")).name == "档案.zip"


def test_an_upload_takes_a_given_file_bytes_or_a_path(profiled: Profiled, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"rows")
    by_path = [{"upload": {"selector": "#f", "file": "a.xlsx"}}]
    given = [{"upload": {"selector": "#f", "file": "{file}"}}]
    for steps, file, expected in (
        (by_path, None, ("upload", "#f", "a.xlsx", b"rows")),
        (given, SimpleNamespace(name="b.xlsx", data=b"b"), ("upload", "#f", "b.xlsx", b"b")),
        (given, b"\xff\xd8jpeg", ("upload", "#f", "file.jpg", b"\xff\xd8jpeg")),
    ):
        one, screen = session(profiled(actions={"import_attendance": steps}))
        asyncio.run(one.do("import_attendance", file=file))
        assert screen.done == [expected]


def test_dialogs_are_answered_as_told(profiled: Profiled) -> None:
    screen = FakeScreen()
    do(profiled, [{"dialog": {"answer": "dismiss", "answers": {"姓名": "{account.name}"}}}], screen, fraction=0)
    assert screen.dialogs.accept is False
    assert screen.dialogs.answers == {"姓名": "张三"}


def test_what_a_page_says_is_kept(profiled: Profiled) -> None:
    screen = FakeScreen()
    screen.texts["#no"] = "编号 A-17 号"
    steps = [
        {"keep": {"name": "number", "selector": "#no", "pattern": "[A-Z]-\\d+"}},
        {"goto": "/x/{vars.number}"},
    ]
    assert do(profiled, steps, screen, fraction=0) == [("goto", "/x/A-17")]


def test_a_request_with_a_token_from_the_page(profiled: Profiled) -> None:
    screen = FakeScreen()
    screen.page = {"token": "t0k"}
    screen.answers = [(200, {"state": "busy"}), (200, {"state": "done", "file": {"id": 9}})]
    ask = {
        "url": "/api/jobs",
        "headers": {"Authorization": "Bearer {local.token}"},
        "until": {"state": "done"},
        "keep": {"file": "file.id"},
    }
    send = {"url": "/api/take", "method": "POST", "json": {"file": "{vars.file}", "part": "{fraction}"}}
    done = do(profiled, [{"fetch": ask}, {"fetch": send}], screen, fraction=0.5)
    assert done[:2] == [("fetch", "GET", "/api/jobs", {"Authorization": "Bearer t0k"}, None)] * 2
    assert done[2][4] == '{"file": "9", "part": 0.5}'


def test_a_request_waits_for_a_session_that_is_not_there_at_once(profiled: Profiled) -> None:
    screen = FakeScreen()
    screen.answers = [(403, {}), (200, {"user": "zhang"})]
    ask = {"fetch": {"url": "/api/me", "until": {"user": "{account.username}"}}}
    assert len(do(profiled, [ask], screen, fraction=0)) == 2
    never = {"fetch": {"url": "/api/me", "until": {"user": "li"}, "within": 0}}
    with pytest.raises(StepFailed, match="answer did not come; got user = zhang"):
        do(profiled, [never], screen, fraction=0)


def test_a_request_that_is_refused_fails(profiled: Profiled) -> None:
    screen = FakeScreen()
    screen.answers = [(500, {})]
    with pytest.raises(StepFailed, match="request refused; got HTTP 500"):
        do(profiled, [{"fetch": "/api"}], screen, fraction=0)


def test_a_failure_says_which_step_it_was(profiled: Profiled) -> None:
    steps = [{"click": "a"}, {"if_exists": {"selector": "#x", "else": [{"click": "b"}, {"click": "missing"}]}}]
    with pytest.raises(StepFailed) as caught:
        do(profiled, steps, fraction=0)
    assert caught.value.step == 2
    assert str(caught.value).startswith('seek_by_bar step 2.2 (click) at http://127.0.0.1:8000/: "missing"')


def test_a_failure_never_shows_the_password(profiled: Profiled) -> None:
    with pytest.raises(StepFailed) as caught:
        do(profiled, [{"fill": {"selector": "missing", "text": "{account.password}"}}], fraction=0)
    assert "learner-secret" not in str(caught.value)
    assert "***" in str(caught.value)


def test_a_name_without_a_value_fails_the_step(profiled: Profiled) -> None:
    with pytest.raises(StepFailed, match=r"step 1 \(goto\).*no value here; got \{account\.nickname\}"):
        do(profiled, [{"goto": "/{account.nickname}"}], fraction=0)


def test_codes_come_from_the_profile_a_program_or_a_person(profiled: Profiled) -> None:
    async def person(question: str, picture: bytes) -> str:
        assert (question, picture) == ("短信验证码", b"png")
        return "778899"

    program = [sys.executable, "-c", "print('4711')"]
    for way, expected in (
        ({"fixed": "0000"}, "0000"),
        ({"command": program}, "4711"),
        ({"human": "短信验证码"}, "778899"),
    ):
        one, screen = session(profiled(actions={"log_in": [{"code": {"into": "#c", **way}}]}), ask=person)
        asyncio.run(one.do("log_in"))
        assert screen.done == [("fill", "#c", expected, False)]


def test_a_code_that_does_not_come(profiled: Profiled) -> None:
    failing = [sys.executable, "-c", "raise SystemExit(3)"]
    for way, words in (({"command": failing}, "exit 3"), ({"human": "?"}, "nobody is asked")):
        one, _ = session(profiled(actions={"log_in": [{"code": {"into": "#c", **way}}]}))
        with pytest.raises(StepFailed, match=words):
            asyncio.run(one.do("log_in"))


def test_what_nobody_describes_is_unsupported(profiled: Profiled) -> None:
    one, _ = session(profiled())
    with pytest.raises(Unsupported, match="does not describe set_rate_by_menu"):
        asyncio.run(one.do("set_rate_by_menu", rate=2))
    with pytest.raises(HarnessError, match="no such argument"):
        asyncio.run(one.do("play", speed=2))
    with pytest.raises(HarnessError, match="not an action"):
        asyncio.run(one.do("credited_time"))


@pytest.mark.parametrize(
    ("shown", "url", "media", "state"),
    [
        ({"text=已在其他设备登录"}, "/", "playing", LessonState.KICKED),
        ({"#lock"}, "/", "playing", LessonState.LOCKED),
        (set(), "/locked", None, LessonState.LOCKED),
        (set(), "/", "playing", LessonState.PLAYING),
        (set(), "/", "paused", LessonState.UNKNOWN),
    ],
)
def test_the_lessons_state(
    profiled: Profiled, shown: set[str], url: str, media: str | None, state: LessonState
) -> None:
    one, screen = session(profiled())
    screen.shown, screen.url, screen.media = shown, url, media
    assert asyncio.run(one.read_state()) is state


class FakeCamera:
    """Remembers what the person before it was asked to do."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def act(self, acts: list[str]) -> None:
        self.asked += acts

    async def keep_acting(self, acts: list[str]) -> None:
        self.asked.append("goes on")
        try:
            await asyncio.sleep(60)
        finally:
            self.asked.append("ends")

    async def close(self) -> None:
        self.asked.append("closed")


def test_the_person_before_the_camera_does_what_the_page_asks_for(profiled: Profiled) -> None:
    screen, camera = FakeScreen(), FakeCamera()
    screen.texts["#prompt"] = "请先眨一下眼，再扭扭头"
    steps = [{"perform": {"selector": "#prompt", "words": {"扭扭头": "turn_left"}}}, {"pause": "0.01s"}]
    one, _ = session(profiled(actions={"pass_face_check": steps}), screen, camera=camera)
    asyncio.run(one.do("pass_face_check"))
    assert camera.asked == ["blink", "turn_left", "goes on", "ends"]  # as long as the action lasts
    assert one.asked == [("blink", "turn_left")]


def test_what_stands_in_for_the_person_is_told_first_what_is_asked(profiled: Profiled) -> None:
    camera = FakeCamera()
    one, _ = session(profiled(actions={"pass_face_check": [{"perform": {"acts": ["blink"]}}]}), camera=camera)

    async def stand_in(acts: Sequence[str]) -> None:
        camera.asked.append(f"recorded {' '.join(acts)}")

    one.stand_in = stand_in
    asyncio.run(one.do("pass_face_check"))
    assert camera.asked[:2] == ["recorded blink", "blink"]


def test_a_prompt_that_asks_for_nothing_known_says_what_it_said(profiled: Profiled) -> None:
    screen = FakeScreen()
    screen.texts["#prompt"] = "请保持微光"
    one, _ = session(profiled(actions={"pass_face_check": [{"perform": "#prompt"}]}), screen, camera=FakeCamera())
    with pytest.raises(StepFailed, match="请保持微光"):
        asyncio.run(one.do("pass_face_check"))


def test_without_a_camera_nobody_can_act(profiled: Profiled) -> None:
    one, _ = session(profiled(actions={"pass_face_check": [{"perform": {"acts": ["blink"]}}]}))
    with pytest.raises(StepFailed, match="nobody is before a camera"):
        asyncio.run(one.do("pass_face_check"))


def test_a_session_closes_its_own_camera_and_leaves_another_tabs_alone(profiled: Profiled) -> None:
    own, others = FakeCamera(), FakeCamera()
    for camera, owns in ((own, True), (others, False)):
        one, _ = session(profiled(), camera=camera, owns_camera=owns)
        asyncio.run(one.close())
    assert (own.asked, others.asked) == (["closed"], [])
