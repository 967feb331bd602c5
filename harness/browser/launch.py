"""Starting browsers that look like an ordinary visitor's, with every flag on record.

The flags and their reasons were measured (lab): no webdriver flag, a plain user agent by flag because the context
option leaks in workers, Chinese by flag, a window with a real outer size, a camera label that a laptop has.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page, Playwright, async_playwright

from harness.browser.cost import Cost, Meter
from harness.browser.find import find_browser
from harness.browser.session import Screen
from harness.errors import UsageError
from harness.memory import memory_mb


@dataclass(frozen=True, slots=True)
class CameraFile:
    """A one-frame picture file that the browser takes for a camera; the name is the camera's label."""

    directory: Path
    name: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """How a visitor looks to the platform."""

    automated: bool = False
    """Visibly automated: webdriver flag and a headless user agent, for the defeat-device walks."""
    device: str = "pc"
    """pc or mobile."""
    camera: CameraFile | None = None
    denied: bool = False
    """The permission to use the camera is refused."""
    own_camera: bool = False
    """This machine's own camera, before which a living person sits. Such windows share one browser: two programs can't
    always use one camera, two windows of one browser can."""


MOBILE_UA = (
    "Mozilla/5.0 (Linux; Android 13; V2183A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{major}.0.0.0 Mobile Safari/537.36"
)
DESKTOP_UA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"


def has_display() -> bool:
    """Can a window be shown, so that the person before the camera sees what the page asks for?"""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


CONTEXTS_PER_BROWSER = 4
"""Windows without a camera that share one browser process."""
LEFT_OUT = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess", "AudioServiceOutOfProcess")
TAKEN_IN = ("RunVideoCaptureServiceInBrowserProcess", "NetworkServiceInProcess2")
"""What no page can see and what saves some 95 MB in each browser (docs/performance.md): without the address bar's own
pages and a renderer kept ready for the next site; sound (muted), the camera and the network without processes of their
own."""


def flags_for(visitor: Visitor, major: str) -> list[str]:
    """The command-line flags of a visitor's browser."""
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream" + ("=deny" if visitor.denied else ""),
        "--lang=zh-CN",
        "--accept-lang=zh-CN,zh",
        "--mute-audio",
        f"--disable-features={','.join(LEFT_OUT)}",
        f"--enable-features={','.join(TAKEN_IN)}",
    ]
    if visitor.camera is not None:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={visitor.camera.name}"]
    elif not visitor.own_camera:  # never this machine's own camera unless a person was asked before it
        flags.append("--use-fake-device-for-media-stream=device-count=0")
    if visitor.automated:
        return flags
    agent = MOBILE_UA if visitor.device == "mobile" else DESKTOP_UA
    size = "412,915" if visitor.device == "mobile" else "1366,768"
    return [
        *flags,
        "--disable-blink-features=AutomationControlled",
        f"--user-agent={agent.format(major=major)}",
        f"--window-size={size}",
        f"--screen-info={{{size.replace(',', 'x')}}}",
    ]


@dataclass
class _Running:
    browser: Browser
    visitor: Visitor
    processes: CDPSession
    windows: int = 0
    meter: Meter = field(default_factory=Meter)
    costs: list[Cost] = field(default_factory=list)


