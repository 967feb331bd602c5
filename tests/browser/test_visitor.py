"""What a platform can tell about its visitor, measured in the page, in a frame, in a worker and on the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.launch import BrowserPool, CameraFile, Visitor, major_version
from tests.browser.conftest import NewScreen
from tests.browser.site import Site

pytestmark = pytest.mark.browser


async def test_an_ordinary_visitor_shows_no_sign_of_automation(
    new_screen: NewScreen, site: Site, pool: BrowserPool
) -> None:
    screen = await new_screen()
    await screen.goto("visitor.html")
    seen = await screen.evaluate("() => signals()")
    assert seen["webdriver"] is False
    assert seen["frameWebdriver"] is False
    header = site.got[0].headers["user-agent"]
    assert "Headless" not in header + seen["agent"] + seen["worker"]["agent"] + str(seen["worker"]["brands"])
    assert f"Chrome/{major_version(pool.version)}.0.0.0" in header
    assert header == seen["agent"] == seen["worker"]["agent"]
    assert seen["outer"][1] > seen["inner"][1]


async def test_an_ordinary_visitor_reads_chinese(new_screen: NewScreen, site: Site) -> None:
    screen = await new_screen()
    await screen.goto("visitor.html")
    seen = await screen.evaluate("() => signals()")
    assert seen["languages"][0] == "zh-CN"
    assert seen["worker"]["languages"][0] == "zh-CN"
    assert site.got[0].headers["accept-language"].startswith("zh-CN")


async def test_a_visibly_automated_visitor_says_so(new_screen: NewScreen, site: Site) -> None:
    screen = await new_screen(Visitor(automated=True))
    await screen.goto("visitor.html")
    seen = await screen.evaluate("() => signals()")
    assert seen["webdriver"] is True
    assert seen["frameWebdriver"] is True
    assert "Headless" in seen["agent"]
    assert "Headless" in site.got[0].headers["user-agent"]


async def test_a_mobile_visitor_has_a_phone(new_screen: NewScreen, site: Site) -> None:
    screen = await new_screen(Visitor(device="mobile"))
    await screen.goto("visitor.html")
    seen = await screen.evaluate("() => signals()")
    assert "Mobile" in seen["agent"]
    assert "Mobile" in site.got[0].headers["user-agent"]
    assert seen["touch"] > 0
    assert seen["webdriver"] is False


async def test_every_flag_is_on_record(new_screen: NewScreen, pool: BrowserPool) -> None:
    await new_screen()
    assert any(f.startswith("--user-agent=") for f in pool.flags)


async def test_windows_share_a_browser_but_not_their_cookies(new_screen: NewScreen) -> None:
    one, other = await new_screen(), await new_screen()
    await one.goto("sign-in")
    assert b"s3cret" in (await one.fetch("whoami")).body
    assert (await other.fetch("whoami")).body == b""


async def test_a_camera_learner_owns_a_browser_whose_camera_has_an_ordinary_name(
    new_screen: NewScreen, pool: BrowserPool, tmp_path: Path
) -> None:
    folder = tmp_path / "camera's folder"
    folder.mkdir()
    name = "USB2.0 HD UVC WebCam y4m"
    (folder / name).write_bytes(b"YUV4MPEG2 W64 H48 F5:1 C420jpeg\nFRAME\n" + b"\x80" * (64 * 48 * 3 // 2))
    before = len(pool._running)
    screen = await new_screen(Visitor(camera=CameraFile(folder, name)))
    await screen.goto("storage.html")
    seen = await screen.evaluate(
        """async () => {
          const stream = await navigator.mediaDevices.getUserMedia({video: true});
          return [stream.getVideoTracks()[0].label, navigator.webdriver];
        }"""
    )
    assert seen == [name, False]
    assert len(pool._running) == before + 1
    await screen.close()
    assert len(pool._running) == before


async def test_a_camera_that_is_pulled_out_ends_what_the_page_films(new_screen: NewScreen, tmp_path: Path) -> None:
    name = "USB2.0 HD UVC WebCam y4m"
    (tmp_path / name).write_bytes(b"YUV4MPEG2 W64 H48 F5:1 C420jpeg\nFRAME\n" + b"\x80" * (64 * 48 * 3 // 2))
    screen = await new_screen(Visitor(camera=CameraFile(tmp_path, name)))
    await screen.goto("storage.html")
    await screen.evaluate(
        """async () => {
          window.film = (await navigator.mediaDevices.getUserMedia({video: true})).getVideoTracks()[0];
          window.ended = new Promise((told) => { film.onended = () => told(film.readyState); });
        }"""
    )
    (tmp_path / name).unlink()
    await screen.end_camera()
    assert await screen.evaluate("() => ended") == "ended"
    ask = "() => navigator.mediaDevices.getUserMedia({video: true}).then(() => 'given', (e) => e.name)"
    assert await screen.evaluate(ask) == "NotFoundError"


async def test_a_browser_goes_with_its_last_window(pool: BrowserPool, new_screen: NewScreen, site: Site) -> None:
    mobile = [await new_screen(Visitor(device="mobile")) for _ in range(2)]
    before = len(pool._running)
    await mobile[0].close()
    assert len(pool._running) == before
    await mobile[1].goto("plain.html")  # the other one is still there
    await mobile[1].close()
    assert len(pool._running) == before - 1
    again = await new_screen(Visitor(device="mobile"))
    await again.goto("plain.html")
    assert await again.title() == "Plain"
