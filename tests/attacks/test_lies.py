"""Pages that are lied to, in a real browser: what they believe, and that our own samples stay true."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from harness.attacks import borrowed, finish, media, presence, session, traffic
from harness.browser.exchange import Exchange
from harness.browser.player import Player
from harness.browser.reports import Field, ReportPattern
from harness.browser.session import Screen
from harness.model.observation import RequestSent, Stimulus
from tests.attacks.test_media import playing
from tests.browser.conftest import NewScreen
from tests.browser.site import Site

pytestmark = pytest.mark.browser
FACTOR = 4.0


async def test_a_patched_clock_runs_faster_in_dates_and_timers(screen: Screen) -> None:
    fact = await media.patch_clock(screen, FACTOR)
    assert (fact.name, fact.params) == ("patch_clock", {"factor": FACTOR})
    await screen.goto("frames.html")
    look = "() => [Date.now(), performance.now(), new Date().getTime(), Date() === new Date().toString()]"
    one, began = await screen.evaluate(look), time.monotonic()
    await asyncio.sleep(1.0)
    two, gone = await screen.evaluate(look), time.monotonic() - began
    for was, now in zip(one[:3], two[:3], strict=True):
        assert (now - was) / 1000 >= 0.9 * FACTOR * gone - 0.5  # a busy machine only makes more of it
    assert two[3] is True
    ticks = "() => new Promise((r) => { let n = 0; setInterval(() => n++, 200); setTimeout(() => r(n), 2000); })"
    began = time.monotonic()
    assert await screen.evaluate(ticks) >= 5
    assert time.monotonic() - began < 2.0  # 2 s of the page's time
    assert await screen.evaluate("() => new Date(0).getTime()") == 0
    assert await screen.evaluate("() => new Date() instanceof Date") is True


async def test_frames_agree_on_the_time(screen: Screen) -> None:
    await media.patch_clock(screen, FACTOR)
    await screen.goto("frames.html")
    seen: list[float] = []
    while len(seen) < 3:  # the innermost frame comes last; the test's own timeout ends this
        seen = await screen.values_everywhere("() => Date.now()")
    assert max(seen) - min(seen) < 2000 * FACTOR


async def test_a_patched_player_lies_to_the_page_and_not_to_us(screen: Screen) -> None:
    await media.patch_player(screen, 8.0)
    await playing(screen, "lesson.html")
    await asyncio.sleep(1.5)
    told = await screen.evaluate("() => lesson.currentTime")
    seen = await Player(screen).sample()
    assert seen is not None
    assert told > 2 * seen.position_s
    assert seen.rate == 1.0
    duration = await screen.evaluate("() => lesson.duration")
    assert told <= duration - 1
    await screen.evaluate("() => { lesson.pause(); lesson.currentTime = 5; }")
    assert abs(await screen.evaluate("() => lesson.currentTime") - 5) < 0.5  # set back: it begins at the truth
    seen = await Player(screen).sample()
    assert seen is not None
    assert abs(seen.position_s - 5) < 0.5


async def test_what_blocks_seeking_on_the_page_is_taken_away(screen: Screen) -> None:
    await playing(screen, "lesson.html?guard=seek")
    await screen.evaluate("() => { window.canDrag = false; window.ifPauseBlur = true; window.canFly = false; }")
    fact = await media.unguard(screen)
    assert fact.effect["flags_turned"] == 2
    assert await screen.evaluate("() => [canDrag, ifPauseBlur, canFly, lesson.controls]") == [True, False, False, True]
    jump = await media.seek_by_script(screen, 25.0, repeat=1)
    later = jump.effect["later_s"]
    assert isinstance(later, float)
    assert later >= 24


async def test_the_window_is_always_in_front(screen: Screen) -> None:
    await presence.always_visible(screen)
    await screen.goto("events.html")
    said = "() => [document.hidden, document.visibilityState, document.hasFocus()]"
    assert await screen.evaluate(said) == [False, "visible", True]
    await screen.evaluate("() => { dispatchEvent(new Event('blur')); document.dispatchEvent(new Event('click')); }")
    await screen.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    names = {e["name"] for e in await screen.evaluate("() => seen")}
    assert "click" in names
    assert not {"blur", "visibilitychange"} & names


PROMPT = """(html) => {
  const box = document.createElement("div");
  box.className = "modal";
  box.innerHTML = html;
  box.addEventListener("click", (e) => { (window.pressed ??= []).push(e.target.textContent.trim()); });
  document.body.append(box);
}"""


@pytest.mark.parametrize(
    ("html", "pressed"),
    [
        ("<p>您已5分钟未操作</p><button>继 续</button><button>退出</button>", ["继 续"]),
        ("<button>Continue watching</button><button>Cancel</button>", ["Continue watching"]),
        ("<button>确定退出</button>", []),
        ("<button style='display:none'>确定</button>", []),
        ("<button>播放列表</button>", []),
    ],
)
async def test_prompts_are_pressed_away_and_nothing_else(screen: Screen, html: str, pressed: list[str]) -> None:
    await screen.goto("plain.html")
    await screen.evaluate(PROMPT, html)
    await screen.evaluate("() => { window.doActive = () => { window.called = true; }; window.activate = () => 0; }")
    fact = await presence.synthetic_events(screen, 0.05, every_s=0.1)
    assert (await screen.evaluate("() => window.pressed ?? []")) == pressed
    assert fact.effect["prompts_pressed"] == len(pressed)
    assert await screen.evaluate("() => window.called") is True
    assert await screen.evaluate("() => once.dataset.clicks") is None  # an ordinary button of the page


def learned(site: Site) -> ReportPattern:
    bodies = [json.dumps({"pos": n, "seq": k}) for k, n in enumerate((5, 10, 15), 1)]
    url = f"{site.url}api/study/77/report"
    examples = tuple(Exchange(time.monotonic(), "POST", url, {"x-token": "mine"}, b, "fetch") for b in bodies)
    fields = (Field("json:pos", "position"), Field("json:seq", "counter"))
    return ReportPattern("POST", url, 3, 5.0, fields, examples[-1], examples)


def positions(site: Site, path: str = "/api/study/77/report") -> list[float]:
    return [json.loads(g.body)["pos"] for g in site.got if g.path == path]


async def test_a_burst_and_an_order_turned_round(screen: Screen, site: Site) -> None:
    await screen.goto("storage.html")
    await traffic.backwards(screen, learned(site), interval_s=0.0)
    assert positions(site) == [15, 10, 5]
    site.got.clear()
    facts = await traffic.burst(screen, learned(site), count=3, step_s=100.0, interval_s=0.0)
    assert positions(site) == [115, 215, 315]
    assert [json.loads(g.body)["seq"] for g in site.got if g.body] == [4, 5, 6]
    summary = facts[-1]
    assert isinstance(summary, Stimulus)
    assert summary.effect == {"sent": 3, "answered_2xx": 3}


SCRIPT = """() => {
  const script = document.createElement("script");
  script.type = "text/plain";
  script.textContent = "post(`/api/study/${id}/finishNow`)";
  document.head.append(script);
}"""


async def test_a_lesson_is_called_over(screen: Screen, site: Site) -> None:
    await screen.goto("storage.html")
    await screen.evaluate(SCRIPT)
    facts = await finish.finish(screen, learned(site), length_s=600.0)
    assert positions(site) == [600]  # one body: it has no word for the end
    paths = [f"/api/study/77/{word}" for word in ("finishNow", "finish", "complete", "end")]
    assert [g.path for g in site.got if g.method == "POST"][1:] == paths
    assert all(f.status == 200 for f in facts if isinstance(f, RequestSent))


async def test_another_learner_reports_with_own_headers(screen: Screen, site: Site) -> None:
    await screen.goto("sign-in")
    await screen.goto("storage.html")
    own = [Exchange(0.0, "GET", f"{site.url}x", {"x-token": "theirs"}, None, "fetch")]
    await borrowed.report_as(screen, own, learned(site), raise_s=100.0, times=2)
    sent = [g for g in site.got if g.method == "POST"]
    assert positions(site) == [15, 10, 115, 115]
    assert [g.headers["x-token"] for g in sent] == ["theirs", "theirs", "theirs", "mine"]
    assert all("sid=s3cret" in g.headers["cookie"] for g in sent)


async def test_a_copied_session_is_logged_in_elsewhere(new_screen: NewScreen, screen: Screen, site: Site) -> None:
    await screen.goto("sign-in")
    await screen.goto("storage.html")
    await screen.evaluate("() => { localStorage.setItem('a', '1'); sessionStorage.setItem('b', '2'); }")
    copied, fact = await session.copy_session(screen)
    assert fact.effect == {"cookies": 1, "local_items": 1, "session_items": 1}
    other = await new_screen(storage=copied)
    await other.goto("storage.html")
    assert await other.evaluate("() => [localStorage.a, sessionStorage.b]") == ["1", "2"]
    assert (await other.fetch("whoami")).body == b"sid=s3cret"