@dataclass
class BrowserPool:
    """All browsers of a run. Camera learners own one; others share, a few windows each."""

    executable: Path = field(default_factory=lambda: _must_find())
    camera_flags: tuple[str, ...] = ()
    """Flags that stand in for this machine's own camera where a test has none."""
    _running: list[_Running] = field(default_factory=list)
    _playwright: Playwright | None = None
    _manager: Any = None
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _starters: int = 0
    _flags: dict[str, None] = field(default_factory=dict)

    async def __aenter__(self) -> BrowserPool:
        self._manager = async_playwright()
        self._playwright = await self._manager.__aenter__()
        self._folder = tempfile.TemporaryDirectory(prefix="xunjian-")
        return self

    async def __aexit__(self, *error: object) -> None:
        for running in list(self._running):
            try:
                await asyncio.wait_for(running.browser.close(), 10)
            except Exception:  # a browser that is already gone is what we wanted
                continue
        await self._manager.__aexit__(*error)
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def version(self) -> str:
        """What the executable calls itself."""
        return browser_version(self.executable)

    @property
    def flags(self) -> tuple[str, ...]:
        """Every flag used so far, each once, also of browsers that are closed again."""
        return tuple(self._flags)

    async def new_screen(
        self,
        visitor: Visitor,
        *,
        base_url: str,
        authorized_hosts: frozenset[str],
        storage: dict[str, Any] | None = None,
    ) -> Screen:
        """A window in a context of its own; `storage` (of `Screen.storage`) makes it the copy of another."""
        running = await self._browser(visitor)
        try:
            page = await self._page(running, visitor, base_url, storage)
        except BaseException:
            await self._left(running)
            raise
        await self._measure(running)  # what was used so far belongs to those that were open already
        screen = Screen(
            page, base_url=base_url, authorized_hosts=authorized_hosts, on_close=lambda: self._left(running, screen)
        )
        running.costs.append(screen.cost)
        await screen.traffic.ready()
        return screen

    async def measure(self) -> None:
        """Add what every browser used since it was last looked at to the costs of its open windows."""
        for running in list(self._running):
            await self._measure(running)

    async def _measure(self, running: _Running) -> None:
        try:
            info: Any = await asyncio.wait_for(running.processes.send("SystemInfo.getProcessInfo"), 5)
        except (Error, TimeoutError):  # a browser that is gone uses nothing
            return
        processes = [(int(p["id"]), float(p["cpuTime"])) for p in info["processInfo"]]
        running.meter.split(processes, running.costs, memory_mb)

    async def _page(self, running: _Running, visitor: Visitor, base_url: str, storage: dict[str, Any] | None) -> Page:
        options: dict[str, Any] = {"accept_downloads": True}
        if storage is not None:
            options["storage_state"] = {k: v for k, v in storage.items() if k != "session_storage"}
        if visitor.device == "mobile":
            options |= {"viewport": {"width": 412, "height": 915}, "has_touch": True, "is_mobile": True}
        elif not visitor.automated:
            options["no_viewport"] = True
        context: BrowserContext = await running.browser.new_context(**options)
        if (visitor.camera is not None or visitor.own_camera) and not visitor.denied:
            await context.grant_permissions(["camera"], origin=base_url)
        page = await context.new_page()
        if storage is not None:
            await _put_session_storage(page, storage.get("session_storage"))
        return page

    async def _left(self, running: _Running, screen: Screen | None = None) -> None:
        """A window was closed; with its last one a browser goes, too: while it waits for another it takes some 130 MB.

        Not where this machine's own camera is, which the next browser might find still taken.
        """
        running.windows -= 1
        if screen is not None:
            running.costs = [cost for cost in running.costs if cost is not screen.cost]
        if running.windows == 0 and not running.visitor.own_camera and running in self._running:
            self._running.remove(running)
            await running.browser.close()

    async def _browser(self, visitor: Visitor) -> _Running:
        async with self._lock:  # one start at a time: starts side by side slow every player down
            if visitor.camera is None:
                for running in self._running:
                    room = running.windows < CONTEXTS_PER_BROWSER and running.browser.is_connected()
                    if running.visitor == visitor and room:
                        running.windows += 1
                        return running
            running = await self._launch(visitor)
            running.windows = 1
            self._running.append(running)
            return running

    async def _launch(self, visitor: Visitor) -> _Running:
        assert self._playwright is not None
        flags = flags_for(visitor, major_version(self.version))
        if visitor.own_camera:
            flags += self.camera_flags
        self._flags |= dict.fromkeys(flags)
        browser = await self._playwright.chromium.launch(
            executable_path=self._starter(visitor.camera),
            args=flags,
            headless=not (visitor.own_camera and has_display()),
            ignore_default_args=[] if visitor.automated else ["--enable-automation"],
        )
        return _Running(browser, visitor, await browser.new_browser_cdp_session())

    def _starter(self, camera: CameraFile | None) -> Path:
        """A starter that runs the browser in the camera's folder, so that its label is a bare name.

        A browser heeds the last flag of a name only, and Playwright names features too: the starter joins them.
        """
        assert self._folder is not None
        self._starters += 1
        script = Path(self._folder.name) / f"browser-{self._starters}.sh"
        script.write_text(
            STARTER.format(
                folder=shlex.quote(str(camera.directory if camera else self._folder.name)),
                browser=shlex.quote(str(self.executable.absolute())),
            )
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return script


STARTER = """#!/bin/sh
off= on=
for flag do
  shift
  case $flag in
    --disable-features=*) off="$off,${{flag#*=}}" ;;
    --enable-features=*) on="$on,${{flag#*=}}" ;;
    *) set -- "$@" "$flag" ;;
  esac
done
cd {folder} && exec {browser} "$@" "--disable-features=${{off#,}}" "--enable-features=${{on#,}}"
"""


async def _put_session_storage(page: Page, copied: dict[str, Any] | None) -> None:
    """Put copied session storage into a fresh tab, once.

    Playwright's storage state leaves it out. The origin is opened with an empty page of our own, nothing is sent;
    an init script would do it at every load, and so undo a platform's log-out.
    """
    if not copied or not copied["items"]:
        return
    await page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=""))
    await page.goto(copied["origin"])
    await page.evaluate("(items) => { for (const k in items) sessionStorage.setItem(k, items[k]); }", copied["items"])
    await page.goto("about:blank")
    await page.unroute("**/*")


def _must_find() -> Path:
    found = find_browser()
    if found is None:
        raise UsageError(
            "no browser found",
            where="XUNJIAN_BROWSER",
            got=os.environ.get("XUNJIAN_BROWSER", "not set"),
            expected="a Chromium",
            hint="Run `make setup`, or set XUNJIAN_BROWSER to a Chromium's path.",
        )
    return found


_versions: dict[Path, str] = {}


def browser_version(executable: Path) -> str:
    """`Chromium 156.0.8078.79`; empty when it doesn't say."""
    if executable not in _versions:
        try:
            said = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=30, check=False)
            _versions[executable] = said.stdout.strip()
        except (OSError, subprocess.TimeoutExpired):
            _versions[executable] = ""
    return _versions[executable]


def major_version(version: str) -> str:
    """The major version in a version string; 140 when there is none, so that a user agent can be made."""
    found = re.search(r"(\d+)\.\d+", version)
    return found.group(1) if found else "140"
