"""Starting browsers that look like an ordinary visitor's, with every flag on record.

The flags and their reasons were measured (lab): no webdriver flag, a plain user agent by flag because the context
option leaks in workers, Chinese by flag, a window with a real outer size, a camera label that a laptop has.
"""

from __future__ import annotations

import asyncio
import os
import re
import stat
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright

from harness.browser.find import find_browser
from harness.browser.session import Screen
from harness.errors import UsageError


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


MOBILE_UA = (
    "Mozilla/5.0 (Linux; Android 13; V2183A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{major}.0.0.0 Mobile Safari/537.36"
)
DESKTOP_UA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
CONTEXTS_PER_BROWSER = 4
"""Windows without a camera that share one browser process."""


def flags_for(visitor: Visitor, major: str) -> list[str]:
    """The command-line flags of a visitor's browser."""
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--lang=zh-CN",
        "--accept-lang=zh-CN,zh",
        "--mute-audio",
    ]
    if visitor.camera is not None:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={visitor.camera.name}"]
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
    flags: list[str]
    windows: int = 0


@dataclass
class BrowserPool:
    """All browsers of a run. Camera learners own one; others share, a few windows each."""

    executable: Path = field(default_factory=lambda: _must_find())
    _running: list[_Running] = field(default_factory=list)
    _playwright: Playwright | None = None
    _manager: Any = None
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __aenter__(self) -> BrowserPool:
        self._manager = async_playwright()
        self._playwright = await self._manager.__aenter__()
        self._folder = tempfile.TemporaryDirectory(prefix="xunjian-")
        return self

    async def __aexit__(self, *error: object) -> None:
        for running in self._running:
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
        """Every flag used so far, each once."""
        return tuple(dict.fromkeys(flag for running in self._running for flag in running.flags))

    async def new_screen(
        self,
        visitor: Visitor,
        *,
        base_url: str,
        authorized_hosts: frozenset[str],
        storage: dict[str, Any] | None = None,
    ) -> Screen:
        """A window in a context of its own; `storage` puts copied cookies and local storage into it."""
        running = await self._browser(visitor)
        options: dict[str, Any] = {"accept_downloads": True, "storage_state": storage}
        if visitor.device == "mobile":
            options |= {"viewport": {"width": 412, "height": 915}, "has_touch": True, "is_mobile": True}
        elif not visitor.automated:
            options["no_viewport"] = True
        context: BrowserContext = await running.browser.new_context(**options)
        if visitor.camera is not None:
            await context.grant_permissions(["camera"], origin=base_url)

        async def closed() -> None:
            running.windows -= 1
            if running.visitor.camera is not None:
                self._running.remove(running)
                await running.browser.close()

        page = await context.new_page()
        return Screen(page, base_url=base_url, authorized_hosts=authorized_hosts, on_close=closed)

    async def _browser(self, visitor: Visitor) -> _Running:
        async with self._lock:  # one start at a time: starts side by side slow every player down
            if visitor.camera is None:
                for running in self._running:
                    if running.visitor == visitor and running.windows < CONTEXTS_PER_BROWSER:
                        running.windows += 1
                        return running
            running = await self._launch(visitor)
            running.windows = 1
            self._running.append(running)
            return running

    async def _launch(self, visitor: Visitor) -> _Running:
        assert self._playwright is not None
        flags = flags_for(visitor, major_version(self.version))
        executable = self.executable if visitor.camera is None else self._inside(visitor.camera)
        browser = await self._playwright.chromium.launch(
            executable_path=executable,
            args=flags,
            ignore_default_args=[] if visitor.automated else ["--enable-automation"],
        )
        return _Running(browser, visitor, flags)

    def _inside(self, camera: CameraFile) -> Path:
        """A starter that runs the browser in the camera's folder, so that its label is a bare name."""
        assert self._folder is not None
        script = Path(self._folder.name) / f"browser-{len(self._running)}-{id(camera)}.sh"
        script.write_text(f'#!/bin/sh\ncd "{camera.directory}" && exec "{self.executable}" "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return script


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
