"""Pop-ups, dialogs, downloads, tabs and copied sessions."""

from __future__ import annotations

import psutil
import pytest

from harness.browser.launch import LEFT_OUT, TAKEN_IN, BrowserPool
from harness.browser.session import Screen
from harness.errors import StepFailed
from tests.browser.conftest import NewScreen
from tests.browser.site import Site

pytestmark = pytest.mark.browser


async def test_a_popup_is_a_window_of_its_own_with_the_same_traffic(screen: Screen) -> None:
    await screen.goto("plain.html")
    mark = screen.traffic.mark()
    async with screen.expect_popup() as popup:
        await screen.click("#pop")
    assert popup.screen is not None
    assert await popup.screen.text("#head") == "a new window"
    await popup.screen.wait_for(url="popup.html")
    async with screen._page.context.expect_event("response", lambda r: "from-popup" in r.url, timeout=5000):
        await popup.screen.reload()
    assert "t=5" in [e.body for e in popup.screen.traffic.since(mark)]
    await popup.screen.close()
    assert await screen.title() == "Plain"


async def test_no_popup(screen: Screen) -> None:
    await screen.goto("plain.html")
    with pytest.raises(StepFailed, match="no window opened"):
        async with screen.expect_popup(timeout_s=0.3):
            await screen.click("#once")


async def test_dialogs_are_answered_and_written_down(screen: Screen) -> None:
    await screen.goto("plain.html")
    screen.dialogs.answers = {"name": "李雷"}
    await screen.click("#ask")
    assert await screen.attribute("#ask", "data-said") == "true:李雷"
    assert screen.dialogs.log == [("confirm", "Are you there?"), ("prompt", "Your name?")]
    screen.dialogs.answers = {}
    await screen.click("#ask")
    assert await screen.attribute("#ask", "data-said") == "true:nobody"
    screen.dialogs.accept = False
    await screen.click("#ask")
    assert await screen.attribute("#ask", "data-said") == "false:null"


@pytest.mark.parametrize("link", ["#get", "#get-new"])
async def test_a_download_comes_as_bytes(screen: Screen, link: str) -> None:
    await screen.goto("plain.html")
    async with screen.expect_download() as download:
        await screen.click(link)
    assert download.file is not None
    assert (download.file.name, download.file.mime) == ("report.csv", "text/csv")
    assert download.file.data.decode("gbk") == "姓名,学时\n"


async def test_no_download(screen: Screen) -> None:
    await screen.goto("plain.html")
    with pytest.raises(StepFailed, match="no download came"):
        async with screen.expect_download(timeout_s=0.3):
            await screen.click("#once")


async def test_a_failing_block_fails_as_itself(screen: Screen) -> None:
    await screen.goto("plain.html")
    with pytest.raises(StepFailed, match="#nowhere"):
        async with screen.expect_download():
            await screen.click("#nowhere", timeout_s=0.1)


async def test_a_tab_shares_the_session(screen: Screen) -> None:
    await screen.goto("sign-in")
    tab = await screen.new_tab()
    await tab.goto("whoami")
    assert "s3cret" in await tab.html()


async def test_a_copied_session_is_signed_in_without_signing_in(new_screen: NewScreen, site: Site) -> None:
    first = await new_screen()
    await first.goto("sign-in")
    await first.goto("storage.html")
    await first.evaluate("() => { localStorage.setItem('jwt', 'L'); sessionStorage.setItem('tab', 'S'); }")
    copied = await first.storage()
    site.got.clear()
    second = await new_screen(storage=copied)
    assert site.got == []
    await second.goto("storage.html")
    assert site.got[0].headers["cookie"] == "sid=s3cret"
    read = "() => [localStorage.getItem('jwt'), sessionStorage.getItem('tab')]"
    assert await second.evaluate(read) == ["L", "S"]
    await second.evaluate("() => sessionStorage.clear()")
    await second.reload()
    assert await second.evaluate(read) == ["L", None]


async def test_a_browser_has_no_parts_that_nobody_needs(pool: BrowserPool, screen: Screen) -> None:
    await screen.goto("plain.html")
    lines = [process.cmdline() for process in psutil.Process().children(recursive=True)]
    browsers = [line for line in lines if "--remote-debugging-pipe" in line]
    for line in browsers:
        for flag, wanted in (
            ("disable", {*LEFT_OUT, "PaintHolding"}),
            ("enable", {*TAKEN_IN, "CDPScreenshotNewSurface"}),
        ):
            (named,) = [one.partition("=")[2].split(",") for one in line if one.startswith(f"--{flag}-features=")]
            assert wanted <= set(named), "ours, and Playwright's own"
    assert browsers
    (running, *_) = pool._running
    found = await running.processes.send("Target.getTargets", {"filter": [{}]})
    assert {target["type"] for target in found["targetInfos"]} <= {"page", "tab", "iframe"}
