"""A person's presence: trusted input, a window that is put away, a camera that is pulled out."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import CDPSession, Error

from harness.browser.scripts import Scripts
from harness.browser.window import first_line
from harness.errors import StepFailed
from harness.model.observation import Input

CAMERA = (Path(__file__).with_name("camera.js")).read_text(encoding="utf-8").strip()
EMPTY_PAGE = "https://camera.invalid/"
HIDE = """(hidden) => {
  const set = (name, value) => Object.defineProperty(document, name, {configurable: true, get: () => value});
  if (hidden) { set("hidden", true); set("visibilityState", "hidden"); }
  else { delete document.hidden; delete document.visibilityState; }
  document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
}"""


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """One frame of the camera that this browser takes by itself."""

    label: str
    labels: tuple[str, ...]
    """Every camera that the browser finds."""
    picture: bytes
    """JPEG."""


class Presence(Scripts):
    """Being there, or looking elsewhere."""

    async def camera_frame(self) -> CameraSeen | None:
        """A frame of this machine's own camera, opened beside the page for a moment; None where the page may open none
        (it is not served securely). Raises StepFailed with the browser's reason.

        The page can't see it: it is done in a script world of its own; before anything is open, in another window.
        """
        if self.url != "about:blank":
            async with self._devtools("camera", "cannot be opened") as session:
                tree: Any = await session.send("Page.getFrameTree")
                world: Any = await session.send(
                    "Page.createIsolatedWorld",
                    {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "aside"},
                )
                told: Any = await session.send(
                    "Runtime.evaluate",
                    {
                        "contextId": world["executionContextId"],
                        "expression": f"({CAMERA})()",
                        "awaitPromise": True,
                        "returnByValue": True,
                    },
                )
            return _camera_seen(told.get("result", {}).get("value"), self.url)
        browser = self._page.context.browser
        if browser is None:
            return None
        context = await self._try(browser.new_context(permissions=["camera"]), "cannot be opened", "window")
        try:
            page = await context.new_page()
            await page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=""))
            await page.goto(EMPTY_PAGE)  # answered here: nothing is sent
            value = await page.evaluate(CAMERA)
        except Error as error:
            raise StepFailed("camera cannot be opened", got=first_line(error)) from error
        finally:
            await context.close()
        return _camera_seen(value, EMPTY_PAGE)

    async def give_input(self, kind: Literal["mouse", "keyboard"] = "mouse") -> Input:
        """Real, trusted input that operates nothing: a small mouse movement, or a Shift key."""
        try:
            if kind == "mouse":
                size = self._page.viewport_size or {"width": 1200, "height": 650}
                for dx in (0, 7, 15):
                    await self._page.mouse.move(size["width"] * 0.62 + dx, size["height"] * 0.42 + dx / 2)
            else:
                await self._page.keyboard.press("Shift")
        except Error as error:
            raise StepFailed("no input could be given", where=self.url, got=first_line(error)) from error
        return Input(device=kind, trusted=True)

    async def set_offline(self, offline: bool) -> None:
        """Cut the network of this window's browser, or mend it."""
        await self._try(self._page.context.set_offline(offline), "can't be cut off", "network")

    async def end_camera(self) -> None:
        """End what the page films, as a plug that is pulled does; no script is in the page.

        The browser ends it because the permission is withdrawn. Whoever asks anew is given what device there is.
        """
        async with self._devtools("camera", "cannot be ended") as session:
            target: Any = await session.send("Target.getTargetInfo")
            await session.send(
                "Browser.setPermission",
                {
                    "permission": {"name": "camera"},
                    "setting": "denied",
                    "origin": await self.evaluate("() => location.origin"),
                    "browserContextId": target["targetInfo"]["browserContextId"],
                },
            )

    async def set_hidden(self, hidden: bool) -> str:
        """Put the window away, or take it up again; says how.

        A minimized headless window really loses the focus (blur, hasFocus), but is never painted as hidden:
        `document.hidden` and its event are told by script.
        """
        async with self._devtools("window", "cannot be put away") as session:
            await session.send("Emulation.setFocusEmulationEnabled", {"enabled": not hidden})
            window: Any = await session.send("Browser.getWindowForTarget")
            state = {"windowState": "minimized" if hidden else "normal"}
            await session.send("Browser.setWindowBounds", {"windowId": window["windowId"], "bounds": state})
        await self.evaluate_everywhere(HIDE, hidden)
        if hidden:
            return "minimized, focus really lost; document.hidden by script"
        return "taken up again"

    @asynccontextmanager
    async def _devtools(self, what: str, failed: str) -> AsyncIterator[CDPSession]:
        """Tell the browser itself; what it refuses is a StepFailed."""
        session = await self._try(self._page.context.new_cdp_session(self._page), failed, what)
        try:
            yield session
        except Error as error:
            raise StepFailed(f"{what} {failed}", where=self.url, got=first_line(error)) from error
        finally:
            await session.detach()


def _camera_seen(value: Any, where: str) -> CameraSeen | None:
    if value is None:
        return None
    if "error" in value:
        raise StepFailed("camera cannot be opened", where=where, got=value["error"])
    return CameraSeen(value["label"], tuple(value["labels"]), base64.b64decode(value["picture"].partition(",")[2]))
